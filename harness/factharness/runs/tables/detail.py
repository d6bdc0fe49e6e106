"""The blocks behind the comparison: seen and unseen articles, labels, slices, confusion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from factharness.facts import KINDS, Kind
from factharness.runs.record import Confusion
from factharness.runs.suite import SEEN, UNSEEN
from factharness.runs.tables.block import BACKEND, Block, Column, Row, Value
from factharness.runs.tables.kinds import NAME, TITLES, View
from factharness.score import ALL, ScoreRow
from factharness.score.counts import NONE
from factharness.score.quote_regimes import APART

_SCORES = (
    Column("gold", "gold", "count"),
    Column("pred", "pred", "count"),
    Column("precision", "P"),
    Column("recall", "R"),
    Column("f1", "F1"),
)

_SPLIT = "F1 seen, F1 unseen: who has no star saw none, and is split as the others are."

_LONGEST_SUM = 24
"""Characters of a total that names its labels; a longer one would make the table too wide."""


def _counted(row: ScoreRow) -> dict[str, Value]:
    counts = row.counts
    return {
        "gold": counts.gold,
        "pred": counts.pred,
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
    }


def seen_block(view: View) -> Block | None:
    """F1 on seen and unseen articles, as :data:`factharness.runs.suite.SEEN`; None without both."""
    found: dict[tuple[str, Kind, str], ScoreRow] = {
        (record.backend, record.row.kind, record.row.slice): record.row
        for record in view.run.scores.scores
        if record.goldset == view.goldset.name
        and record.row.slice in (SEEN, UNSEEN)
        and (record.row.label, record.row.average) == (ALL, "micro")
        and record.row.regime == view.run.manifest.main_regime(record.row.kind)
    }
    rows = []
    for kind in KINDS:
        for backend, on_set in view.claiming(kind):
            pair = [found.get((backend.name, kind, name)) for name in (SEEN, UNSEEN)]
            if pair[0] is None or pair[1] is None:
                continue
            values: dict[str, Value] = {"kind": kind, BACKEND: backend.name}
            for name, row in zip((SEEN, UNSEEN), pair, strict=True):
                assert row is not None
                values |= {f"{name}_articles": row.articles, f"{name}_f1": row.f1}
            borrowed = backend.borrows.get(kind, "")
            rows.append(Row(values, view.seen(on_set, kind), borrowed))
    columns = [Column("kind", "kind", "text"), NAME]
    for name in (SEEN, UNSEEN):
        columns += [
            Column(f"{name}_articles", f"{name} articles", "count"),
            Column(f"{name}_f1", f"F1 {name}", meaning=_SPLIT),
        ]
    return Block("seen", "Seen and unseen articles", tuple(columns), tuple(rows)) if rows else None


def repeated_block(view: View) -> Block | None:
    """Mean and spread of F1 of each back end that was run repeatedly; None where there is none."""
    rows = []
    for kind in KINDS:
        names = [backend.name for backend, _ in view.claiming(kind)]
        groups = {backend.repeats: [backend.repeats] for backend, _ in view.claiming(kind)}
        for backend, _ in view.claiming(kind):
            groups[backend.repeats].append(backend.name)
        for first, members in groups.items():
            if not first or first not in names:
                continue
            scored = (view.score(name, kind, ALL, view.run.manifest.regimes[0]) for name in members)
            values = [row.f1 for row in scored if row is not None and row.f1 is not None]
            if len(values) > 1:
                from statistics import mean, stdev

                spread = {"times": len(values), "mean": mean(values), "sd": stdev(values)}
                ends = {"low": min(values), "high": max(values)}
                rows.append(Row({"kind": kind, BACKEND: first, **spread, **ends}))
    columns = (
        Column("kind", "kind", "text"),
        NAME,
        Column("times", "times", "count"),
        Column("mean", "F1"),
        Column(
            "sd", "sd", meaning="sd: the standard deviation of F1 over the runs of one back end."
        ),
        Column("range", "lowest–highest", "interval"),
    )
    return Block("repeated", "Repeated back ends", columns, tuple(rows)) if rows else None


def label_blocks(view: View) -> Iterator[Block]:
    """Per kind, the scores of every label of every back end, and their total.

    The gold and the predictions of the labels add up to those of the total. Indirect quotes stand under it, as
    they are not in it.
    """
    regime = view.run.manifest.regimes[0]
    for kind in KINDS:
        rows = []
        for backend, on_set in view.claiming(kind):
            labels = sorted(
                key[3]
                for key in view.scores
                if (key[0], key[1], key[2]) == (view.goldset.name, backend.name, kind)
                and key[4] == view.run.manifest.main_regime(kind)
                and key[3] != ALL
            )
            apart = [label for label in labels if kind == "quote" and label in APART]
            summed = [label for label in labels if label not in apart]
            for label in (*summed, ALL, *apart):
                row = view.score(backend.name, kind, label, regime)
                if row is None or (label == ALL and len(summed) < 2):
                    continue
                total = label == ALL
                values: dict[str, Value] = {
                    BACKEND: backend.name,
                    "label": _sum(summed) if total else label,
                    **_counted(row),
                }
                borrowed = backend.borrows.get(kind, "")
                rows.append(Row(values, view.seen(on_set, kind), borrowed, total=total))
        if rows:
            columns = (NAME, Column("label", "label", "text"), *_SCORES)
            yield Block(f"label.{kind}", f"{_short(kind)} by label", columns, tuple(rows))


def _sum(labels: Sequence[str]) -> str:
    """The name of a total: ``LOC+PER``, or how many labels it adds up where there are many."""
    joined = "+".join(labels)
    return joined if len(joined) <= _LONGEST_SUM else f"all {len(labels)} labels"


def slice_blocks(view: View) -> Iterator[Block]:
    """Per kind and metadata key that the suite asks for: the F1 of each back end on each of its values."""
    found: dict[tuple[str, Kind], dict[str, dict[str, ScoreRow]]] = {}
    for record in view.run.scores.scores:
        row = record.row
        key = next(
            (key for key in view.run.manifest.slices if row.slice.startswith(f"{key}=")), None
        )
        if (
            key is not None
            and record.goldset == view.goldset.name
            and (row.label, row.average) == (ALL, "micro")
            and row.regime == view.run.manifest.main_regime(row.kind)
        ):
            values = found.setdefault((key, row.kind), {})
            values.setdefault(row.slice.removeprefix(f"{key}="), {})[record.backend] = row
    for (key, kind), by_value in found.items():
        names = [backend.name for backend, _ in view.claiming(kind)]
        columns = (
            Column("value", key, "text"),
            Column("articles", "articles", "count"),
            Column("gold", "gold", "count"),
            *(Column(f"f1_{name}", name) for name in names),
        )
        rows = []
        for value, by_backend in sorted(by_value.items()):
            first = next(iter(by_backend.values()))
            scores = {
                f"f1_{name}": by_backend[name].f1 if name in by_backend else None for name in names
            }
            counts = {"articles": first.articles, "gold": first.counts.gold}
            rows.append(Row({"value": value, **counts, **scores}))
        title = f"{_short(kind)} by {key}: F1"
        yield Block(f"slice.{key}.{kind}", title, columns, tuple(rows))


def confusion_blocks(view: View) -> Iterator[Block]:
    """Per back end, how often gold entities of a label were matched with predictions of a label."""
    for backend, on_set in view.backends:
        if on_set.confusion.get("entity"):
            yield _confusion(backend.name, on_set.confusion["entity"])


def _confusion(backend: str, counts: Confusion) -> Block:
    predicted = {name for row in counts.values() for name in row}
    names = sorted(predicted, key=lambda name: (name == NONE, name))
    return Block(
        f"confusion.{backend}",
        f"{backend}, entities: gold by row, predicted by column",
        (Column("gold", "gold", "text"), *(Column(f"as_{name}", name, "count") for name in names)),
        tuple(
            Row({"gold": gold, **{f"as_{name}": row.get(name, 0) for name in names}})
            for gold, row in counts.items()
        ),
    )


def _short(kind: Kind) -> str:
    return TITLES[kind].partition(",")[0]
