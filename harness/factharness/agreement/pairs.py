"""Pairs the facts of two labellings of the same articles, and lists how the facts of a pair differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, structs

from factharness.errors import GoldError
from factharness.facts import (
    KINDS,
    Date,
    Entity,
    GoldArticle,
    GoldFact,
    Kind,
    Prediction,
    Quote,
    label_of,
    spans_of,
)
from factharness.score import evaluate
from factharness.score.names import same_name
from factharness.score.timex import same_value

UNSCORED = ("note",)
"""Attributes in which two labellings may differ without disagreeing."""
WORDS_ONLY = frozenset({"words of speaker", "words of cue"})
"""Differences that no accuracy counts: the same speaker, or cue, in more words or under another name."""


class Pair(Struct, frozen=True):
    """A fact of ``a`` beside the one of ``b`` that it is matched with; one of them may be missing.

    ``right`` holds the regimes of :mod:`factharness.score` under which the two are the same.
    """

    article: str
    kind: Kind
    a: GoldFact | None
    b: GoldFact | None
    right: frozenset[str] = frozenset()

    @property
    def counted(self) -> bool:
        """Whether neither side says don't care."""
        return not any(side.ignore for side in (self.a, self.b) if side is not None)

    @property
    def start(self) -> int:
        """Where the first of the two starts."""
        return min(spans_of(side.fact)[0].start for side in (self.a, self.b) if side is not None)

    def differences(self) -> tuple[str, ...]:
        """What the two differ in: ``only a``, ``only b``, or ``span``, ``label``, ``type``, ``value``,
        ``speaker``, ``cue``, ``don't care``, names of attributes. Nothing when they agree; of two don't-care
        facts only the span matters.

        A speaker that the scores count as the same (« patient » and « patient de 52 ans ») is no difference of
        ``speaker`` but of ``words of speaker``; so it is with the cue.
        """
        if self.a is None or self.b is None:
            return ("only b",) if self.a is None else ("only a",)
        return tuple(
            f"words of {what}" if what in ("speaker", "cue") and what in self.right else what
            for what in _differences(self.a, self.b)
        )


def pair_sets(a: Sequence[GoldArticle], b: Sequence[GoldArticle]) -> list[Pair]:
    """The pairs of the articles that both hold, article by article, by offset.

    Facts are matched one to one as predictions are with gold. Raises :class:`GoldError` when the two hold
    different articles, or different texts under one id.
    """
    theirs = {article.article.id: article for article in b}
    ours = {article.article.id: article for article in a}
    apart = sorted(ours.keys() ^ theirs.keys())
    if apart or not ours:
        where = "one of the two sides only" if apart else "neither side"
        raise GoldError(
            f"{', '.join(apart[:5]) or 'articles'} {'is' if len(apart) == 1 else 'are'} on {where}",
            remedy="name two files or folders with the same articles",
        )
    for name, article in ours.items():
        if article.article.text != theirs[name].article.text:
            raise GoldError(
                f"{name}: the two labellings have different texts",
                file=theirs[name].path or None,
                remedy="label the same text; compare the sha256 of the headers",
            )
    return [pair for name in sorted(ours) for pair in pair_articles(ours[name], theirs[name])]


def pair_articles(a: GoldArticle, b: GoldArticle) -> list[Pair]:
    """The pairs of two labellings of one article, by offset; don't-care facts are paired like any other."""
    left, right = _all_counted(a), _all_counted(b)
    prediction = Prediction(b.article.id, tuple(fact.fact for fact in right.facts))
    kinds = [kind for kind in KINDS if kind not in a.skip | b.skip]
    evaluation = evaluate(
        [left], [prediction], kinds=kinds, regimes=("strict", "normalised", "exact"), nested=True
    )
    originals = [_unique(a), _unique(b)]
    pairs = [
        Pair(
            a.article.id,
            match.kind,
            None if match.gold is None else originals[0][match.gold],
            None if match.pred is None else originals[1][match.pred],
            frozenset(match.right),
        )
        for match in evaluation.matches
    ]
    return sorted(pairs, key=lambda pair: (pair.start, pair.kind, repr((pair.a, pair.b))))


def _unique(article: GoldArticle) -> list[GoldFact]:
    """The facts, without don't-care facts that repeat another fact."""
    kept: list[GoldFact] = []
    for fact in article.facts:
        said = [other for other in kept if other.fact == fact.fact]
        if not (said and fact.ignore):
            kept.append(fact)
    return [
        fact
        for index, fact in enumerate(kept)
        if not (fact.ignore and any(other.fact == fact.fact for other in kept[index + 1 :]))
    ]


def _all_counted(article: GoldArticle) -> GoldArticle:
    facts = tuple(structs.replace(fact, ignore=False) for fact in _unique(article))
    return structs.replace(article, facts=facts, skip=frozenset())


def _differences(a: GoldFact, b: GoldFact) -> Iterator[str]:
    if spans_of(a.fact) != spans_of(b.fact):
        yield "span"
    if a.ignore and b.ignore:
        return
    if label_of(a.fact) != label_of(b.fact):
        yield "label" if isinstance(a.fact, Entity) else "type"
    if (
        isinstance(a.fact, Date)
        and isinstance(b.fact, Date)
        and not same_value(a.fact.value, b.fact.value)
    ):
        yield "value"
    if isinstance(a.fact, Quote) and isinstance(b.fact, Quote):
        if not _same_speaker(a.fact, b.fact):
            yield "speaker"
        if a.fact.cue != b.fact.cue:
            yield "cue"
    if a.ignore != b.ignore:
        yield "don't care"
    for key in sorted(a.attributes.keys() | b.attributes.keys()):
        if key not in UNSCORED and a.attributes.get(key) != b.attributes.get(key):
            yield key


def _same_speaker(a: Quote, b: Quote) -> bool:
    """The same mention, and names that do not contradict each other."""
    named = a.speaker_name, b.speaker_name
    if a.speaker != b.speaker:
        return False
    if named[0] is None or named[1] is None:
        return a.speaker is not None or named[0] == named[1]
    return named[0] == named[1] or same_name(named[0], named[1])
