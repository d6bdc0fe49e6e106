"""spaCy's DocBin: what ``spacy train`` reads. Needs spaCy.

The same span group, ``ents`` and extras as :mod:`factharness.convert.spacy_json`, on tokens that are cut at
every edge of a region. Extras are in ``Doc.user_data``. Texts come back character by character."""

from __future__ import annotations

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import PurePath
from typing import Any

from msgspec import structs

from factharness.convert.jsonish import Place
from factharness.convert.model import (
    Marked,
    Notes,
    Read,
    Written,
    plain_label,
)
from factharness.convert.spacy_json import GROUP, extras, from_object
from factharness.convert.tokens import edges_of, flat, tokenise
from factharness.errors import BackendUnavailable, GoldError
from factharness.facts import Span

EXTRAS = "factharness"
LARGEST = 500_000_000
"""Bytes that an archive may unpack to; a DocBin of 1000 articles has a few millions."""


def read(files: Mapping[str, bytes]) -> Read:
    """The documents of ``.spacy`` files."""
    spacy = _spacy()
    documents: list[Marked] = []
    notes = Notes()
    for file, raw in files.items():
        _check_size(raw, file)
        vocab = spacy.vocab.Vocab()
        try:
            docs = list(spacy.tokens.DocBin().from_bytes(raw).get_docs(vocab))
        except Exception as error:  # the archive's content decides what is raised
            raise GoldError(
                f"is not a DocBin: {type(error).__name__}", file=file, remedy="give a .spacy file"
            ) from None
        for number, doc in enumerate(docs, 1):
            place = Place(_object(doc), file, None)
            found = from_object(place, f"{PurePath(file).stem}-{number}", notes, sure=True)
            if found is not None:
                documents.append(structs.replace(found, file=file))
    return Read(tuple(documents), notes)


def write(documents: Sequence[Marked]) -> Written:
    """One file of all documents. Nothing is lost."""
    spacy = _spacy()
    packed = spacy.tokens.DocBin(store_user_data=True)
    for document in documents:
        packed.add(_doc(document, spacy))
    return Written({"facts.spacy": packed.to_bytes()})


def _spacy() -> Any:
    try:
        import spacy
        import spacy.tokens
        import spacy.vocab
    except ImportError:
        raise BackendUnavailable(
            "spaCy is not installed", remedy="pip install 'factharness[spacy]'"
        ) from None
    return spacy


def _check_size(raw: bytes, file: str) -> None:
    """Unpack into nothing, and stop when it gets too large."""
    unpacker, size = zlib.decompressobj(), 0
    rest = raw
    try:
        while rest:
            size += len(unpacker.decompress(rest, 1 << 20))
            rest = unpacker.unconsumed_tail
            if size > LARGEST:
                raise GoldError(
                    f"unpacks to more than {LARGEST:,} bytes", file=file, remedy="split the DocBin"
                )
    except zlib.error:
        raise GoldError("is not a DocBin", file=file, remedy="give a .spacy file") from None


def _doc(document: Marked, spacy: Any) -> Any:
    """Words are tokens and the white space that is more than the one space after a token."""
    words: list[str] = []
    spaces: list[bool] = []
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}

    def add(text: str, at: int, space: bool) -> None:
        starts[at], ends[at + len(text)] = len(words), len(words) + 1
        words.append(text)
        spaces.append(space)

    edges = sorted({*edges_of(document.regions), 0, len(document.text)})
    opening = {span.start for region in document.regions for span in region.spans}
    closing = {span.end for region in document.regions for span in region.spans}
    tokens = tokenise(document.text, edges)
    at = 0
    for token in tokens:
        _blank(document.text[at : token.start], at, edges, add)
        space = (
            token.after.startswith(" ")
            and token.end not in opening
            and token.end + 1 not in closing
        )
        add(token.text, token.start, space)
        at = token.end + space
    _blank(document.text[at:], at, edges, add)
    doc = spacy.tokens.Doc(spacy.vocab.Vocab(), words=words, spaces=spaces)

    def span(place: Span, label: str, value: str = "", name: str = "") -> Any:
        return spacy.tokens.Span(
            doc, starts[place.start], ends[place.end], label=label, kb_id=value, span_id=name
        )

    doc.spans[GROUP] = [
        span(place, plain_label(region), region.fields.get("value", ""), region.id)
        for region in document.regions
        for place in region.spans
    ]
    outer = [
        Span(region.spans[0].start, region.spans[-1].end) for region in flat(document, Notes())
    ]
    labels = [region.label for region in flat(document, Notes())]
    doc.set_ents([span(place, label) for place, label in zip(outer, labels, strict=True)])
    doc.user_data[EXTRAS] = extras(document)
    return doc


def _blank(text: str, at: int, edges: Sequence[int], add: Any) -> None:
    """White space as tokens of its own, cut at the edges in it."""
    within = edges[bisect_right(edges, at) : bisect_left(edges, at + len(text))]
    cuts = [0, *(edge - at for edge in within), len(text)]
    for start, end in pairwise(cuts):
        if start < end:
            add(text[start:end], at + start, False)


def _object(doc: Any) -> dict[str, Any]:
    """A document as spaCy's JSON has it, with every span group."""
    return {
        "text": doc.text,
        "ents": [_stretch(entity) for entity in doc.ents],
        "spans": {
            name: [_stretch(span) | {"id": span.id_} for span in group]
            for name, group in doc.spans.items()
        },
        "cats": doc.cats,
        "_": doc.user_data.get(EXTRAS),
    }


def _stretch(span: Any) -> dict[str, Any]:
    return {
        "start": span.start_char,
        "end": span.end_char,
        "label": span.label_,
        "kb_id": span.kb_id_,
    }
