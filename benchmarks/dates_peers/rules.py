"""The rules of this project."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dates_peers.own import reading

PACKAGES: tuple[str, ...] = ()
PACKAGE = "factharness"
LICENCE = "Apache-2.0"


def reader() -> Callable[[str, str], list[dict[str, Any]]]:
    from fact_extractors.rules import build

    return reading(build(kinds=["date"]))
