"""A picture of the trend over runs: an SVG with a panel per kind of facts and a line per back end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from factharness.escape import markup
from factharness.facts import KINDS
from factharness.report.history import Series, Trend, Values

# People who do not see red or green can tell these colours apart, too (Okabe & Ito 2008).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")

WIDTH, HEIGHT = 320, 180
LEFT, RIGHT, TOP, BOTTOM = 34, 160, 26, 30
HEADING = 34

Point = tuple[float, float]


def svg(trends: Sequence[Trend]) -> str:
    """A row of panels per trend; the y axis is F1 from 0 to 1, the x axis the runs, oldest first."""
    across = max((len(_kinds(trend)) for trend in trends), default=1)
    width = across * (LEFT + WIDTH + RIGHT)
    height = max(1, len(trends)) * (HEADING + TOP + HEIGHT + BOTTOM)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for row, trend in enumerate(trends):
        top = row * (HEADING + TOP + HEIGHT + BOTTOM)
        parts.append(_text(LEFT, top + 20, trend.title, 'font-size="14" font-weight="bold"'))
        for column, kind in enumerate(_kinds(trend)):
            series = [one for one in trend.series if one.kind == kind]
            left = column * (LEFT + WIDTH + RIGHT) + LEFT
            parts += _panel(trend, kind, series, left, top + HEADING + TOP)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _kinds(trend: Trend) -> list[str]:
    return [kind for kind in KINDS if any(series.kind == kind for series in trend.series)]


def _panel(
    trend: Trend, kind: str, series: Sequence[Series], left: float, top: float
) -> Iterator[str]:
    yield _text(left, top - 8, kind, 'font-weight="bold"')
    for tenth in (0, 5, 10):
        y = top + HEIGHT * (1 - tenth / 10)
        yield f'<path d="M{left} {y:g}h{WIDTH}" stroke="#ddd"/>'
        yield _text(left - 6, y + 4, f"{tenth / 10:.1f}", 'text-anchor="end" fill="#555"')
    first, last = trend.runs[0].manifest.started, trend.runs[-1].manifest.started
    yield _text(left, top + HEIGHT + 16, first[:10], 'fill="#555"')
    if len(trend.runs) > 1:
        yield _text(left + WIDTH, top + HEIGHT + 16, last[:10], 'text-anchor="end" fill="#555"')
    ends = []
    names = sorted({one.backend for one in trend.series})
    for one in series:
        colour = COLOURS[names.index(one.backend) % len(COLOURS)]  # the same in every panel
        for stretch in _stretches(one.values, left, top):
            yield _line(stretch, colour)
        known = [value for value in one.values if value is not None]
        if known:
            ends.append((top + HEIGHT * (1 - known[-1]), f"{one.backend} {known[-1]:.3f}", colour))
    for y, words, colour in _apart(ends):
        yield _text(left + WIDTH + 8, y + 4, words, f'fill="{colour}"')


def _stretches(values: Values, left: float, top: float) -> Iterator[list[Point]]:
    """The points of each unbroken stretch of runs: a run without a value leaves a gap."""
    step = WIDTH / max(1, len(values) - 1)
    stretch: list[Point] = []
    for number, value in enumerate(values):
        if value is None:
            if stretch:
                yield stretch
            stretch = []
        else:
            stretch.append((left + number * step, top + HEIGHT * (1 - value)))
    if stretch:
        yield stretch


def _line(points: Sequence[Point], colour: str) -> str:
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in points)
    return (
        f'<g fill="{colour}"><polyline points="{joined}" fill="none" stroke="{colour}" '
        f'stroke-width="1.5"/>{dots}</g>'
    )


def _apart(ends: Sequence[tuple[float, str, str]]) -> Iterator[tuple[float, str, str]]:
    """The words at the ends of the lines, from top to bottom, none on top of another."""
    free = float("-inf")
    for y, words, colour in sorted(ends):
        free = max(y, free)
        yield free, words, colour
        free += 12


def _text(x: float, y: float, words: str, more: str) -> str:
    return f'<text x="{x:g}" y="{y:.1f}" {more}>{markup(words)}</text>'
