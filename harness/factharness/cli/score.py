"""``factharness score``: scores a stored run under other regimes, or predictions against gold in two files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factharness import __version__
from factharness.cli.output import print_json
from factharness.errors import HarnessError, Inconclusive, ScoreError, SuiteError, unknown

if TYPE_CHECKING:
    from factharness.facts import Kind
    from factharness.report.table import Table
    from factharness.runs.record import Run
    from factharness.score.stats import Interval
    from factharness.score.stream import Totals
    from factharness.score.tally import Tally

NAMED = 10
"""How many articles of a gold set that are not scored are named."""

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("run", required=False, type=click.Path(path_type=Path))
@click.option("--gold", metavar="G", help="A gold set's folder or name, or a file of gold records.")
@click.option("--pred", type=_FILE, metavar="P.jsonl", help="Predicted records, one per line.")
@click.option(
    "--regime", "regimes", multiple=True, metavar="R", help="A regime, such as strict or iou@0.5."
)
@click.option("--map", "map_name", metavar="NAME", help="The label map of the predictions.")
@click.option(
    "--draws",
    type=click.IntRange(0),
    default=10_000,
    show_default=True,
    metavar="N",
    help="Bootstrap draws per interval; 0: no intervals.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="The seed of the draws.")
@click.option(
    "--ensembles", is_flag=True, help="Of a RUN: vote, union, first, intersection and oracle too."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def score(
    run: Path | None,
    gold: str | None,
    pred: Path | None,
    regimes: tuple[str, ...],
    map_name: str | None,
    draws: int,
    seed: int,
    ensembles: bool,
    as_json: bool,
) -> None:
    """Score predictions against gold: those of a stored RUN, or of a file against a gold set or another file.

    A line of a file is one article: {"id": "a", "spans": [[0, 5, "PER"]]}, or {"id": "a", "facts": [...]} with
    facts as in a run's predictions. What extract wrote is read in each of its forms, also a folder of parts.
    Files are streamed, so they may be of any length.
    """
    if run is not None:
        if gold or pred or map_name:
            raise SuiteError(
                "a run has its gold and predictions", remedy="give RUN alone, or files"
            )
        from factharness.runs.rescore import rescored

        again = rescored(run, regimes, ensembles=ensembles, draws=draws, seed=seed)
        _print_run(again, as_json)
        return
    if gold is None or pred is None:
        raise SuiteError("nothing to score", remedy="give a RUN, or --gold and --pred")
    from factharness.labels import MAPS
    from factharness.runs.gold_records import GoldRecords, gold_place
    from factharness.score.records import paired
    from factharness.score.stream import score_records

    if map_name is not None and map_name not in MAPS:
        message, remedy = unknown("label map", map_name, MAPS)
        raise SuiteError(message, remedy=remedy)
    place = gold_place(gold)
    sides = GoldRecords(place) if place else _RecordFile(Path(gold)), _RecordFile(pred)
    totals = score_records(
        paired(sides[0].lines, sides[1].lines, gold, str(pred)),
        regimes=regimes or ("strict", "partial"),
        label_map=MAPS[map_name] if map_name else None,
        own=not regimes,
    )
    if isinstance(sides[0], GoldRecords):
        for left_out in sides[0].left_out[:NAMED]:
            click.echo(f"{left_out.path}: {left_out.reason}; {left_out.remedy}", err=True)
        if len(sides[0].left_out) > NAMED:
            click.echo(f"… and {len(sides[0].left_out) - NAMED} more", err=True)
    if not totals.articles:
        raise Inconclusive(
            "nothing was scored", remedy="every prediction is an error, or there is none"
        )
    signature = {
        "gold": str(sides[0]),
        "pred": str(sides[1]),
        "regime": ",".join(dict.fromkeys(regime for _, regime in totals.by)),
        "map": map_name or "none",
        "match": "opt",
        "draws": draws,
        "seed": seed,
        "v": __version__,
    }
    if as_json:
        print_json({"signature": signature, **_as_data(totals, draws, seed)})
        return
    from factharness.report.text import render

    click.echo(render([_table(totals, draws, seed)]))
    click.echo("\n" + "|".join(f"{key}:{value}" for key, value in signature.items()))


class _RecordFile:
    """A file of records, known in a signature as ``g.jsonl#7c1e09``: its path and a digest of its lines.

    It may be of any form that ``factharness extract`` writes, or a folder of parts.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._read = path, hashlib.sha256()

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield the numbered lines. The digest is computed on the way: a pipe cannot be read a second time."""
        from factharness.extracted.reading import stored

        self._read = hashlib.sha256()
        try:
            for line in stored(self._path):
                self._read.update(line.data)
                yield line.number, line.data
        except HarnessError as error:
            raise ScoreError(
                error.message, file=error.file, line=error.line, remedy=error.remedy
            ) from None

    def __str__(self) -> str:
        return f"{self._path}#{self._read.hexdigest()[:6]}"


def _rows(totals: Totals) -> Iterator[tuple[Kind, str, str, Tally]]:
    for (kind, regime), total in totals.by.items():
        yield kind, "*", regime, total.tally
        for label in sorted(total.per_label):
            yield kind, label, regime, total.per_label[label]


def _interval(totals: Totals, kind: Kind, regime: str, draws: int, seed: int) -> Interval | None:
    from factharness.score.stats import interval

    return interval(totals.by[kind, regime].counts(), draws=draws, seed=seed) if draws else None


def _table(totals: Totals, draws: int, seed: int) -> Table:
    from factharness.report.table import Table, TextColumn
    from factharness.runs.tables.cells import UNDEFINED, count
    from factharness.runs.tables.cells import score as shown

    rows = []
    for kind, label, regime, tally in _rows(totals):
        found = _interval(totals, kind, regime, draws, seed) if label == "*" else None
        between = f"{found.low:.3f}–{found.high:.3f}" if found else UNDEFINED
        rows.append(
            (
                kind,
                label,
                regime,
                count(tally.possible),
                count(tally.actual),
                count(tally.tp),
                shown(tally.precision),
                shown(tally.recall),
                shown(tally.f1),
                between if label == "*" else "",
            )
        )
    names = ("gold", "pred", "tp", "P", "R", "F1", "95 %")
    columns = [TextColumn(name, "left") for name in ("kind", "label", "regime")]
    return Table(
        f"{totals.articles} articles",
        (*columns, *(TextColumn(name) for name in names)),
        tuple(rows),
        tuple(_notes(totals)),
    )


def _notes(totals: Totals) -> Iterator[str]:
    from factharness.runs.tables.notes import few_articles
    from factharness.score.counts import FEW_ARTICLES
    from factharness.score.stats import detectable

    seen: set[Kind] = set()
    for (kind, regime), total in totals.by.items():
        least = None if kind in seen else detectable(total.counts())
        seen.add(kind)
        if least is not None and totals.articles >= FEW_ARTICLES:
            yield (
                f"This set can tell apart differences of about ± {least:.3f} in {kind} {regime} F1 "
                "(two back ends that err apart, 80 % power at 5 %)."
            )
    yield from few_articles(totals.articles)
    if totals.errors:
        yield f"{len(totals.errors)} articles are errors and not scored: {_some(totals.errors)}"
    if totals.duplicates:
        yield f"{totals.duplicates} predictions repeat another one and are spurious."
    if totals.ignored:
        yield f"{totals.ignored} predictions match don't-care gold or map to nothing, and do not count."
    if totals.unmapped:
        labels = ", ".join(f"{label} ({times})" for label, times in sorted(totals.unmapped.items()))
        yield f"Labels the map does not know, scored as they are: {labels}"


def _some(names: Any) -> str:
    shown = list(names)[:5]
    return ", ".join(shown) + (", …" if len(names) > 5 else "")


def _as_data(totals: Totals, draws: int, seed: int) -> dict[str, Any]:
    scores = []
    for kind, label, regime, tally in _rows(totals):
        row = {
            "kind": kind,
            "label": label,
            "regime": regime,
            "gold": tally.possible,
            "pred": tally.actual,
            **{name: getattr(tally, name) for name in ("cor", "inc", "par", "mis", "spu", "tp")},
            "precision": tally.precision,
            "recall": tally.recall,
            "f1": tally.f1,
        }
        if label == "*":
            found = _interval(totals, kind, regime, draws, seed)
            row["interval"] = [found.low, found.high] if found else None
        scores.append(row)
    return {
        "articles": totals.articles,
        "scores": scores,
        "confusion": {
            kind: _nested(total.confusion)
            for kind, total in {kind: total for (kind, _), total in totals.by.items()}.items()
        },
        "duplicates": totals.duplicates,
        "ignored": totals.ignored,
        "unmapped": dict(totals.unmapped),
        "errors": totals.errors,
    }


def _nested(counts: Any) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for (gold, predicted), times in sorted(counts.items()):
        table.setdefault(gold, {})[predicted] = times
    return table


def _print_run(run: Run, as_json: bool) -> None:
    from factharness.cli.tables import print_tables
    from factharness.report import FORMATS

    if as_json:
        click.echo(FORMATS["json"]([run]), nl=False)
    else:
        print_tables([run], detail=True, whole=True)
