"""Makes one prediction of those of several back ends: a vote, their union, the first, their intersection.

Facts that mean the same thing are in a group (:mod:`factharness.score.groups`).

================  =====================================================================================
``vote``          the groups in which more than half of the back ends have a fact
``union``         all groups
``intersection``  the groups in which every back end has a fact
``first``         every fact of the first back end; of each further one those that touch none taken so far
``all``           every fact that any back end has, also those that touch
================  =====================================================================================

Only back ends that claim the kind and answered on the article are counted. A group gives one fact. Each of its
parts is the answer with which the most back ends of the group agree; on a tie that of the back end that is
named first. Edges and label of a name are two answers, and so are edges, type and value of a date, and content,
type, speaker and cue of a quote: content agrees without marks around it, speakers and cues agree as the scorer
compares them. A back end that found no value, or no speaker, does not count for that part where another one
found it. A back end that found no cue counts, because many quotes have none.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from operator import eq
from typing import Literal, TypeAlias, TypeVar

from msgspec import Struct, structs

from factharness.covered import Covered
from factharness.facts import (
    Article,
    Date,
    Entity,
    Fact,
    Kind,
    Prediction,
    Quote,
    kind_of,
    label_of,
    spans_of,
)
from factharness.score.counts import CountRow, Counts, SemEval
from factharness.score.groups import Group, compared, groups
from factharness.score.quote_regimes import ACCURACIES
from factharness.score.speakers import same_cue, same_speaker
from factharness.score.view import renamed

How: TypeAlias = Literal["vote", "union", "first", "intersection", "all"]
HOWS: tuple[How, ...] = ("vote", "union", "first", "intersection")
"""The ways in which a suite can combine back ends; ``all`` is for the oracle."""

T = TypeVar("T")


class Source(Struct, frozen=True):
    """The back ends from which a kind of fact comes, and how they are combined; their order decides ties."""

    how: How
    of: tuple[str, ...]


def in_scheme(prediction: Prediction, label_map: Mapping[str, str]) -> Prediction:
    """A prediction under the gold's labels, without what maps to nothing on purpose."""
    if prediction.facts is None:
        return prediction
    facts = (renamed(fact, label_map) for fact in prediction.facts)
    return structs.replace(prediction, facts=tuple(fact for fact in facts if fact is not None))


def combined(
    article: Article, sources: Mapping[Kind, Source], answers: Mapping[str, Prediction]
) -> Prediction:
    """The joint prediction for an article of back ends whose labels are the same.

    ``answers`` are those of the back ends that read the article, by name. One that failed has no vote, and the
    prediction says so (``without``); it is an error where no back end is left for one of the kinds. Facts are
    in the order of the text.
    """
    asked = {name for source in sources.values() for name in source.of}
    failed = {
        name: answer.error
        for name, answer in answers.items()
        if name in asked and answer.error is not None
    }
    made: list[Fact] = []
    for kind, source in sources.items():
        sides = [
            [fact for fact in answers[name].facts or () if kind_of(fact) == kind]
            for name in source.of
            if name in answers and name not in failed
        ]
        if not sides:
            told = [f"{name}: {failed[name]}" for name in source.of if name in failed]
            return Prediction(
                article.id, error="; ".join(told) or f"nobody looked for facts of kind {kind!r}"
            )
        made += sides[0] if len(sides) == 1 else _facts(source.how, sides, article.text)
    facts = tuple(sorted(made, key=lambda fact: (spans_of(fact), kind_of(fact))))
    return Prediction(article.id, facts, without=failed)


def _facts(how: How, sides: Sequence[Sequence[Fact]], text: str) -> Iterable[Fact]:
    if how == "first":
        taken: list[Fact] = []
        for side in sides:
            before = Covered(span for fact in taken for span in spans_of(fact))
            taken += [fact for fact in side if not any(map(before.touches, spans_of(fact)))]
        return taken
    if how == "all":
        distinct: dict[Hashable, Fact] = {}
        for fact in (fact for side in sides for fact in side):
            distinct.setdefault((label_of(fact), spans_of(fact)), fact)
        return list(distinct.values())
    least = {"vote": len(sides) // 2 + 1, "union": 1, "intersection": len(sides)}[how]
    decided = (_decided(group, text) for group in groups(sides, text) if len(group) >= least)
    return list(dict.fromkeys(decided))


def _decided(group: Group, text: str) -> Fact:
    """The fact of a group; the back ends are in the order of their numbers."""
    facts = [group[side] for side in sorted(group)]
    if isinstance(facts[0], Entity):
        return _name([fact for fact in facts if isinstance(fact, Entity)])
    if isinstance(facts[0], Date):
        return _date([fact for fact in facts if isinstance(fact, Date)])
    return _quote([fact for fact in facts if isinstance(fact, Quote)], text)


def _name(names: Sequence[Entity]) -> Entity:
    return Entity(
        _agreed([name.span for name in names], eq), _agreed([name.label for name in names], eq)
    )


def _date(dates: Sequence[Date]) -> Date:
    type_ = _agreed([date.type for date in dates], eq)
    # A value of another type would not fit: P1D is no DATE.
    values = [date.value for date in dates if date.type == type_ and date.value is not None]
    return Date(
        _agreed([date.span for date in dates], eq), type_, _agreed(values, eq) if values else None
    )


def _quote(quotes: Sequence[Quote], text: str) -> Quote:
    content = _agreed(quotes, lambda one, other: compared(one, text) == compared(other, text))
    spoken = [one for one in quotes if one.speaker or one.speaker_name is not None] or quotes
    speaker = _agreed(spoken, lambda one, other: same_speaker(one, other, text))
    cue = _agreed(quotes, lambda one, other: same_cue(one, other, text))
    return Quote(
        content.content,
        _agreed([quote.type for quote in quotes], eq),
        speaker.speaker,
        speaker.speaker_name,
        cue.cue,
    )


def _agreed(answers: Sequence[T], same: Callable[[T, T], bool]) -> T:
    """The answer with which the most others agree, of several such the first."""
    return max(answers, key=lambda one: sum(same(one, other) for other in answers))


def oracle(everything: Iterable[CountRow]) -> list[CountRow]:
    """The counts of a perfect choice among all predictions of the back ends: the upper bound of recall.

    ``everything`` are the counts of the combination ``all`` of these back ends. One-to-one matching has already
    chosen the best prediction for each gold fact, so the predictions without a partner are dropped. The
    accuracies of speaker and cue stay as they are, because they are over the found quotes alone.
    """
    return [
        row
        if row.regime in ACCURACIES
        else structs.replace(
            row,
            counts=Counts(row.counts.tp, 0, row.counts.fn),
            semeval=row.semeval and _without_wrong(row.semeval),
        )
        for row in everything
    ]


def _without_wrong(found: SemEval) -> SemEval:
    """The counts without wrong predictions; the gold facts that were matched with those are missed."""
    return SemEval(cor=found.cor, par=found.par, mis=found.mis + found.inc)
