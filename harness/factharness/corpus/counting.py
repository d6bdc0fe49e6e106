"""Counts the articles of parts in a thread, while they are worked on, so that the work need not wait."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from factharness.corpus import cut
from factharness.errors import HarnessError


class ArticleCounter:
    """The number of entries of some parts; ``total`` is None while it is not known, or cannot be."""

    def __init__(self, parts: Iterable[cut.InputPart]) -> None:
        self.total: int | None = None
        self._parts = [*parts]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._count, daemon=True)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count during the block; at its end, counting ends after at most one more part."""
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()

    def _count(self) -> None:
        total = 0
        for part in self._parts:
            if self._over.is_set():
                return
            try:
                total += cut.count(part)
            except (OSError, HarnessError):
                return  # whoever works on the part says what is wrong with it
        self.total = total
