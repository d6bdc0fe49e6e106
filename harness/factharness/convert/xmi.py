"""UIMA XMI, with its type system, through dkpro-cassis: for WebAnno and INCEpTION.

Every fragment of a region is an annotation ``webanno.custom.Fact``, links are ``webanno.custom.FactLink``
between two of them, and ``webanno.custom.Article`` holds id, language, date and meta. Other people's files
need their type system beside them; of those every annotation with a string feature ``value``, or else the
first string feature, is a region, but for words, grammar and relations, and those of a second view. UIMA
counts UTF-16 units; dkpro-cassis converts them."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from factharness.convert.jsonish import JsonValue
from factharness.convert.layers import is_grammar
from factharness.convert.model import (
    CONTINUES,
    LINKS,
    Link,
    MarkedText,
    Notes,
    Read,
    Region,
    Written,
    in_fragments,
    joined,
)
from factharness.convert.text import decode_raw, read_json
from factharness.errors import BackendUnavailable, GoldError
from factharness.facts import Span

FACT, LINK, ARTICLE = "webanno.custom.Fact", "webanno.custom.FactLink", "webanno.custom.Article"
FEATURES = {
    FACT: ("label", "region", "fields"),
    LINK: ("label",),
    ARTICLE: ("articleId", "lang", "published", "meta"),
}
ANNOTATION = "uima.tcas.Annotation"
ENDS = ("Governor", "Dependent")
_UNKNOWN = re.compile(r"Type with name \[([^]]*)\] not found")
_WORDS = (".Token", ".Sentence", ".DocumentMetaData", ".DocumentAnnotation")
"""Types that say nothing of facts, and are in every file."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read(files: Mapping[str, bytes]) -> Read:
    """The documents of ``.xmi`` files; a ``.xml`` file among them is their type system."""
    cassis = _cassis()
    notes = Notes()
    systems = [name for name in files if name.endswith(".xml")]
    system = _system(cassis)
    if systems:
        source = _safe(files[systems[0]], systems[0])
        system = _loaded(lambda: cassis.load_typesystem(source), systems[0], notes)
    documents = []
    for name, raw in files.items():
        if name in systems:
            continue
        source = _safe(raw, name)
        cas = _loaded(
            lambda source=source: cassis.load_cas_from_xmi(
                source, typesystem=system, lenient=not systems
            ),
            name,
            notes,
        )
        documents.append(_document(cas, name, notes))
    if not documents:
        raise GoldError("no .xmi file", remedy="give NAME.xmi, and TypeSystem.xml beside it")
    return Read(tuple(documents), notes)


def write(documents: Sequence[MarkedText]) -> Written:
    """One ``.xmi`` per document and one ``TypeSystem.xml``."""
    cassis = _cassis()
    notes = Notes()
    system = _system(cassis)
    files = {"TypeSystem.xml": system.to_xml().encode()}
    for document in documents:
        text = _NOT_XML.sub("\ufffd", document.text)
        notes.add(
            "characters that XML cannot hold, replaced by U+FFFD",
            len(_NOT_XML.findall(document.text)),
        )
        files[f"{document.id}.xmi"] = (
            _cas(in_fragments(document), text, cassis, system).to_xmi().encode()
        )
    return Written(files, notes.lines())


def _cassis() -> Any:
    try:
        import cassis  # type: ignore[import-untyped]
    except ImportError:
        raise BackendUnavailable(
            "dkpro-cassis is not installed", remedy="pip install 'factharness[uima]'"
        ) from None
    return cassis


def _system(cassis: Any) -> Any:
    system = cassis.TypeSystem()
    for name, features in FEATURES.items():
        made = system.create_type(name=name, supertypeName=ANNOTATION)
        for feature in features:
            system.create_feature(domainType=made, name=feature, rangeType="uima.cas.String")
        if name == LINK:
            for end in ENDS:
                system.create_feature(domainType=made, name=end, rangeType=FACT)
    return system


def _safe(raw: bytes, file: str) -> str:
    """The XML, if it declares no document type, whose entities could expand to gigabytes.

    Raises ``GoldError``.
    """
    source = decode_raw(raw, file)
    if "<!DOCTYPE" in source or "<!ENTITY" in source:
        raise GoldError(
            "declares a document type or entities, which UIMA never does",
            file=file,
            remedy="export it from UIMA again; such a file may be made to exhaust the memory",
        )
    return re.sub(r"^<\?xml[^>]*\?>", '<?xml version="1.0" encoding="UTF-8"?>', source, count=1)


def _loaded(load: Any, file: str, notes: Notes) -> Any:
    """What ``load`` gives. Its warnings are noted: dkpro-cassis warns of each annotation that it leaves out."""
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            warnings.filterwarnings("error", "Not mapping external offset")
            found = load()
    except Exception as error:  # whatever the file makes the libraries raise
        reason = re.sub(r"\s+", " ", str(error))[:120] or type(error).__name__
        raise GoldError(
            f"is not UIMA XMI: {reason}",
            file=file,
            remedy="give the file as exported, with its TypeSystem.xml",
        ) from None
    for warning in caught:
        text = re.sub(r"\s+", " ", str(warning.message))
        unknown = _UNKNOWN.search(text)
        if unknown:
            notes.leave_out(f"{unknown[1]!r}, which no type system describes", where=file)
        else:
            notes.add(f"dkpro-cassis says: {text}", where=file)
    return found


