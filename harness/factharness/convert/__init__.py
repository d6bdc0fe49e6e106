"""Reads and writes gold in the formats of other tools, one module per format.

A format is converted to and from marked texts (``model``). ``FORMATS`` names the formats; a module is imported
when its format is used. ``detect`` recognises a format, ``mapping`` reads ``--map``, ``account`` counts what an
import has and lost, ``losses`` what an export loses.

What several formats share: ``text`` decodes files, ``offsets`` converts offsets, ``tokens`` cuts texts and
``tags`` writes and reads their tags, ``columns`` reads columns of words and tags, ``jsonish`` reads JSON and
``stretches`` the labelled stretches in it, ``layers`` names layers about grammar. ``brat_config``,
``label_studio_config`` and ``docbin_bounds`` belong to one format each.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from factharness.convert.account import Account, check_understood
from factharness.convert.losses import lost_of_articles
from factharness.convert.mapping import read_map
from factharness.convert.model import (
    Format,
    MarkedText,
    Notes,
    Read,
    TagReading,
    Written,
    mark,
    unmark,
)
from factharness.convert.offsets import in_normal_form
from factharness.errors import GoldError, unknown
from factharness.facts import GoldArticle
from factharness.labels import ENTITY_LABELS


class ListedFormat(Struct, frozen=True):
    """An entry of ``FORMATS``: the module of a format, the suffixes of its files, and which of
    :data:`factharness.convert.losses.PARTS` it cannot carry."""

    module: str
    suffixes: tuple[str, ...]
    title: str
    loses: tuple[str, ...] = ()


_OF_ARTICLE = ("date of publication", "time of publication", "language", "meta")
_COLUMNS = (
    *_OF_ARTICLE,
    "white space",
    "quotes",
    "don't care",
    "values",
    "names of speakers",
    "metonymy",
    "notes",
    "inner facts",
    "facts inside inner facts",
    "facts at one place",
    "places inside words",
)
_CONLL = (".conll", ".iob", ".txt", ".tsv")

FORMATS: dict[str, ListedFormat] = {
    "brat": ListedFormat("brat", (".txt", ".ann"), "brat standoff", _OF_ARTICLE),
    "doccano": ListedFormat(
        "doccano",
        (".jsonl", ".json"),
        "doccano JSONL",
        ("values", "names of speakers", "metonymy", "notes", "facts at one place"),
    ),
    "label-studio": ListedFormat("label_studio", (".json",), "Label Studio JSON"),
    "prodigy": ListedFormat("prodigy", (".jsonl",), "Prodigy JSONL", ("facts at one place",)),
    "iob2": ListedFormat("conll:iob2", _CONLL, "CoNLL columns, IOB2", _COLUMNS),
    "iobes": ListedFormat("conll:iobes", _CONLL, "CoNLL columns, IOBES", _COLUMNS),
    "hipe": ListedFormat(
        "hipe",
        (".tsv",),
        "HIPE TSV",
        tuple(
            part
            for part in _COLUMNS
            if part not in ("date of publication", "language", "metonymy", "inner facts")
        ),
    ),
    "spacy": ListedFormat("spacy_docbin", (".spacy",), "spaCy DocBin"),
    "spacy-json": ListedFormat("spacy_json", (".json", ".jsonl"), "spaCy JSON"),
    "webanno": ListedFormat(
        "webanno_tsv", (".tsv",), "WebAnno TSV 3", (*_OF_ARTICLE, "white space")
    ),
    "xmi": ListedFormat("xmi", (".xmi", ".xml"), "UIMA XMI", ("control characters",)),
}


def format_named(name: str, reading: TagReading | None = None) -> Format:
    """The format called ``name``; ``reading`` says how its tags are read.

    Raises :class:`GoldError` when there is no such format, and for a ``reading`` where it has no tags."""
    if name not in FORMATS:
        message, remedy = unknown("format", name, FORMATS)
        raise GoldError(message, remedy=remedy)
    module, _, scheme = FORMATS[name].module.partition(":")
    found = importlib.import_module(f"factharness.convert.{module}")
    if scheme:
        return found.Conll(scheme, reading or TagReading())  # type: ignore[no-any-return]
    if name == "hipe":
        return found.Hipe(reading or TagReading())  # type: ignore[no-any-return]
    if reading is not None:
        raise GoldError(
            f"the format {name!r} has no tags", remedy="leave out the scheme and what is invalid"
        )
    return found


class Labelled(Struct, frozen=True):
    """An article that was imported, and who labelled it, empty where the file does not say."""

    gold: GoldArticle
    annotator: str = ""


def import_gold(
    name: str,
    files: Mapping[str, bytes],
    *,
    table: Mapping[str, str] | None = None,
    reading: TagReading | None = None,
    allow_empty: bool = False,
) -> tuple[list[GoldArticle], Notes]:
    """The articles of :func:`import_labellings`, without the names of those who labelled them."""
    labellings, notes = import_labellings(
        name, files, table=table, reading=reading, allow_empty=allow_empty
    )
    return [each.gold for each in labellings], notes


def import_labellings(
    name: str,
    files: Mapping[str, bytes],
    *,
    table: Mapping[str, str] | None = None,
    reading: TagReading | None = None,
    allow_empty: bool = False,
) -> tuple[list[Labelled], Notes]:
    """The articles in ``files`` of the format ``name``, their texts in normal form, and what was left out or
    mended. An article that several people labelled is there once for each of them.

    ``table`` maps labels to the gold's (:func:`factharness.convert.mapping.read_map`); ``reading`` says how
    tags are read. Raises :class:`GoldError` for files that are not of the format, as :func:`format_named`
    does, and for a file that holds annotations of which none could be read, unless ``allow_empty``."""
    found = format_named(name, reading).read(files)
    if not allow_empty:
        check_understood(found.documents, found.notes)
    labellings = []
    for document in found.documents:
        moved, vanished = in_normal_form(document)
        article, unmapped = unmark(moved, table)
        for notes in (vanished, unmapped):
            found.notes.take(notes, where=document.id)
        labellings.append(Labelled(article, document.annotator))
    return labellings, found.notes


def export_gold(
    name: str, articles: Sequence[GoldArticle], labels: tuple[str, ...] = ENTITY_LABELS
) -> Written:
    """``articles`` as files of the format ``name``, and what the format cannot hold of them.

    ``labels`` are those that their gold sets have for entities, also where no article uses them.
    """
    marked = [structs.replace(mark(article), labels=labels) for article in articles]
    written = format_named(name).write(marked)
    lost = lost_of_articles([each.article for each in articles], FORMATS[name].loses)
    return structs.replace(written, notes=(*lost.lines(), *written.notes))


__all__ = [
    "FORMATS",
    "Account",
    "Format",
    "Labelled",
    "MarkedText",
    "Notes",
    "Read",
    "TagReading",
    "Written",
    "export_gold",
    "format_named",
    "import_gold",
    "import_labellings",
    "read_map",
]
