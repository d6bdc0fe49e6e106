"""Tells the format of files from their names and from what they begin with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from factharness.convert.text import decode_raw, read_json
from factharness.errors import GoldError

AUTO = "auto"
BESIDE = (".txt", ".xml", ".conf")
"""Files that stand beside others: texts of brat, a type system, a configuration."""
BY_SUFFIX = {
    ".ann": "brat",
    ".spacy": "spacy",
    ".xmi": "xmi",
    ".conll": "iob2",
    ".conllu": "iob2",
    ".iob": "iob2",
}
REMEDY = "name the format; factharness gold import --formats lists them"


def detect(files: Mapping[str, bytes]) -> str:
    """The format of ``files``. Raises :class:`GoldError` where it cannot be told, or where they differ."""
    formats = {file: _format_of(raw, file) for file, raw in files.items()}
    if set(formats.values()) == {None}:
        raise GoldError(f"{', '.join(files)}: of no known format", remedy=REMEDY)
    first, *others = {name: file for file, name in formats.items() if name is not None}.items()
    if others:
        (one, file), (two, other) = first, others[0]
        raise GoldError(f"{file} looks like {one}, {other} like {two}", remedy=REMEDY)
    return first[0]


def _format_of(raw: bytes, file: str) -> str | None:
    """The format of a file, None of one that stands beside others."""
    suffix = PurePath(file).suffix
    if suffix in BESIDE:
        return None
    if suffix in BY_SUFFIX:
        return BY_SUFFIX[suffix]
    source = decode_raw(raw, file)
    if suffix in (".json", ".jsonl"):
        return _format_of_json(_first_object(source, suffix, file), file)
    if source.startswith("#FORMAT=WebAnno"):
        return "webanno"
    lines = (line for line in source.split("\n") if line.strip() and not line.startswith("#"))
    return "hipe" if next(lines, "").startswith("TOKEN\tNE-") else "iob2"


def _first_object(source: str, suffix: str, file: str) -> Any:
    if suffix == ".jsonl":
        source = next((line for line in source.split("\n") if line.strip()), "{}")
    found = read_json(source, file)
    return (found or [{}])[0] if isinstance(found, list) else found


def _format_of_json(value: Any, file: str) -> str:
    if isinstance(value, list):
        return "spacy-json"
    if isinstance(value, Mapping):
        if isinstance(value.get("data"), Mapping):
            return "label-studio"
        if "answer" in value or "_input_hash" in value or isinstance(value.get("tokens"), list):
            return "prodigy"
        if "ents" in value or isinstance(value.get("spans"), Mapping):
            return "spacy-json"
        if value.keys() & {"entities", "label", "labels", "annotations"}:
            return "doccano"
    raise GoldError("JSON of no known format", file=file, remedy=REMEDY)
