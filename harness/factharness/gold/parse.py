"""Makes a :class:`GoldArticle` of a :class:`Document`: finds quoted words, joins quotes, resolves speakers."""

from __future__ import annotations

import itertools
from operator import itemgetter
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from factharness.errors import GoldError, unknown
from factharness.facts import (
    DATE_TYPES,
    Article,
    Date,
    Entity,
    GoldArticle,
    GoldFact,
    Quote,
    Span,
    label_of,
)
from factharness.files import read_text, unify
from factharness.gold.anchors import hits, locate
from factharness.gold.complete import unknown_reference
from factharness.gold.syntax import placed, read
from factharness.gold.tree import (
    QUOTE,
    Document,
    FactLine,
    Fragment,
    Mention,
    Paragraph,
    Words,
    quote_type,
)
from factharness.text import PARAGRAPH_BREAK, sha256

_DATE_TYPES = {str(name): name for name in DATE_TYPES}

_PlacedFact: TypeAlias = tuple[int, int, str, int, GoldFact]
"""A fact behind what it is sorted by: its start, its end from the last, its label, its line."""
_ORDER = itemgetter(0, 1, 2, 3)


def parse(source: str, path: str = "") -> GoldArticle:
    """The gold article in ``source``, the text of a gold file with its paragraphs in full.

    Raises :class:`GoldError`, and nothing else, at the first mistake.
    """
    try:
        source.encode("utf-8")
    except UnicodeEncodeError as error:
        line = source.count("\n", 0, error.start) + 1
        raise GoldError(
            "not Unicode text: a lone surrogate", file=path or None, line=line, remedy="remove it"
        ) from None
    return to_article(read(unify(source), path))


def read_document(path: str | Path) -> Document:
    """The gold file at ``path`` as a tree; its mistakes are in ``errors``, only a bad header raises."""
    return read(read_text(path), str(path))


def text_of(document: Document) -> str:
    """The article's text; :class:`GoldError` when a paragraph is withheld."""
    texts = [block.paragraph.text for block in document.blocks]
    if any(text is None for text in texts):
        raise GoldError(
            "the text is withheld",
            file=document.path or None,
            remedy=f"attach it: factharness gold attach {document.path or 'FILE.gold'} TEXT.txt",
        )
    return PARAGRAPH_BREAK.join(text for text in texts if text is not None)


def to_article(document: Document) -> GoldArticle:
    """The article and its facts, sorted; raises the first of the document's mistakes."""
    if document.errors:
        raise document.errors[0]
    text = text_of(document)
    if sha256(text) != document.header.sha256:
        raise hash_error(document, text)
    return _article(document, text)


def without_text(document: Document) -> GoldArticle:
    """The article of a withheld document, its text empty, with its facts; raises as :func:`to_article`."""
    if document.errors:
        raise document.errors[0]
    return _article(document, "")


def _article(document: Document, text: str) -> GoldArticle:
    header = document.header
    facts, errors = resolve(document)
    if errors:
        raise errors[0]
    return GoldArticle(
        Article(header.id, text, header.published, header.lang, dict(header.meta)),
        tuple(facts),
        skip=frozenset(header.labels.skip),
        prelabel=header.labels.prelabel,
        path=document.path,
        phenomena=header.phenomena,
    )


def hash_error(document: Document, text: str) -> GoldError:
    """The error when the text does not have the hash of the header."""
    line = next(
        (
            number
            for number, line in enumerate(document.header_source.split("\n"), 1)
            if line.lstrip().startswith("sha256")
        ),
        1,
    )
    said = document.header.sha256
    return GoldError(
        f"the text has the SHA-256 {sha256(text)[:12]}…, the header says {said[:12] or 'nothing'}",
        file=document.path or None,
        line=line,
        remedy="undo the change of the text, or accept it with factharness gold fmt --rehash",
    )


