"""Computes where things stand in the charts of the page: scales, intervals, precision against recall.

Everything here is numbers and names; the templates draw them. Charts in a table row use percentages of the
row's width, so that they stretch with it; a panel uses the units of its ``viewBox``.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from factharness.report.html.numerals import MINUS, number_word


class Tick(Struct, frozen=True):
    """A marked value of a scale: its text, and its place in percent of the width."""

    text: str
    at: float


class Scale(Struct, frozen=True):
    """A piece of an axis, from ``low`` to ``high``, marked every ``step``."""

    low: float
    high: float
    step: float
    signed: bool = False

    def at(self, value: float) -> float:
        """The place of a value, in percent; a value outside stands at the end it is nearest to."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(1.0, max(0.0, share)), 2)

    @property
    def ticks(self) -> list[Tick]:
        """The marked values, from the left."""
        first = math.ceil(round(self.low / self.step, 6))
        last = math.floor(round(self.high / self.step, 6))
        values = [number * self.step for number in range(first, last + 1)]
        return [Tick(self._text(value), self.at(value)) for value in values]

    def _text(self, value: float) -> str:
        digits = max(0, -math.floor(math.log10(self.step)))
        zero = abs(value) < self.step / 2
        sign = "+" if self.signed and not zero else ""
        return f"{0.0 if zero else value:{sign}.{digits}f}".replace("-", MINUS)


def score_scale(values: Iterable[float | None]) -> Scale:
    """A scale up to 1 that holds all scores; it begins at a multiple of 0.2."""
    least = min((value for value in values if value is not None), default=0.0)
    low = min(0.8, math.floor(round(max(0.0, least) * 5, 6)) / 5)
    return Scale(low, 1.0, 0.2 if low < 0.6 else 0.1)


def difference_scale(values: Iterable[float | None]) -> Scale:
    """A scale with zero that holds all differences, with at most six marks."""
    known = [0.0, *(value for value in values if value is not None)]
    low, high = min(known), max(known)
    if high - low < 0.01:
        low, high = low - 0.01, high + 0.01
    margin = (high - low) * 0.03
    step = next(
        (step for step in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2) if (high - low) / step <= 5), 0.5
    )
    return Scale(low - margin, high + margin, step, signed=True)


def seconds_scale(longest: float) -> Scale:
    """A scale from 0 that holds a time, with at most six marks; at least a tenth of a second long."""
    longest = max(longest, 0.1)
    size = 10.0 ** math.floor(math.log10(longest))
    step = next(size * part for part in (0.2, 0.5, 1, 2) if longest / (size * part) <= 5)
    return Scale(0.0, longest, step)


class Mark(Struct, frozen=True):
    """A point with its interval on a scale, in percent; ``band`` is drawn behind it."""

    at: float
    low: float | None = None
    high: float | None = None
    band: tuple[float, float] | None = None


def marked(
    scale: Scale,
    value: float | None,
    low: float | None,
    high: float | None,
    band: float | None = None,
) -> Mark | None:
    """A value and its interval on a scale; None where the value is undefined. ``band`` reaches from minus to
    plus itself."""
    if value is None:
        return None
    around = None if band is None else (scale.at(-band), scale.at(band))
    if low is None or high is None:
        return Mark(scale.at(value), band=around)
    return Mark(scale.at(value), scale.at(low), scale.at(high), around)


# The panel of precision against recall, in the units of its viewBox.
WIDTH, HEIGHT = 286, 262
LEFT, TOP, RIGHT, BOTTOM = 46, 8, 246, 222
POINT = 4.0
LETTER = 6.6
LINE = 14.0
NEAR = 5.0
"""Points no further apart than this are drawn over each other, and share a name."""
LONGEST = 24
"""Letters of a name that are shown."""

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Label(Struct, frozen=True):
    """Words beside a point: the box that they may fill, and whether a line leads to the point."""

    text: str
    x: float
    y: float
    width: float
    leader: bool = False

    @property
    def baseline(self) -> float:
        """Where the letters stand."""
        return round(self.y + LINE - 3.5, 1)


class Point(Struct, frozen=True):
    """One or more back ends at the same place. ``label`` is None where there is no room for it."""

    x: float
    y: float
    names: tuple[str, ...]
    label: Label | None


class Line(Struct, frozen=True):
    """A line along which F1 is the same: its path, its name, and where the name stands."""

    path: str
    text: str
    y: float


class Points(Struct, frozen=True):
    """What stands in a panel, whatever its axes are."""

    points: tuple[Point, ...]

    @property
    def unnamed(self) -> list[str]:
        """The back ends whose point has no name for lack of room."""
        return [name for point in self.points if point.label is None for name in point.names]


class Panel(Points, frozen=True):
    """Precision against recall of one kind."""

    lines: tuple[Line, ...]
    ticks: tuple[tuple[str, float, float], ...]
    """The text of a mark, its x on the axis below and its y on the axis at the left."""


def panel(scores: Sequence[tuple[str, float, float]], low: float) -> Panel:
    """The panel of back ends with their precision and recall; axes go from ``low`` to 1."""
    scale = Scale(low, 1.0, 0.2)
    placed = [(name, _x(scale, recall), _y(scale, precision)) for name, precision, recall in scores]
    return Panel(
        tuple(_named(_together(placed), len(scores))),
        tuple(_f1_lines(scale)),
        tuple(
            (tick.text, _x(scale, value), _y(scale, value))
            for tick in scale.ticks
            for value in [scale.low + tick.at / 100 * (scale.high - scale.low)]
        ),
    )


