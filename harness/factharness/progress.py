"""Shows how far a run is: draws a progress bar per back end, on a terminal or in a notebook."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from factharness.backends.printed import raw

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress, TaskID

    from factharness.facts import Prediction


class Bars:
    """A listener that draws a bar per back end, and hands warnings to ``warn``.

    Rich chooses how: on a terminal in place, in a notebook as output of the cell. Without ``show`` nothing is
    drawn; warnings are handed on in any case.
    """

    def __init__(self, show: bool, warn: Callable[[str], None]) -> None:
        self._show, self._warn = show, warn
        self._bars: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Bars:
        if self._show:
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
            )

            self._bars = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=Console(file=raw(sys.stderr)),
                transient=True,
            )
            self._bars.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def started(self, backend: str, articles: int) -> None:
        """A back end is about to read that many articles."""
        if self._bars is not None:
            self._task = self._bars.add_task(backend, total=articles)

    def predicted(self, _prediction: Prediction) -> None:
        """One more article is done."""
        if self._bars is not None and self._task is not None:
            self._bars.advance(self._task)

    def finished(self) -> None:
        """The back end has finished."""
        self._task = None

    def warned(self, message: str) -> None:
        """Hand a warning for the user on; the run goes on."""
        self._warn(message)
