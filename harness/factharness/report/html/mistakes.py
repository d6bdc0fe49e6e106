"""The part "Mistakes": every mistake as a line of a concordance, with filters.

It reads the data of :mod:`factharness.report.html.articles`; nothing is embedded twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from factharness.escape import visible
from factharness.report.html.articles import drawn
from factharness.report.html.page import Part
from factharness.report.html.sides import Side


def part(sides: Sequence[Side], *, difference: bool = False) -> Part:
    """The part of the page; in that of a difference it lists only the facts that differ."""
    context = {
        "backends": [visible(side.name) for side in sides],
        "drawn": drawn(sides),
        "difference": difference,
    }
    title = "Changes" if difference else "Mistakes"
    return Part(
        "mistakes",
        title,
        context,
        own=(
            "facts.js",
            "arrows.js",
            "copy.js",
            "view.js",
            "concordance.js",
            "review.js",
            "chosen_slice.js",
        ),
    )
