"""A back end of this project as a function from a text to records of dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any


def reading(backend: Any) -> Callable[[str, str], list[dict[str, Any]]]:
    import msgspec

    from factharness.facts import Article

    def read(text: str, published: str) -> list[dict[str, Any]]:
        (said,) = backend.extract([Article("a", text, date.fromisoformat(published))])
        if isinstance(said, Exception):
            raise said
        return [msgspec.to_builtins(fact) for fact in said]

    return read
