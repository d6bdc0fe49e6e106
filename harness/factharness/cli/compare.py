"""``factharness compare``: two runs, or two back ends of one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factharness.cli.output import print_json
from factharness.errors import HarnessError, Incomparable, unknown

if TYPE_CHECKING:
    from factharness.facts import Kind
    from factharness.report.table import Table
    from factharness.runs.record import BackendOnSet, MatchRecord, Run
    from factharness.score.comparison import ComparedRow, Flip
    from factharness.score.stats import Metric

# What is compared besides the regimes of the suite.
_ALSO: dict[Kind, tuple[str, ...]] = {"entity": (), "date": ("value",), "quote": ("joint",)}
_SIGNS = {"gained": "+", "lost": "-", "wrong": "!", "mended": "~"}


@click.command()
@click.argument("base", metavar="BASE")
@click.argument("head", metavar="HEAD")
@click.option("--flips", is_flag=True, help="Also list the facts that only one side has right.")
@click.option("--regime", "regimes", multiple=True, metavar="R", help="Only this regime.")
@click.option("--labels", is_flag=True, help="A line per label as well.")
@click.option(
    "--metric",
    type=click.Choice(["f1", "precision", "recall"]),
    default="f1",
    show_default=True,
    help="What is compared.",
)
@click.option(
    "--draws",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    metavar="N",
    help="Draws of the interval and of the test.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="The seed of the draws.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def compare(
    base: str,
    head: str,
    flips: bool,
    regimes: tuple[str, ...],
    labels: bool,
    metric: Metric,
    draws: int,
    seed: int,
    as_json: bool,
) -> None:
    """Compare HEAD with BASE: each is a run directory, or one of its back ends as RUN:NAME.

    Without names, every back end that both runs have is compared with itself. Differences are HEAD minus BASE
    on the articles that both scored. Exit code 4 when the two were not measured alike.
    """
    from factharness.score.comparison import compare_counts

    pairs = list(_pairs(*_side(base), *_side(head)))
    found: list[tuple[_Pair, list[ComparedRow], list[Flip]]] = []
    for pair in pairs:
        rows = compare_counts(
            pair.counts(0),
            pair.counts(1),
            regimes=pair.regimes(regimes),
            labels=None if labels else ("*",),
            metric=metric,
            draws=draws,
            seed=seed,
        )
        if not rows:
            _nothing_in_common(pair, regimes)
        found.append((pair, rows, pair.flips(regimes) if flips else []))
    if as_json:
        _print_json(found)
        return
    from factharness.report.text import render

    click.echo(render(_table(pair, rows, flipped, metric) for pair, rows, flipped in found))
    for pair, _, flipped in found:
        for flip in flipped:
            click.echo(pair.line(flip))


class _Pair:
    """One back end of each side on a gold set both were measured on."""

    def __init__(self, goldset: str, sides: tuple[tuple[Run, str], tuple[Run, str]]) -> None:
        self.goldset, self.sides = goldset, sides
        self._records: list[dict[int, MatchRecord]] = [{}, {}]

    @property
    def title(self) -> str:
        names = [
            f"{name} of {run.manifest.id}"
            if self.sides[0][0].path != self.sides[1][0].path
            else name
            for run, name in self.sides
        ]
        return f"{names[1]} against {names[0]}, on {self.goldset}"

    def counts(self, side: int) -> Iterator[Any]:
        run, name = self.sides[side]
        for record in run.counts():
            if (record.goldset, record.backend) == (self.goldset, name):
                yield record.row

    def regimes(self, asked: Sequence[str]) -> list[str]:
        """The regimes to compare, under all names a kind may store them by."""
        from factharness.facts import KINDS
        from factharness.runs.record import stored_regime

        names = asked or [*self.sides[1][0].manifest.regimes, *(r for k in KINDS for r in _ALSO[k])]
        return [stored_regime(kind, name) for name in names for kind in KINDS]

    def flips(self, asked: Sequence[str]) -> list[Flip]:
        """What flipped under the first regime asked for, or the suite's first."""
        from factharness.facts import KINDS
        from factharness.runs.record import stored_regime
        from factharness.score.comparison import flips

        first = asked[0] if asked else self.sides[1][0].manifest.regimes[0]
        self._records = [
            {
                id(record.match): record
                for record in run.matches()
                if (record.goldset, record.backend) == (self.goldset, name)
            }
            for run, name in self.sides
        ]
        said = [
            [(r.match, (r.pred.label, r.pred.spans) if r.pred else None) for r in records.values()]
            for records in self._records
        ]
        return flips(said[0], said[1], regimes={kind: stored_regime(kind, first) for kind in KINDS})

    def line(self, flip: Flip) -> str:
        """A flip with its words."""
        side = 1 if flip.change in ("gained", "wrong") else 0
        record = self._records[side][id(flip.match)]
        shown = record.gold if flip.change in ("gained", "lost") else record.pred
        shown = shown or record.gold or record.pred
        assert shown is not None
        place = f"{flip.match.article}:{shown.line}" if shown.line else flip.match.article
        return f"{_SIGNS[flip.change]} {flip.match.kind} {shown.label} {shown.words!r} ({place})"


