"""spaCy's DocBin: what ``spacy train`` reads. Needs spaCy.

The same span group, ``ents`` and extras as :mod:`factharness.convert.spacy_json`, on the tokens of spaCy's
tokeniser. Extras are in ``Doc.user_data``, and with them the place of a stretch that begins or ends inside a
token, so that it comes back as it was unless somebody moved it. Texts come back character by character."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from factharness.convert.tokens import Token, covering, fitted, flat
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
    """One file of all documents."""
    spacy = _spacy()
    tokenisers = _Tokenisers(spacy)
    packed = spacy.tokens.DocBin(store_user_data=True)
    notes = Notes()
    for document in documents:
        doc = _doc(document, tokenisers, spacy)
        labels = {region.id: region.label for region in document.regions}
        for name in doc.user_data[EXTRAS]["places"]:
            notes.add(f"{labels[name]} widened to spaCy's tokens, its own place in user_data")
        packed.add(doc)
    return Written({"facts.spacy": packed.to_bytes()}, notes.lines())


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
    except Exception as error:  # spaCy raises exceptions of many classes for damaged content
        reason = " ".join(" ".join(map(str, error.args)).split())[:120] or type(error).__name__
        raise GoldError(
            f"is not a whole DocBin, spaCy says: {reason}", file=file, remedy=DAMAGED
        ) from None
    finally:
        if (
            collecting
        ):  # srsly stops the garbage collector, and does not start it again when reading fails
            gc.enable()


def _doc(document: MarkedText, tokenisers: _Tokenisers, spacy: Any) -> Any:
    """A document of spaCy. Stretches that its tokens do not fit are widened; their places are in the extras."""
    doc = tokenisers.of(document.lang)(document.text)
    tokens = [
        Token(token.idx, token.idx + len(token), token.text, token.whitespace_) for token in doc
    ]

    def span(place: Span, label: str, value: str = "", name: str = "") -> Any:
        inside = covering(tokens, place)
        return spacy.tokens.Span(
            doc, inside[0], inside[-1] + 1, label=label, kb_id=value, span_id=name
        )

    doc.spans[GROUP] = [
        span(place, plain_label(region), region.fields.get("value", ""), region.id)
        for region in document.regions
        for place in region.spans
    ]
    named = flat(document, tokens, Notes())
    doc.set_ents([span(region.spans[0], region.label) for region in named])
    doc.user_data[EXTRAS] = extras(document) | {"places": _places(document, tokens)}
    return doc


def _places(document: MarkedText, tokens: Sequence[Token]) -> dict[str, list[list[int]]]:
    """The regions that no tokens fit, by id: for each stretch the tokens that hold it, and its own edges."""
    places = {
        region.id: [(fitted(span, tokens) or span, span) for span in region.spans]
        for region in document.regions
    }
    return {
        name: [[whole.start, whole.end, own.start, own.end] for whole, own in pairs]
        for name, pairs in places.items()
        if any(whole != own for whole, own in pairs)
    }


class _Tokenisers:
    """The tokenisers of spaCy, by language: ``spacy train`` has no others, and skips what does not fit them."""

    def __init__(self, spacy: Any) -> None:
        self.spacy = spacy
        self.made: dict[str, Any] = {}

    def of(self, lang: str) -> Any:
        """The tokeniser of a language; that of no language in particular where spaCy has none for it."""
        if lang not in self.made:
            try:
                pipeline = self.spacy.blank(lang)
            except ImportError:
                pipeline = self.spacy.blank("xx")
            self.made[lang] = pipeline.tokenizer
        return self.made[lang]


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
