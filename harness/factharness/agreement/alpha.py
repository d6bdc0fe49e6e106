"""Krippendorff's α for nominal labels, and the labels that two annotators give to each character.

Krippendorff, *Content Analysis* (2nd ed., 2004), chapter 11; the coefficient as Artstein & Poesio (2008)
survey it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import TypeAlias, TypeVar

from factharness.facts import GoldArticle, Kind, kind_of, label_of, spans_of

OUTSIDE = "O"
Label = TypeVar("Label", bound=Hashable)
Labelling: TypeAlias = Mapping[tuple[Label | None, ...], int]
"""How often each combination of the annotators' labels occurs; None where an annotator gave none."""


def alpha(units: Labelling[Label]) -> float | None:
    """Krippendorff's α with the nominal metric: 1 − observed / expected disagreement.

    A unit counts when at least two annotators labelled it. None when fewer than two labels are in use, since
    no disagreement is then to be expected.
    """
    weights: Counter[Label] = Counter()
    observed = 0.0
    for labels, times in units.items():
        given = Counter(label for label in labels if label is not None)
        size = sum(given.values())
        if size < 2:
            continue
        for label, count in given.items():
            weights[label] += times * count
            observed += times * count * (size - count) / (size - 1)
    total = sum(weights.values())
    expected = sum(count * (total - count) for count in weights.values())
    if not expected:
        return None
    return 1 - (total - 1) * observed / expected


def characters(
    a: GoldArticle, b: GoldArticle, kind: Kind, *, outside: bool
) -> Counter[tuple[str | None, ...]]:
    """How often two annotators give a character each pair of labels, in one layer.

    The label is that of the outermost fact over the character. Without a fact it is ``O``, or, without
    ``outside``, none at all: α is then over the characters both labelled, and says how far the labels agree. A
    character under a don't-care fact has no label.
    """
    left, right = (_labels(article, kind, outside) for article in (a, b))
    return Counter(zip(left, right, strict=True))


def _labels(article: GoldArticle, kind: Kind, outside: bool) -> list[str | None]:
    labels: list[str | None] = [OUTSIDE if outside else None] * len(article.article.text)
    facts = [fact for fact in article.facts if kind_of(fact.fact) == kind]
    for fact in sorted(facts, key=lambda fact: sum(map(len, spans_of(fact.fact)))):
        label = None if fact.ignore else label_of(fact.fact)
        for span in spans_of(fact.fact):
            labels[span.start : span.end] = [label] * len(span)
    return labels
