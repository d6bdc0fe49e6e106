"""Makes a new gold file from a bare text, with the facts that a back end proposes for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from msgspec import structs

from factharness.errors import GoldError
from factharness.facts import (
    DATE_TYPES,
    Article,
    Date,
    Entity,
    Fact,
    GoldArticle,
    GoldFact,
    Quote,
    spans_of,
)
from factharness.files import MAX_BYTES
from factharness.gold.compose import Loss, compose, header_for
from factharness.gold.format import in_words, rewrite
from factharness.gold.header import Header, Labelling
from factharness.gold.proposed import UNCONFIRMED
from factharness.gold.tree import Document
from factharness.labels import DROPPED, SCHEME, mapped
from factharness.names import REMEDY, as_name, name_problem
from factharness.text import normalise

KEPT = ("title", "source", "licence", "phenomena")
"""What no other format carries of a header, and an import takes from the gold file it had before."""


def article_from(
    name: str,
    raw: str,
    published: date | datetime,
    *,
    lang: str = "fr",
    meta: dict[str, str] | None = None,
) -> Article:
    """The article of a raw text, in normal form. Raises :class:`GoldError` for a bad name or no text."""
    problem = name_problem(name)
    if problem:
        raise GoldError(problem, remedy=REMEDY)
    text = normalise(raw)
    if not text:
        raise GoldError(
            "the text is empty", remedy="give the article's text, a blank line between paragraphs"
        )
    return Article(name, text, published, lang, dict(meta or {}))


def skeleton(
    article: Article,
    *,
    by: Sequence[str] = (),
    title: str = "",
    source: dict[str, str] | None = None,
    licence: dict[str, str] | None = None,
    prelabel: str = "none",
    proposed: Sequence[GoldFact] = (),
    scheme: str = SCHEME,
) -> tuple[Document, tuple[Loss, ...]]:
    """A gold file with the paragraphs in place and the ``proposed`` facts under them, and what of those could
    not be carried."""
    labels = Labelling(scheme, by=tuple(by), status="draft", prelabel=prelabel)
    header = header_for(
        article, labels=labels, title=title, source=source or {}, licence=licence or {}
    )
    return _written(header, GoldArticle(article, tuple(proposed), prelabel=prelabel))


def composed(
    gold: GoldArticle,
    scheme: str = SCHEME,
    *,
    by: Sequence[str] = (),
    header: Header | None = None,
) -> tuple[Document, tuple[Loss, ...]]:
    """The gold file of an imported article, and what of it could not be carried.

    ``by`` are the people who labelled it. ``header`` is that of the article before it was exported: what it
    says of the article is kept, and its ``labels`` but for the status, which is ``draft``. An id that is no
    name is made one. Raises :class:`GoldError` without a date of publication or a text, and for a file that
    would be too large to be read.
    """
    article = structs.replace(gold.article, id=as_name(gold.article.id, "article"))
    if header is not None:
        article = structs.replace(
            article,
            published=article.published or header.published,
            lang=header.lang,
            meta=article.meta or header.meta,
        )
    if article.published is None:
        raise GoldError(
            f"{article.id}: no date of publication", remedy="give it with --published 2024-03-05"
        )
    if not article.text:
        raise GoldError(f"{article.id}: the text is empty", remedy="leave the article out")
    if "\0" in article.text:
        raise GoldError(
            f"{article.id}: the text has NUL characters",
            remedy="remove them, or give the right file",
        )
    spans = [span for held in gold.facts for span in spans_of(held.fact)]
    size = len(article.text) + sum(map(len, spans))
    if size > MAX_BYTES:
        raise GoldError(
            f"{article.id}: the text and the words of its facts have {size:,} characters, "
            f"more than the {MAX_BYTES:,} bytes of a gold file that is read",
            remedy="import it in parts",
        )
    before = Labelling(prelabel=gold.prelabel) if header is None else header.labels
    labels = structs.replace(before, scheme=scheme, status="draft", by=tuple(by) or before.by)
    more = {} if header is None else {key: getattr(header, key) for key in KEPT}
    return _written(
        header_for(article, labels=labels, **more), structs.replace(gold, article=article)
    )


def _written(header: Header, gold: GoldArticle) -> tuple[Document, tuple[Loss, ...]]:
    """The gold file of an article in canonical form, and what of it could not be carried."""
    document, losses = compose(header, gold, in_words=False)
    return rewrite(document, in_words), losses


def proposals(
    facts: Sequence[Fact], label_map: Mapping[str, str], text: str
) -> tuple[list[GoldFact], list[str]]:
    """A back end's facts under the gold's labels, each noted ``unconfirmed``, and the labels left out.

    A speaker's name that equals the words of the mention is dropped."""
    proposed: dict[Fact, GoldFact] = {}
    left_out: set[str] = set()
    for fact in facts:
        if isinstance(fact, Entity):
            label = mapped(fact.label, label_map)
            if label is None or label == DROPPED:
                left_out.add(fact.label)
                continue
            kind = next((name for name in DATE_TYPES if name == label), None)
            fact = Date(fact.span, kind) if kind else structs.replace(fact, label=label)
        if isinstance(fact, Quote) and fact.speaker and fact.speaker.of(text) == fact.speaker_name:
            fact = structs.replace(fact, speaker_name=None)
        proposed.setdefault(fact, GoldFact(fact, attributes={"note": UNCONFIRMED}))
    return list(proposed.values()), sorted(left_out)