def _cas(document: MarkedText, text: str, cassis: Any, system: Any) -> Any:
    cas = cassis.Cas(typesystem=system)
    cas.sofa_string = text
    cas.sofa_mime = "text/plain"
    made = {}
    for region in document.regions:
        made[region.id] = system.get_type(FACT)(
            begin=region.spans[0].start,
            end=region.spans[0].end,
            label=region.label,
            region=region.id,
            fields=_json(region.fields),
        )
        cas.add(made[region.id])
    for link in document.links:
        ends = made[link.source], made[link.target]
        cas.add(
            system.get_type(LINK)(
                begin=ends[1].begin,
                end=ends[1].end,
                label=link.label,
                Governor=ends[0],
                Dependent=ends[1],
            )
        )
    cas.add(
        system.get_type(ARTICLE)(
            begin=0,
            end=len(text),
            articleId=document.id,
            lang=document.lang,
            published=document.published.isoformat() if document.published is not None else None,
            meta=_json(document.meta),
        )
    )
    return cas


def _json(fields: Mapping[str, str]) -> str | None:
    return _NOT_XML.sub("\ufffd", json.dumps(fields, ensure_ascii=False)) if fields else None


def _document(cas: Any, file: str, notes: Notes) -> MarkedText:
    text = cas.sofa_string or ""
    try:
        known = {kind.name for kind in cas.typesystem.get_types()}
        facts = list(cas.select(FACT)) if FACT in known else []
        links = list(cas.select(LINK)) if LINK in known else []
        articles = list(cas.select(ARTICLE)) if ARTICLE in known else []
        regions = [_region(fact, number, text, file) for number, fact in enumerate(facts, 1)]
        regions += _foreign(cas, text, file, notes)
    except GoldError:
        raise
    except Exception as error:
        raise GoldError(
            f"is not UIMA XMI: {type(error).__name__}: {error}", file=file, remedy="export it again"
        ) from None
    found = []
    for link in links:
        source, target = (getattr(getattr(link, end), "region", None) for end in ENDS)
        if link.label in (*LINKS, CONTINUES) and source and target:
            found.append(Link(link.label, source, target))
        else:
            notes.leave_out("a link without label or ends", where=file)
    said = articles[0] if articles else None
    more = JsonValue(
        None
        if said is None
        else {
            "id": said.articleId,
            "lang": said.lang,
            "published": said.published,
            "meta": read_json(said.meta, file) if said.meta else None,
        },
        file,
        None,
    )
    if more.value is None:
        return joined(
            MarkedText(PurePath(file).stem, text, tuple(regions), tuple(found), file=file)
        )
    return joined(
        MarkedText(
            more.get("id").name(PurePath(file).stem),
            text,
            tuple(regions),
            tuple(found),
            more.get("published").day(),
            more.get("lang").text("fr"),
            more.get("meta").strings(),
            file,
        )
    )


def _region(fact: Any, number: int, text: str, file: str) -> Region:
    fields = JsonValue(read_json(fact.fields, file), file, None).strings() if fact.fields else {}
    return Region(fact.region or f"T{number}", (_span(fact, text, file),), fact.label or "", fields)


def _span(annotation: Any, text: str, file: str) -> Span:
    begin, end = annotation.begin, annotation.end
    if not (isinstance(begin, int) and isinstance(end, int) and 0 <= begin < end <= len(text)):
        raise GoldError(
            f"[{begin}, {end}) is no stretch of a text of {len(text)} characters",
            file=file,
            remedy="check that the file is whole",
        )
    return Span(begin, end)


def _foreign(cas: Any, text: str, file: str, notes: Notes) -> list[Region]:
    """Annotations of other layers: the label is the feature ``value``, else the first string feature."""
    regions: list[Region] = []
    for name in {view.sofa.sofaID for view in cas.views} - {"_InitialView"}:
        others = len(list(cas.get_view(name).select(ANNOTATION)))
        notes.leave_out(f"an annotation of the view {name!r}", others, where=file)
    for annotation in cas.select(ANNOTATION):
        kind = annotation.type
        if kind.name.endswith(_WORDS) or kind.name in FEATURES:
            continue
        features = {feature.name: feature.rangeType.name for feature in kind.all_features}
        strings = sorted(name for name, held in features.items() if held == "uima.cas.String")
        chosen = "value" if "value" in strings else next(iter(strings), None)
        label = getattr(annotation, chosen, None) if chosen else None
        if is_grammar(kind.name):
            notes.leave_out(f"an annotation {kind.name} of grammar", where=file)
        elif features.keys() >= set(ENDS):
            notes.leave_out(f"a relation {kind.name}", where=file)
        elif not isinstance(label, str):
            notes.leave_out(f"an annotation {kind.name} without a label", where=file)
        elif annotation.begin == annotation.end:
            notes.leave_out(f"an annotation {kind.name} of no width", where=file)
        else:
            name = f"L{len(regions) + 1}"
            regions.append(Region(name, (_span(annotation, text, file),), label))
    return regions
