"""dateparser's search, as the back end `dateparser` of this project reads it: its spans without articles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dates_peers.own import reading

PACKAGES = (f"{Path(__file__).resolve().parents[2]}[dateparser]",)
PACKAGE = "dateparser"
LICENCE = "BSD-3-Clause"


def reader() -> Callable[[str, str], list[dict[str, Any]]]:
    from fact_extractors.dateparser_dates import build

    return reading(build())