def resolve(document: Document) -> tuple[list[GoldFact], list[GoldError]]:
    """The facts that can be resolved, by offset, and the mistakes in the others.

    Works on a withheld document too, whose anchors are offsets.
    """
    resolver = _Resolver(document)
    facts = resolver.facts()
    return facts, sorted(resolver.errors, key=lambda error: error.line or 0)


class _PlacedLine(Struct, frozen=True, gc=False):
    """A fact line with its paragraph, and the offset at which the paragraph starts."""

    fact: FactLine
    paragraph: Paragraph
    offset: int

    def span(self, fragment: Fragment) -> Span:
        """The span of ``fragment`` in the article; errors name this line."""
        try:
            start, end = locate(fragment, self.paragraph)
        except GoldError as error:
            raise placed(error, "", self.fact.line) from None
        return Span(self.offset + start, self.offset + end)


class _Resolver:
    """The lines of one document, each with its paragraph, and the quotes among them by id."""

    def __init__(self, document: Document) -> None:
        self.path = document.path
        self.paragraphs = [block.paragraph for block in document.blocks]
        self.errors: list[GoldError] = []
        self.lines: list[_PlacedLine] = []
        self.named: dict[str, list[_PlacedLine]] = {}
        offset = 0
        for block in document.blocks:
            for fact in block.facts():
                self.lines.append(_PlacedLine(fact, block.paragraph, offset))
                if fact.id:
                    self.named.setdefault(fact.id, []).append(self.lines[-1])
            offset += block.paragraph.length + len(PARAGRAPH_BREAK)

    def facts(self) -> list[GoldFact]:
        """The facts that can be resolved, by offset; the mistakes of the others go to ``errors``."""
        found = []
        for line in self.lines:
            try:
                if line.fact.anchor.continues:
                    self._check_continuation(line)
                else:
                    found.append(self._fact(line))
            except GoldError as error:
                self.errors.append(placed(error, self.path, line.fact.line))
        found.sort(key=_ORDER)
        return [held for *_, held in found]

    def _check_continuation(self, line: _PlacedLine) -> None:
        name = line.fact.id or ""
        first = self.named[name][0].fact
        if first.anchor.continues or first.kind != "quote":
            raise GoldError(
                f"no quote @{name} stands before, to be continued",
                remedy=f"write QUOTE @{name} on the quote's first line",
            )
        if line.fact.value or line.fact.texts or line.fact.ignore:
            raise GoldError(
                "a continuation states a type, a note or ?",
                remedy=f"say it on the quote's first line, {first.line}",
            )

    def _fact(self, line: _PlacedLine) -> _PlacedFact:
        typed, label = line.fact, line.fact.label
        if typed.id and self.named[typed.id][0] is not line:
            raise GoldError(
                f"@{typed.id} stands twice", remedy="give it another id, or continue it with <+>"
            )
        if label == QUOTE:
            quote, attributes = self._quote(line)
            held = GoldFact(quote, typed.ignore, attributes, typed.line)
            return quote.content[0].start, -quote.content[-1].end, label_of(quote), typed.line, held
        span = line.span(typed.anchor.fragments[0])
        kind = _DATE_TYPES.get(label)
        fact = Date(span, kind, typed.value) if kind else Entity(span, label)
        held = GoldFact(fact, typed.ignore, typed.texts, typed.line)
        return span.start, -span.end, label, typed.line, held

    def _quote(self, line: _PlacedLine) -> tuple[Quote, dict[str, str]]:
        """The quote whose first line this is, and its attributes."""
        parts = self._parts(line)
        content = [part.span(fragment) for part in parts for fragment in part.fact.anchor.fragments]
        if len(content) > 1:
            content.sort()
            for left, right in itertools.pairwise(content):
                if right.start < left.end:
                    raise GoldError(
                        "two fragments of the quote overlap", remedy="quote each word once"
                    )
        kind = quote_type(line.fact)
        if kind is None and not line.fact.ignore:
            raise GoldError("a QUOTE has no type", remedy="write | direct, | mixed or | indirect")
        speaker, name = self._speaker(parts, "by")
        cue, _ = self._speaker(parts, "cue")
        span, addressee = self._speaker(parts, "to")
        attributes = line.fact.texts
        if addressee or span:
            attributes = attributes | {"to": addressee or self._words(span)}
        return Quote(tuple(content), kind, speaker, name, cue), attributes

    def _parts(self, line: _PlacedLine) -> list[_PlacedLine]:
        if not line.fact.id:
            return [line]
        return [line, *(part for part in self.named[line.fact.id] if part.fact.anchor.continues)]

    def _mention(self, parts: list[_PlacedLine], key: str) -> tuple[Mention, _PlacedLine] | None:
        found = None
        for part in parts:
            mention = part.fact.mentions.get(key)
            if mention is None:
                continue
            if found:
                raise GoldError(
                    f"{key}: stands on two lines of one quote",
                    line=part.fact.line,
                    remedy="keep one of them",
                )
            found = mention, part
        return found

    def _speaker(self, parts: list[_PlacedLine], key: str) -> tuple[Span | None, str | None]:
        """The mention under ``key`` and its name; by reference, the span counts only in the same paragraph."""
        found = self._mention(parts, key)
        if found is None:
            return None, None
        mention, line = found
        if mention.ref is None:
            return self._place(line, mention.fragment, key), mention.name
        reached, source, name = self._followed(mention, line, key)
        if reached is None or reached.fragment is None:
            return None, name
        span = source.span(reached.fragment)
        return (span if source.offset == line.offset else None), name or self._words(span) or None

    def _followed(
        self, mention: Mention, line: _PlacedLine, key: str
    ) -> tuple[Mention | None, _PlacedLine, str | None]:
        """Where ``@id`` leads, through other references: the mention (None: to a quote without one), its
        line, and the first name on the way."""
        start, name, source = mention.ref, mention.name, line
        passed: set[str] = set()
        while mention.ref is not None:
            quotes = {
                key: named[0] for key, named in self.named.items() if named[0].fact.kind == "quote"
            }
            if mention.ref not in quotes:
                inside = (each.fact for each in self.lines if each.offset == source.offset)
                error = unknown_reference(key, mention.ref, inside)
                if error is not None:
                    raise placed(error, self.path, source.fact.line)
                message, remedy = unknown("quote", f"@{mention.ref}", [f"@{key}" for key in quotes])
                raise GoldError(message, line=line.fact.line, remedy=remedy)
            if mention.ref in passed:
                raise GoldError(
                    f"@{start} leads back to itself",
                    line=line.fact.line,
                    remedy="name the speaker at one of the quotes",
                )
            passed.add(mention.ref)
            reached = self._mention(self._parts(quotes[mention.ref]), "by")
            if reached is None:
                return None, source, name
            mention, source = reached
            name = name or mention.name
        return mention, source, name

    def _place(self, line: _PlacedLine, fragment: Fragment | None, key: str) -> Span | None:
        """The span of a mention; the error says how to write a speaker of another paragraph."""
        if fragment is None:
            return None
        try:
            return line.span(fragment)
        except GoldError as error:
            remedy = error.remedy
            if isinstance(fragment, Words) and not hits(fragment.text, line.paragraph.text or ""):
                elsewhere = (hits(fragment.text, each.text or "") for each in self.paragraphs)
                if any(elsewhere):
                    remedy = f"it stands in another one: write {key}: - = {fragment.text}"
            raise GoldError(f"{key}: {error.message}", line=error.line, remedy=remedy) from None

    def _words(self, span: Span | None) -> str:
        """The words of ``span``; empty when the text is withheld."""
        for line in self.lines:
            text = line.paragraph.text
            if span and text and 0 <= span.start - line.offset < line.paragraph.length:
                return text[span.start - line.offset : span.end - line.offset].replace("\n", " ")
        return ""
