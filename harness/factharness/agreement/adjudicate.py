"""Makes one labelling of two: takes facts that agree; others are decided, or left open as comments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from factharness.agreement.pairs import Pair, pair_articles, pair_sets
from factharness.errors import GoldError
from factharness.facts import GoldArticle, GoldFact, Quote, kind_of
from factharness.gold.compose import Composer
from factharness.gold.format import in_words, rewrite
from factharness.gold.header import Header
from factharness.gold.parse import to_article
from factharness.gold.sets import with_text
from factharness.gold.tree import Comment, Document
from factharness.gold.withhold import as_offsets, closed

Decision: TypeAlias = Literal["a", "b", "both", "neither"] | None
"""Whose fact is taken; None leaves it open."""
Decide: TypeAlias = Callable[[Pair, GoldArticle], Decision]


Remark: TypeAlias = tuple[int, Comment]
"""A comment, and the index of the paragraph that it is under."""


class Adjudicated(Struct, frozen=True):
    """The joint gold file; how many facts were agreed on and decided; the pairs left open; what the format
    could not carry; and for each open pair the comments that it is written as."""

    document: Document
    agreed: int
    decided: int
    open: tuple[Pair, ...]
    notes: tuple[str, ...]
    remarks: tuple[tuple[Remark, ...], ...]


def prefer(side: Literal["a", "b"]) -> Decide:
    """Where both sides have a fact, take that of the preferred side; where only one has, take it."""

    def decide(pair: Pair, _article: GoldArticle) -> Decision:
        if pair.a is None:
            return "b"
        return "a" if pair.b is None else side

    return decide


def leave_open(_pair: Pair, _article: GoldArticle) -> Decision:
    """Decide nothing."""
    return None


def adjudicate(a: Document, b: Document, decide: Decide = leave_open) -> Adjudicated:
    """The joint file of two labellings of one article; it holds no text when ``a`` holds none.

    ``decide`` is asked for each pair that differs, in the order of the text. A pair left open goes in as
    comments ``# a: …`` and ``# b: …``, which ``gold check`` reports until they are settled. A layer that one
    side skipped is taken from the other. Raises :class:`GoldError` when the texts differ or are not here.
    """
    ours, theirs = _article(a), _article(b)
    pair_sets([ours], [theirs])
    bare = a.header.text == "withheld"
    composer = Composer(ours.article.text, in_words=not bare)
    agreed = decided = 0
    left_open: list[Pair] = []
    remarks: list[tuple[Remark, ...]] = []
    for pair in _all_pairs(ours, theirs):
        if not pair.differences():
            agreed += 1
            composer.add(_merged(pair, bare))
            continue
        decision = decide(pair, ours)
        if decision is None:
            left_open.append(pair)
            sides = [(mark, fact) for mark, fact in (("a:", pair.a), ("b:", pair.b)) if fact]
            remarks.append(
                tuple(
                    remark
                    for mark, fact in sides
                    for remark in composer.remark(_silent(fact, bare), mark)
                )
            )
            continue
        decided += 1
        for side, fact in (("a", pair.a), ("b", pair.b)):
            if fact is not None and decision in (side, "both"):
                composer.add(_silent(fact, bare))
    header = _header(a.header, b.header, settled=not left_open)
    document = rewrite(composer.document(header, a.path), as_offsets if bare else in_words)
    return Adjudicated(
        closed(document) if bare else document,
        agreed,
        decided,
        tuple(left_open),
        tuple(map(str, composer.losses)),
        tuple(remarks),
    )


def _article(document: Document) -> GoldArticle:
    """The article of a file whose whole text is here."""
    full, skipped = with_text(document)
    if skipped:
        raise GoldError(skipped[0].reason, file=document.path, remedy=skipped[0].remedy)
    return to_article(full)


def _all_pairs(a: GoldArticle, b: GoldArticle) -> Sequence[Pair]:
    """The pairs of the layers both labelled, and the facts of a layer that one labelled, agreed with itself."""
    alone = [
        Pair(a.article.id, kind_of(fact.fact), fact, fact)
        for one, other in ((a, b), (b, a))
        for fact in one.facts
        if kind_of(fact.fact) in other.skip - one.skip
    ]
    return sorted([*pair_articles(a, b), *alone], key=lambda pair: pair.start)


def _merged(pair: Pair, bare: bool) -> GoldFact:
    """The fact of an agreeing pair, with the name and note that either side has (``bare``: without a note)."""
    assert pair.a is not None
    assert pair.b is not None
    fact = pair.a.fact
    if isinstance(fact, Quote) and isinstance(pair.b.fact, Quote):
        fact = structs.replace(fact, speaker_name=fact.speaker_name or pair.b.fact.speaker_name)
    attributes = pair.b.attributes | pair.a.attributes
    return _silent(structs.replace(pair.a, fact=fact, attributes=attributes), bare)


def _silent(fact: GoldFact, bare: bool) -> GoldFact:
    """The fact, without its note when ``bare``, that is when the file may hold no words."""
    if not bare or "note" not in fact.attributes:
        return fact
    kept = {key: text for key, text in fact.attributes.items() if key != "note"}
    return structs.replace(fact, attributes=kept)


def _header(a: Header, b: Header, *, settled: bool) -> Header:
    labels = structs.replace(
        a.labels,
        by=tuple(dict.fromkeys([*a.labels.by, *b.labels.by])),
        status="adjudicated" if settled else "open",
        proposed=_sum(a.labels.proposed, b.labels.proposed),
        accepted=_sum(a.labels.accepted, b.labels.accepted),
        prelabel=a.labels.prelabel if a.labels.prelabel != "none" else b.labels.prelabel,
        skip=tuple(kind for kind in a.labels.skip if kind in b.labels.skip),
    )
    return structs.replace(a, labels=labels)


def _sum(a: int | None, b: int | None) -> int | None:
    """The sum of two numbers, either of which may be missing."""
    return a if b is None else (a or 0) + b