def _side(argument: str) -> tuple[Run, str | None]:
    """A run, and the back end named with it."""
    from factharness.runs.record import load

    path, colon, name = argument.rpartition(":")
    if not colon or Path(argument).exists():
        return load(Path(argument)), None
    run = load(Path(path))
    known = [backend.name for backend in run.manifest.backends]
    if name not in known:
        message, remedy = unknown("back end", name, known)
        raise HarnessError(message, file=path, remedy=remedy)
    return run, name


def _pairs(base: Run, base_name: str | None, head: Run, head_name: str | None) -> Iterator[_Pair]:
    """Every pair to compare. Raises :class:`Incomparable` where two were not measured alike."""
    measured = [
        {(one.goldset, one.backend): one for one in run.scores.backends} for run in (base, head)
    ]
    if base_name or head_name:
        names = [(base_name or head_name or "", head_name or base_name or "")]
    else:
        names = [(name, name) for name in dict.fromkeys(backend for _, backend in measured[0])]
    made = 0
    for goldset in dict.fromkeys(goldset for goldset, _ in measured[0]):
        for first, second in names:
            ours, theirs = measured[0].get((goldset, first)), measured[1].get((goldset, second))
            if ours and theirs:
                _alike(ours, theirs)
                made += 1
                yield _Pair(goldset, ((base, first), (head, second)))
    if not made:
        sides = [sorted({"/".join(key) for key in side}) for side in measured]
        raise Incomparable(
            f"the two have nothing in common: {', '.join(sides[0])} against {', '.join(sides[1])}",
            remedy="name the back ends, as RUN:NAME",
        )


def _alike(base: BackendOnSet, head: BackendOnSet) -> None:
    """Refuse numbers that were not measured alike; two back ends may each have a label map of their own."""
    differing = [
        line
        for line in base.signature.differences(head.signature)
        if base.backend == head.backend or not line.startswith("map: ")
    ]
    if differing:
        raise Incomparable(
            f"{head.backend} on {head.goldset} was measured otherwise: {'; '.join(differing)}",
            remedy="run both on the same gold with the same settings",
        )


def _nothing_in_common(pair: _Pair, regimes: Sequence[str]) -> None:
    stored = [sorted({row.regime for row in pair.counts(side)}) for side in (0, 1)]
    raise Incomparable(
        f"{pair.title}: no regime of {', '.join(pair.regimes(regimes))} is on both sides "
        f"({', '.join(stored[0])} against {', '.join(stored[1])}), or no article",
        remedy="score both runs under the same regimes",
    )


def _table(pair: _Pair, rows: Sequence[ComparedRow], flipped: Sequence[Flip], metric: str) -> Table:
    from factharness.report.table import UNDEFINED, Column, Table, score

    def signed(value: float | None) -> str:
        return UNDEFINED if value is None else f"{value:+.3f}"

    cells = []
    for row in rows:
        d = row.difference
        cells.append(
            (
                row.kind,
                row.label,
                row.regime,
                str(d.articles),
                score(d.first),
                score(d.second),
                signed(d.difference),
                UNDEFINED if d.low is None else f"{signed(d.low)} – {signed(d.high)}",
                f"{d.p:.4f}",
                f"{row.adjusted:.4f}",
                f"{d.wins}/{d.ties}/{d.losses}",
                UNDEFINED if d.detectable is None else f"± {d.detectable:.3f}",
            )
        )
    left = [Column(name, "left") for name in ("kind", "label", "regime")]
    names = ["articles", f"base {metric}", f"head {metric}", "difference", "95 %", "p", "p (Holm)"]
    columns = [*left, *map(Column, [*names, "W/T/L", "detectable"])]
    return Table(pair.title, tuple(columns), tuple(cells), tuple(_notes(pair, rows, flipped)))


def _notes(pair: _Pair, rows: Sequence[ComparedRow], flipped: Sequence[Flip]) -> Iterator[str]:
    from factharness.score.stats import FEW_ARTICLES

    first = rows[0].difference
    if min(row.difference.articles for row in rows) < FEW_ARTICLES:
        yield f"Fewer than {FEW_ARTICLES} articles: only large differences can be told apart."
    methods = {row.difference.method for row in rows}
    yield (
        f"p: paired {' and '.join(sorted(methods))} over articles; intervals: paired bootstrap, "
        f"{first.draws} draws, seed {first.seed}; detectable: with 80 % power at 5 %."
    )
    maps = [
        next(one.map for one in run.manifest.backends if one.name == name)
        for run, name in pair.sides
    ]
    if maps[0] != maps[1]:
        yield f"Label maps: base {maps[0]}, head {maps[1]}."
    if flipped:
        times = Counter(flip.change for flip in flipped)
        yield (
            f"Flips: + {times['gained']} gained, - {times['lost']} lost, "
            f"! {times['wrong']} newly wrong, ~ {times['mended']} no longer wrong."
        )


def _print_json(found: Sequence[tuple[_Pair, list[ComparedRow], list[Flip]]]) -> None:
    data = [
        {
            "goldset": pair.goldset,
            "base": pair.sides[0][1],
            "head": pair.sides[1][1],
            "rows": rows,
            "flips": [
                {"change": f.change, "match": f.match, "line": pair.line(f)} for f in flipped
            ],
        }
        for pair, rows, flipped in found
    ]
    print_json(data)
