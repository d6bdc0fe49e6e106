"""The part "Mistakes": every mistake as a line of a concordance, with filters.

It reads the data of :mod:`factharness.report.html.articles`; nothing is embedded twice.
"""

from __future__ import annotations

from factharness.escape import visible
from factharness.report.html.articles import sides
from factharness.report.html.page import Part
from factharness.runs.record import Run


def part(run: Run) -> Part:
    """The part of the page."""
    names = [visible(side.name) for side in sides(run)]
    return Part("mistakes", "Mistakes", {"backends": names, "drawn": run.manifest.format > 1})
