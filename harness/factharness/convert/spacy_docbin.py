"""spaCy's DocBin: what ``spacy train`` reads. Needs spaCy.

The same span group, ``ents`` and extras as :mod:`factharness.convert.spacy_json`, on tokens that are cut at
every edge of a region. Extras are in ``Doc.user_data``. Texts come back character by character."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from factharness.convert.docbin_bounds import Damaged, TooLarge, check_bounds, unpacked
from factharness.convert.jsonish import JsonValue
from factharness.convert.model import (
    MarkedText,
    Notes,
    Read,
    Written,
    plain_label,
)
from factharness.convert.spacy_json import GROUP, extras, from_object
from factharness.convert.stretches import numbered
from factharness.convert.tokens import edges_of, flat, tokenise
from factharness.errors import BackendUnavailable, GoldError
from factharness.facts import Span

EXTRAS = "factharness"
DAMAGED = "write it again with DocBin.to_disk, and copy it whole"


def read(files: Mapping[str, bytes]) -> Read:
    """The documents of ``.spacy`` files."""
    spacy = _spacy()
    documents: list[MarkedText] = []
    notes = Notes()
    for file, raw in files.items():
        places = (JsonValue(value, file, None) for value in _objects(raw, file, spacy))
        documents += numbered(
            places, file, lambda place, name: from_object(place, name, notes, sure=True)
        )
    return Read(tuple(documents), notes)


def write(documents: Sequence[MarkedText]) -> Written:
    """One file of all documents. Nothing is lost."""
    spacy = _spacy()
    packed = spacy.tokens.DocBin(store_user_data=True)
    for document in documents:
        packed.add(_doc(document, spacy))
    return Written({"facts.spacy": packed.to_bytes()})


def _spacy() -> Any:
    try:
        import spacy
        import spacy.strings
        import spacy.tokens
        import spacy.vocab
    except ImportError:
        raise BackendUnavailable(
            "spaCy is not installed", remedy="pip install 'factharness[spacy]'"
        ) from None
    return spacy


def _objects(raw: bytes, file: str, spacy: Any) -> Iterator[dict[str, Any]]:
    """The documents of a DocBin as spaCy's JSON has them, one at a time."""
    import gc

    import srsly  # type: ignore[import-untyped]

    collecting = gc.isenabled()
    try:
        check_bounds(unpacked(raw), srsly.msgpack_loads, spacy.strings.hash_string)
        for doc in spacy.tokens.DocBin().from_bytes(raw).get_docs(spacy.vocab.Vocab()):
            yield _object(doc)
    except TooLarge as error:
        raise GoldError(
            f"unpacks to more than {error}",
            file=file,
            remedy="split it: DocBin(docs=docs[:500]).to_disk(...), and so on",
        ) from None
    except Damaged as error:
        raise GoldError(f"is not a whole DocBin: {error}", file=file, remedy=DAMAGED) from None
    except Exception as error:  # spaCy raises whatever the content leads to
        reason = " ".join(" ".join(map(str, error.args)).split())[:120] or type(error).__name__
        raise GoldError(
            f"is not a whole DocBin, spaCy says: {reason}", file=file, remedy=DAMAGED
        ) from None
    finally:
        if (
            collecting
        ):  # srsly stops the collection, and where reading fails does not start it again
            gc.enable()


def _doc(document: MarkedText, spacy: Any) -> Any:
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
