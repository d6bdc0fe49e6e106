"""Joins the predictions of several back ends: union, intersection, majority, and the oracle.

All are made from stored predictions. Two facts are the same fact when they have the same characters and the
same label or type; value, speaker and cue are taken from the first back end that has the fact.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Literal, TypeAlias, get_args

from msgspec import structs

from factharness.errors import ScoreError, unknown
from factharness.facts import KINDS, Fact, Kind, Prediction, kind_of, label_of, spans_of
from factharness.score.counts import CountRow, Counts, SemEval
from factharness.score.quotes import ACCURACIES
from factharness.score.view import renamed

How: TypeAlias = Literal["union", "intersection", "majority"]
ENSEMBLES: tuple[How, ...] = get_args(How)


def in_scheme(prediction: Prediction, label_map: Mapping[str, str]) -> Prediction:
    """A prediction under the gold's labels, without what maps to nothing on purpose."""
    if prediction.facts is None:
        return prediction
    facts = (renamed(fact, label_map) for fact in prediction.facts)
    return structs.replace(prediction, facts=tuple(fact for fact in facts if fact is not None))


def vote(
    predictions: Sequence[Prediction], how: How, claims: Sequence[Collection[Kind]] | None = None
) -> Prediction:
    """The joint prediction of several back ends for one article; their labels must be the same.

    ``union``: facts that any back end has; ``intersection``: that all have; ``majority``: that more than half
    have. ``claims`` are the kinds that each back end claims (None: all); a back end is not counted for a kind
    that it does not claim. When a back end failed on the article, the result is an error too. A fact that a
    back end has twice counts once.
    """
    if how not in ENSEMBLES:
        message, remedy = unknown("ensemble", how, ENSEMBLES)
        raise ScoreError(message, remedy=remedy)
    if not predictions or len({each.article_id for each in predictions}) != 1:
        raise ScoreError("an ensemble takes predictions of one article, at least one")
    article = predictions[0].article_id
    for prediction in predictions:
        if prediction.error is not None:
            return Prediction(article, error=prediction.error)
    said: dict[Hashable, tuple[Fact, set[int]]] = {}
    for voter, prediction in enumerate(predictions):
        for fact in prediction.facts or ():
            said.setdefault(_same(fact), (fact, set()))[1].add(voter)
    voters = {
        kind: sum(claims is None or kind in claims[i] for i in range(len(predictions)))
        for kind in KINDS
    }
    facts = [fact for fact, by in said.values() if len(by) >= _needed(how, voters[kind_of(fact)])]
    return Prediction(article, tuple(sorted(facts, key=_place)))


def _needed(how: How, voters: int) -> int:
    return {"union": 1, "intersection": voters, "majority": voters // 2 + 1}[how]


def oracle(union: Iterable[CountRow]) -> list[CountRow]:
    """The counts of a perfect choice among all predictions of the back ends: the upper bound of recall.

    ``union`` are the counts of their union; one-to-one matching has made the best choice already, so what it
    left over is dropped. The accuracies of speaker and cue, which are of what was found, stay as they are.
    """
    return [
        row
        if row.regime in ACCURACIES
        else structs.replace(
            row,
            counts=Counts(row.counts.tp, 0, row.counts.fn),
            semeval=row.semeval and _without_wrong(row.semeval),
        )
        for row in union
    ]


def _without_wrong(found: SemEval) -> SemEval:
    """Wrong predictions dropped, so that the gold they had is missed."""
    return SemEval(cor=found.cor, par=found.par, mis=found.mis + found.inc)


def _same(fact: Fact) -> Hashable:
    return kind_of(fact), label_of(fact), spans_of(fact)


def _place(fact: Fact) -> tuple[object, ...]:
    return spans_of(fact), kind_of(fact), label_of(fact)
