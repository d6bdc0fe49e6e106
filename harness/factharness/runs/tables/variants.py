"""The blocks of variants: what each costs each back end, and recall by the origin of names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import asdict

from factharness.facts import KINDS, Kind
from factharness.runs.record import ALSO, BackendOnSet, BackendRecord, VariantCost
from factharness.runs.tables.block import Block, Column, Row
from factharness.runs.tables.kinds import NAME, TITLES, View
from factharness.score import ALL
from factharness.variants import VARIANTS

_DIFFERENCE = (
    Column("difference", "difference", "change"),
    Column("low", "95 %", "changes", meaning="95 % of a difference: its paired interval."),
)


def variant_blocks(view: View) -> Iterator[Block]:
    """A block per kind, with a row per variant and back end; then recall by groups of names."""
    costs = [cost for cost in view.run.scores.costs if cost.goldset == view.goldset.name]
    for kind in KINDS:
        rows = list(_rows(view, kind, costs))
        if rows:
            yield Block(
                f"variants-{kind}",
                f"{TITLES[kind]}: variants against plain texts",
                tuple(_columns(kind)),
                tuple(rows),
            )
    grouped = [cost for cost in costs if cost.group]
    for variant in dict.fromkeys(cost.variant for cost in grouped):
        its = [cost for cost in grouped if cost.variant == variant]
        yield _groups(view, variant, its)


def variant_notes(view: View) -> Iterator[str]:
    """What the variants are, which articles are not in them, and on how many a back end failed there."""
    for varied in view.run.variants():
        name = varied.manifest.variant
        yield f"{name}: {VARIANTS[name].says}."
        for goldset in varied.manifest.goldsets:
            if goldset.name == view.goldset.name:
                yield from (f"{skipped.id}: {skipped.reason}." for skipped in goldset.skipped)
        for on_set in varied.scores.backends:
            if on_set.goldset == view.goldset.name and on_set.errors:
                many = "s" * (len(on_set.errors) != 1)
                yield f"{on_set.backend}: failed on {len(on_set.errors)} article{many} in the variant {name}."


def _columns(kind: Kind) -> Iterator[Column]:
    yield from (Column("variant", "variant", "text"), NAME)
    yield Column("articles", "articles", "count", wide=True)
    yield from (Column("plain", "plain F1"), Column("varied", "F1"), *_DIFFERENCE)
    if kind in ALSO:
        yield Column("also", f"{ALSO[kind]} diff.", "change")


def _rows(view: View, kind: Kind, costs: Sequence[VariantCost]) -> Iterator[Row]:
    main = view.run.manifest.main_regime(kind)
    its = {
        (cost.variant, cost.backend, cost.regime): cost
        for cost in costs
        if cost.kind == kind and not cost.group
    }
    for variant in view.run.manifest.variants:
        for backend, on_set in _own(view, kind):
            cost = its.get((variant, backend.name, main))
            if cost is None:
                continue
            also = its.get((variant, backend.name, ALSO.get(kind, "")))
            yield Row(
                asdict(cost) | {"also": also.difference if also else None},
                seen=view.seen(on_set, kind),
                borrowed=backend.borrows.get(kind, ""),
            )


def _own(view: View, kind: Kind) -> Iterator[tuple[BackendRecord, BackendOnSet]]:
    """The back ends that find a kind, without those that borrow it from another one among them."""
    claiming = view.claiming(kind)
    lenders = {name for backend, _ in claiming for name in (backend.use, backend.name)}
    for backend, on_set in claiming:
        if backend.borrows.get(kind) not in lenders:
            yield backend, on_set


def _groups(view: View, variant: str, costs: Sequence[VariantCost]) -> Block:
    """Recall by group of names; the row of all names (``*``) comes first, as the groups are sorted."""
    names = sorted({cost.group for cost in costs})
    by_name = {(cost.group, cost.backend): cost for cost in costs}
    rows = [
        Row(
            asdict(cost) | {"group": "all" if group == ALL else group.partition("=")[2]},
            seen=view.seen(on_set, "entity"),
            borrowed=backend.borrows.get("entity", ""),
        )
        for group in names
        for backend, on_set in _own(view, "entity")
        if (cost := by_name.get((group, backend.name)))
    ]
    columns = (
        Column("group", variant, "text"),
        NAME,
        Column("gold", "gold", "count"),
        Column(
            "plain",
            "plain R",
            meaning="plain R: recall of the same entities, under their old names.",
        ),
        Column("varied", "R"),
        *_DIFFERENCE,
    )
    return Block(f"groups-{variant}", f"Recall in the variant {variant}", columns, tuple(rows))