class CostPanel(Points, frozen=True):
    """F1 of one kind against the seconds of an article, which stand on a logarithmic axis."""

    across: tuple[tuple[str, float], ...]
    """The text of a mark of the axis of seconds, and its x."""
    up: tuple[tuple[str, float], ...]
    """The text of a mark of the axis of F1, and its y."""


def cost_panel(scores: Sequence[tuple[str, float, float]], low: float) -> CostPanel:
    """The panel of back ends with their seconds of an article and their F1, which goes from ``low``."""
    f1 = Scale(low, 1.0, 0.2)
    tens = [math.log10(seconds) for _, seconds, _ in scores]
    first, last = math.floor(min(tens)), math.ceil(max(tens))
    decades = Scale(first, max(last, first + 1), 1)
    placed = [
        (name, _x(decades, math.log10(seconds)), _y(f1, value)) for name, seconds, value in scores
    ]
    return CostPanel(
        tuple(_named(_together(placed), len(scores))),
        tuple(
            (f"{10.0**ten:g}", _x(decades, ten)) for ten in range(first, round(decades.high) + 1)
        ),
        tuple((tick.text, round(BOTTOM - tick.at / 100 * (BOTTOM - TOP), 1)) for tick in f1.ticks),
    )


def panel_low(values: Iterable[float]) -> float:
    """Where the axes of all panels begin: at 0.3, or lower where a value is."""
    least = min(values, default=1.0)
    return min(0.3, max(0.0, math.floor(round(least * 10, 6)) / 10))


def _x(scale: Scale, recall: float) -> float:
    return round(LEFT + scale.at(recall) / 100 * (RIGHT - LEFT), 1)


def _y(scale: Scale, precision: float) -> float:
    return round(BOTTOM - scale.at(precision) / 100 * (BOTTOM - TOP), 1)


def _f1_lines(scale: Scale) -> Iterator[Line]:
    """The lines for 0.1 to 0.9 whose right end, where recall is 1, is in the panel."""
    for tenth in range(1, 10):
        f1 = tenth / 10
        end = f1 / (2 - f1)
        if end < scale.low:
            continue
        # Precision as a function of recall, from where it is 1; it falls fastest there.
        recalls = [end + (1 - end) * (step / 24) ** 2 for step in range(25)]
        points = [
            f"{_x(scale, recall)},{_y(scale, f1 * recall / (2 * recall - f1))}"
            for recall in recalls
        ]
        yield Line(f"M{' '.join(points)}", f".{tenth}", _y(scale, end))


def _together(
    placed: Sequence[tuple[str, float, float]],
) -> list[tuple[list[str], float, float]]:
    """Back ends whose points would cover each other, at the place of the first of them."""
    groups: list[tuple[list[str], float, float]] = []
    for name, x, y in placed:
        for names, x0, y0 in groups:
            if math.hypot(x - x0, y - y0) <= NEAR:
                names.append(name)
                break
        else:
            groups.append(([name], x, y))
    return groups


def _named(groups: Sequence[tuple[list[str], float, float]], everyone: int) -> Iterator[Point]:
    """The points with their labels, each put where it covers no point and no other label."""
    boxes = [(x - POINT, y - POINT, x + POINT, y + POINT) for _, x, y in groups]
    for names, x, y in groups:
        text = joined(names, everyone)
        label = _free(text, x, y, boxes)
        if label is not None:
            boxes.append((label.x, label.y, label.x + label.width, label.y + LINE))
        yield Point(x, y, tuple(names), label)


def _free(text: str, x: float, y: float, boxes: Sequence[Box]) -> Label | None:
    """The nearest free place for a label: right, left, above or below, then further up and down."""
    width = width_of(text)
    middle = y - LINE / 2
    beside = (x + 8, x - 8 - width, x - width / 2)
    near = [(beside[0], middle), (beside[1], middle), (beside[2], middle - 14), (beside[2], y + 6)]
    far = [
        (left, middle + sign * distance)
        for distance in range(7, HEIGHT, 7)
        for sign in (1, -1)
        for left in beside
    ]
    for left, top in near + far:
        left, top = round(left, 1), round(top, 1)
        box = (left, top, left + width, top + LINE)
        inside = left >= LEFT + 1 and top >= 0 and box[2] <= RIGHT and box[3] <= BOTTOM
        if inside and not any(_overlap(box, other) for other in boxes):
            return Label(text, left, top, width, abs(top - middle) > LINE + 7)
    return None


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def joined(names: Sequence[str], everyone: int) -> str:
    """The names of back ends that share a point, cut to :data:`LONGEST` letters."""
    if len(names) == everyone > 2:
        return f"all {number_word(everyone)}"
    text = ", ".join(names)
    if len(text) <= LONGEST:
        return text
    if len(names) == 1:
        return f"{text[: LONGEST - 1]}…"
    first = names[0] if len(names[0]) <= LONGEST - 9 else f"{names[0][: LONGEST - 10]}…"
    return f"{first} and {len(names) - 1} more"


def width_of(text: str) -> float:
    """About how wide a text of 12 units is; letters of wide scripts count twice."""
    letters = sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)
    return round(letters * LETTER, 1)
