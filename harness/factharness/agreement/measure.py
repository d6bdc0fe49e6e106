"""The figures of agreement: F1 by layer and label, α on characters, accuracies, and the disagreements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from factharness.agreement.alpha import alpha, characters
from factharness.agreement.breakdown import (
    ArticleAgreement,
    Firmness,
    by_article,
    firmness,
)
from factharness.agreement.pairs import Pair, pair_sets
from factharness.facts import KINDS, Date, GoldArticle, GoldFact, Kind, Quote, label_of, spans_of
from factharness.score.counts import ALL
from factharness.score.timex import same_value

LEVELS = ("exact", "normalised", "overlap")


class LabelAgreement(Struct, frozen=True):
    """Agreement on one label of a layer (``*``: all). ``a`` and ``b`` count the facts of each side, the
    others the pairs that agree: same span, same span after trimming, any overlap; with the same label,
    except that quotes under ``*`` may differ in type."""

    kind: Kind
    label: str
    a: int
    b: int
    exact: int
    normalised: int
    overlap: int

    def f1(self, level: str) -> float | None:
        """``2 · agreeing / (a + b)``: the F1 of either side against the other; None without facts."""
        facts = self.a + self.b
        return None if facts == 0 else 2 * int(getattr(self, level)) / facts


class Accuracy(Struct, frozen=True):
    """Of ``pairs`` matched pairs, how many agree in one further thing."""

    kind: Kind
    what: str
    agreeing: int
    pairs: int

    @property
    def share(self) -> float | None:
        """The accuracy; None without pairs."""
        return None if self.pairs == 0 else self.agreeing / self.pairs


class Alpha(Struct, frozen=True):
    """Krippendorff's α of a layer on characters: all of them (``O`` is a label), and those both labelled."""

    kind: Kind
    with_outside: float | None
    without_outside: float | None


class Disagreement(Struct, frozen=True):
    """One place where the two sides differ: the line and the words of each (None and 0 where it has none)."""

    article: str
    kind: Kind
    what: tuple[str, ...]
    a: str | None
    b: str | None
    a_line: int = 0
    b_line: int = 0


class Agreement(Struct, frozen=True):
    """All figures of two labellings of the same articles."""

    articles: int
    rows: tuple[LabelAgreement, ...]
    alphas: tuple[Alpha, ...]
    accuracies: tuple[Accuracy, ...]
    disagreements: tuple[Disagreement, ...]
    by_article: tuple[ArticleAgreement, ...]
    firmness: tuple[Firmness, ...]


def agree(a: Sequence[GoldArticle], b: Sequence[GoldArticle]) -> Agreement:
    """Compare two labellings of the same articles.

    F1 and accuracies leave out the facts that either side marks don't care, with their partners. Raises
    :class:`~factharness.errors.GoldError` unless both sides have the same articles.
    """
    pairs = pair_sets(a, b)
    texts = {article.article.id: article.article.text for article in a}
    counted = [pair for pair in pairs if pair.counted]
    rows = [row for kind in KINDS for row in _rows(kind, [p for p in counted if p.kind == kind])]
    return Agreement(
        len(texts),
        tuple(rows),
        tuple(_alpha(a, b, kind) for kind in KINDS),
        tuple(_accuracies(counted)),
        tuple(
            _disagreement(pair, texts[pair.article], what)
            for pair in pairs
            for what in [pair.differences()]
            if what
        ),
        by_article(pairs, sorted(texts)),
        firmness(pairs),
    )


def describe(fact: GoldFact, text: str) -> str:
    """A fact in one line of words: label, words, value or speaker and cue."""
    inner = fact.fact
    words = " … ".join(span.of(text).replace("\n", " ") for span in spans_of(inner))
    label = "QUOTE" if isinstance(inner, Quote) and inner.type is None else label_of(inner)
    parts = [label + ("?" if fact.ignore else ""), words]
    if isinstance(inner, Date):
        parts.append(f"| {inner.value or '-'}")
    if isinstance(inner, Quote):
        mention = inner.speaker.of(text) if inner.speaker else "-"
        name = f" = {inner.speaker_name}" if inner.speaker_name else ""
        parts.append(f"| by: {mention}{name}")
        if inner.cue:
            parts.append(f"| cue: {inner.cue.of(text)}")
    parts += [f"| {key}: {value}" for key, value in sorted(fact.attributes.items())]
    return " ".join(parts)


def _rows(kind: Kind, pairs: Sequence[Pair]) -> list[LabelAgreement]:
    labels = {label_of(side.fact) for pair in pairs for side in (pair.a, pair.b) if side}
    return [_row(kind, label, pairs) for label in (ALL, *sorted(labels))]


def _row(kind: Kind, label: str, pairs: Sequence[Pair]) -> LabelAgreement:
    def among(fact: GoldFact | None) -> bool:
        return fact is not None and label in (ALL, label_of(fact.fact))

    levels: Counter[str] = Counter()
    for pair in pairs:
        if among(pair.a) and among(pair.b):
            levels.update(_levels(pair, free=kind == "quote" and label == ALL))
    return LabelAgreement(
        kind,
        label,
        sum(among(pair.a) for pair in pairs),
        sum(among(pair.b) for pair in pairs),
        *(levels[level] for level in LEVELS),
    )


def _levels(pair: Pair, *, free: bool) -> Iterable[str]:
    """The levels at which a matched pair agrees."""
    assert pair.a is not None
    assert pair.b is not None
    if not free and label_of(pair.a.fact) != label_of(pair.b.fact):
        return
    yield "overlap"
    same = spans_of(pair.a.fact) == spans_of(pair.b.fact)
    if same:
        yield "exact"
    if same or "normalised" in pair.right or (pair.kind == "quote" and "exact" in pair.right):
        yield "normalised"


def _alpha(a: Sequence[GoldArticle], b: Sequence[GoldArticle], kind: Kind) -> Alpha:
    theirs = {article.article.id: article for article in b}
    values = []
    for outside in (True, False):
        units: Counter[tuple[str | None, ...]] = Counter()
        for article in a:
            other = theirs[article.article.id]
            if kind not in article.skip | other.skip:
                units += characters(article, other, kind, outside=outside)
        values.append(alpha(units))
    return Alpha(kind, *values)


def _accuracies(pairs: Sequence[Pair]) -> list[Accuracy]:
    dates = [
        (pair.a.fact, pair.b.fact)
        for pair in pairs
        if pair.a and pair.b and isinstance(pair.a.fact, Date) and isinstance(pair.b.fact, Date)
    ]
    quotes = [pair for pair in pairs if pair.kind == "quote" and "iou@0.3" in pair.right]
    types = sum(
        label_of(pair.a.fact) == label_of(pair.b.fact) for pair in quotes if pair.a and pair.b
    )
    return [
        Accuracy("date", "value", sum(same_value(x.value, y.value) for x, y in dates), len(dates)),
        Accuracy("quote", "type", types, len(quotes)),
        Accuracy("quote", "speaker", sum("speaker" in pair.right for pair in quotes), len(quotes)),
        Accuracy("quote", "cue", sum("cue" in pair.right for pair in quotes), len(quotes)),
    ]


def _disagreement(pair: Pair, text: str, what: tuple[str, ...]) -> Disagreement:
    return Disagreement(
        pair.article,
        pair.kind,
        what,
        describe(pair.a, text) if pair.a else None,
        describe(pair.b, text) if pair.b else None,
        pair.a.line if pair.a else 0,
        pair.b.line if pair.b else 0,
    )
