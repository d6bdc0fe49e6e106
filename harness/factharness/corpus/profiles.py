"""Compares what two or more back ends find in articles without gold: a :class:`Profile` of each article."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from factharness.corpus.visible import visible
from factharness.facts import (
    KINDS,
    Article,
    Fact,
    GoldArticle,
    GoldFact,
    Kind,
    Prediction,
    kind_of,
    label_of,
)
from factharness.scheme import Scheme
from factharness.score import ALL, evaluate
from factharness.score.quote_regimes import APART
from factharness.score.view import renamed
from factharness.text import sha256

REGIMES: Mapping[Kind, str] = {"entity": "strict", "date": "strict", "quote": "iou@0.5"}
"""When two back ends agree on a fact: the same words and label; of quotes, more than half of the words."""


class CorpusReader(Struct, frozen=True):
    """A back end that reads the corpus: the kinds that it finds, and the map of its labels to the scheme's."""

    name: str
    kinds: frozenset[Kind]
    label_map: Mapping[str, str]


class Profile(Struct, frozen=True):
    """An article as the back ends see it.

    ``apart`` has by kind how many facts one back end has and another has not, per pair of back ends; ``labels``
    how many facts of each label a back end finds, on average; ``tags`` the phenomena that can be seen.
    """

    id: str
    digest: str
    words: int
    apart: dict[Kind, float] = field(default_factory=dict)
    labels: dict[str, float] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()

    def rate(self, kind: Kind) -> float:
        """How many facts of a kind the back ends are apart on, per 100 words; of a short text, per text."""
        return 100 * self.apart.get(kind, 0.0) / max(self.words, 100)


def profile(
    article: Article, readers: Sequence[CorpusReader], answers: Sequence[Prediction], scheme: Scheme
) -> Profile | None:
    """The profile of an article; ``answers`` are those of the ``readers``, in order. None when one failed."""
    facts: list[list[Fact]] = []
    for reader, answer in zip(readers, answers, strict=True):
        if answer.facts is None:
            return None
        mapped = (renamed(fact, reader.label_map) for fact in answer.facts)
        facts.append(list(dict.fromkeys(fact for fact in mapped if fact is not None)))
    pairs = list(itertools.combinations(range(len(readers)), 2))
    apart: Counter[Kind] = Counter()
    measured: Counter[Kind] = Counter()
    for first, second in pairs:
        kinds = [kind for kind in KINDS if kind in readers[first].kinds & readers[second].kinds]
        measured.update(kinds)
        apart.update(_apart(article, facts[first], facts[second], kinds, scheme))
    return Profile(
        article.id,
        sha256(article.text),
        len(article.text.split()),
        {kind: apart[kind] / times for kind, times in measured.items()},
        _labels(readers, facts, scheme),
        visible(article.text, itertools.chain.from_iterable(facts)),
    )


def _apart(
    article: Article,
    first: Sequence[Fact],
    second: Sequence[Fact],
    kinds: Sequence[Kind],
    scheme: Scheme,
) -> dict[Kind, float]:
    """How many facts of each kind only one of the two has."""
    gold = GoldArticle(article, tuple(GoldFact(fact) for fact in first))
    evaluation = evaluate(
        [gold],
        [Prediction(article.id, tuple(second))],
        kinds=kinds,
        regimes=tuple(REGIMES.values()),
        scheme=scheme,
    )
    apart: dict[Kind, float] = dict.fromkeys(kinds, 0.0)
    for row in evaluation.counts:
        # The row of all labels leaves out the quotes that are scored apart, the indirect ones.
        counted = row.label == ALL or (row.kind == "quote" and row.label in APART)
        if counted and row.regime == REGIMES[row.kind]:
            apart[row.kind] += row.counts.fp + row.counts.fn
    return apart


def _labels(
    readers: Sequence[CorpusReader], facts: Sequence[Iterable[Fact]], scheme: Scheme
) -> dict[str, float]:
    """How many facts of each label of the scheme are found, on average over those that find the kind."""
    found: dict[str, float] = {}
    for kind in KINDS:
        sides = [held for reader, held in zip(readers, facts, strict=True) if kind in reader.kinds]
        counts = Counter(label_of(fact) for held in sides for fact in held if kind_of(fact) == kind)
        found |= {
            label: counts[label] / len(sides) for label in scheme.expected(kind) if counts[label]
        }
    return found
