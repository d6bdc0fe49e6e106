"""Selects the facts of an article that are scored, and maps a back end's labels to the gold's.

The default view of entities is *outermost, flat*: a gold name that lies strictly inside another counted gold
name is not scored, and neither is a prediction with exactly its span: the back end found something true that
nobody asked for. Any other prediction inside another one counts like all the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from factharness.errors import GoldError
from factharness.facts import (
    KINDS,
    Date,
    Entity,
    Fact,
    GoldArticle,
    Kind,
    Quote,
    Span,
)
from factharness.labels import DATE_LABELS, DROPPED, SCHEME, mapped
from factharness.scheme import FR_NEWS, Scheme

GoldFacts: TypeAlias = list[tuple[int, Any, bool]]
"""Index in the gold article, fact (of one kind), whether it is counted."""
PredFacts: TypeAlias = list[tuple[int, Any]]
"""Index in the prediction, fact (of one kind)."""


_KINDS: dict[type, Kind] = {Entity: "entity", Date: "date", Quote: "quote"}


class Viewed(Struct):
    """The facts of one article that are scored, by kind, and counts of those that are not."""

    gold: dict[Kind, GoldFacts]
    pred: dict[Kind, PredFacts]
    unmapped: Counter[str]
    ignored: int = 0


def view(
    gold: GoldArticle,
    predicted: Sequence[Fact],
    label_map: Mapping[str, str] | None = None,
    *,
    nested: bool = False,
    scheme: Scheme = FR_NEWS,
) -> Viewed:
    """The scored facts of an article, under the gold's labels.

    A sublabel counts as its label (``LOC.gpe`` as ``LOC``). An entity whose label maps to a type of date is a
    date without a value. Labels that map to nothing on purpose are set aside; a label the map does not
    know stays as it is, is listed in ``unmapped``, and so is spurious wherever gold does not use it. ``nested``
    scores inner names as well; ``scheme`` has the gold's labels. Raises :class:`GoldError` for a gold fact that
    stands there twice.
    """
    viewed = Viewed({kind: [] for kind in KINDS}, {kind: [] for kind in KINDS}, Counter())
    own = scheme.map_from(SCHEME)
    plain: set[str] = set()  # the labels that stay as they are
    for index, held in enumerate(gold.facts):
        fact = held.fact
        if isinstance(fact, Entity) and fact.label not in plain:
            under = renamed(fact, own) or fact
            if under is fact:
                plain.add(fact.label)
            fact = under
        viewed.gold[_KINDS[type(fact)]].append((index, fact, not held.ignore))
    _refuse_twice(gold)
    table = own if label_map is None else label_map
    unmapped = None if label_map is None else viewed.unmapped
    for index, fact in enumerate(predicted):
        known = renamed(fact, table, unmapped)
        if known is None:
            viewed.ignored += 1
            continue
        viewed.pred[_KINDS[type(known)]].append((index, known))
    if not nested:
        _outermost(viewed)
    return viewed


def renamed(
    fact: Fact, label_map: Mapping[str, str], unmapped: Counter[str] | None = None
) -> Fact | None:
    """A fact with its label as :func:`relabelled` gives it; None when that is None.

    An entity whose label the map takes to a type of date becomes a date.
    """
    if not isinstance(fact, Entity):
        return fact
    label = relabelled(fact.label, label_map, unmapped)
    if label is None:
        return None
    if label in DATE_LABELS and mapped(fact.label, label_map) is not None:
        return Date(fact.span, label)  # type: ignore[arg-type]
    return fact if label == fact.label else Entity(fact.span, label)


def relabelled(
    label: str, label_map: Mapping[str, str], unmapped: Counter[str] | None
) -> str | None:
    """The gold's label for a back end's; None when the map leaves it out on purpose.

    A label the map does not know stays as it is, and is counted in ``unmapped``.
    """
    known = mapped(label, label_map)
    if known is None:
        if unmapped is not None:
            unmapped[label] += 1
        return label
    return None if known == DROPPED else known


def _outermost(viewed: Viewed) -> None:
    """Drop inner gold names, and the predictions with exactly their spans."""
    inner = inner_spans([fact.span for _, fact, counted in viewed.gold["entity"] if counted])
    viewed.gold["entity"] = [
        each for each in viewed.gold["entity"] if not (each[2] and each[1].span in inner)
    ]
    kept = [each for each in viewed.pred["entity"] if each[1].span not in inner]
    viewed.ignored += len(viewed.pred["entity"]) - len(kept)
    viewed.pred["entity"] = kept


def inner_spans(spans: Sequence[Span]) -> set[Span]:
    """Those of ``spans`` that lie inside a different one."""
    inner: set[Span] = set()
    reach = 0  # how far any span that begins before, or at the same place and is longer, extends
    for span in sorted(set(spans), key=lambda span: (span.start, -span.end)):
        if span.end <= reach:
            inner.add(span)
        reach = max(reach, span.end)
    return inner


def _refuse_twice(gold: GoldArticle) -> None:
    counted = [held for held in gold.facts if not held.ignore]
    if len({held.fact for held in counted}) == len(counted):
        return
    seen: set[Fact] = set()
    for held in counted:
        if held.fact in seen:
            raise GoldError(
                f"{gold.article.id}: the same fact stands there twice: {held.fact}",
                file=gold.path or None,
                line=held.line or None,
                remedy="remove one",
            )
        seen.add(held.fact)
