"""Label Studio JSON: a list of tasks, each with ``data.text`` and the results of its first annotation.

A stretch is a ``labels`` result; what is said of it are further results with the same id: don't care and the
type of a quote as ``choices``, all else as ``textarea``. Fragments, speakers and cues are ``relation``
results. Label Studio runs in a browser and counts UTF-16 units: so does the export, and the import knows by
the words which unit it has before it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from factharness.convert.jsonish import Place
from factharness.convert.model import (
    CONTINUES,
    LINKS,
    Link,
    Marked,
    Notes,
    Read,
    Region,
    Written,
    from_plain_label,
    in_fragments,
    joined,
)
from factharness.convert.offsets import Claim, resolve, to_utf16
from factharness.convert.text import decode_raw, read_json
from factharness.facts import Span

CHOICES = ("ignore", "type")


def read(files: Mapping[str, bytes]) -> Read:
    """The tasks of ``.json`` files."""
    documents: list[Marked] = []
    notes = Notes()
    for file, raw in files.items():
        found = read_json(decode_raw(raw, file), file)
        tasks = Place(found if isinstance(found, list) else [found], file, None)
        for number, task in enumerate(tasks.items(), 1):
            documents.append(_document(task, f"{PurePath(file).stem}-{number}", notes))
    return Read(tuple(documents), notes)


def write(documents: Sequence[Marked]) -> Written:
    """One file of all tasks. Nothing is lost."""
    tasks = [_task(in_fragments(document)) for document in documents]
    source = json.dumps(tasks, ensure_ascii=False, indent=1)
    return Written({"label-studio.json": source.encode()})


def _task(document: Marked) -> dict[str, Any]:
    units = to_utf16(document.text)
    result: list[dict[str, Any]] = []
    for region in document.regions:
        span = region.spans[0]
        place = {
            "start": units[span.start],
            "end": units[span.end],
            "text": span.of(document.text),
        }
        result.append(_result(region.id, "label", "labels", place | {"labels": [region.label]}))
        for key, text in region.fields.items():
            kind = "choices" if key in CHOICES else "textarea"
            said = {"choices" if kind == "choices" else "text": [text]}
            result.append(
                _result(region.id, key, kind, {"start": place["start"], "end": place["end"]} | said)
            )
    for link in document.links:
        result.append(
            {
                "type": "relation",
                "from_id": link.source,
                "to_id": link.target,
                "direction": "right",
                "labels": [link.label],
            }
        )
    data: dict[str, Any] = {"text": document.text, "id": document.id, "lang": document.lang}
    if document.published is not None:
        data["published"] = document.published.isoformat()
    return {"data": data, "meta": document.meta, "annotations": [{"result": result}]}


def _result(name: str, source: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "from_name": source, "to_name": "text", "type": kind, "value": value}


def _document(task: Place, name: str, notes: Notes) -> Marked:
    data = task.get("data")
    text = data.get("text").text()
    annotations = list(task.get("annotations").items()) or list(task.get("predictions").items())
    notes.leave_out("a second annotation of a task", max(0, len(annotations) - 1))
    results = list(annotations[0].get("result").items()) if annotations else []
    claims: dict[str, tuple[Claim, str]] = {}
    fields: dict[str, dict[str, str]] = {}
    links: list[Link] = []
    for number, result in enumerate(results):
        kind = result.get("type").text("")
        value = result.get("value")
        if kind == "relation":
            labels = [label.text() for label in result.get("labels").items()]
            link = next((label for label in labels if label in (*LINKS, CONTINUES)), None)
            if link is None:
                notes.leave_out(f"relation {', '.join(labels) or 'without a label'}")
            else:
                links.append(
                    Link(link, result.get("from_id").name(""), result.get("to_id").name(""))
                )
        elif kind == "labels":
            labels = [label.text() for label in value.get("labels").items()]
            if not labels:
                raise result.error("has no label")
            notes.leave_out("a second label of a stretch", len(labels) - 1)
            said = value.get("text").value
            words = said if isinstance(said, str) else None
            start, end = value.get("start").number(), value.get("end").number()
            key = result.get("id").name(f"r{number}")
            claims[key] = (Claim(start, end, words), labels[0])
        elif kind in ("choices", "textarea"):
            said = [
                item.text()
                for item in value.get("choices" if kind == "choices" else "text").items()
            ]
            key = result.get("id").name(f"r{number}")
            fields.setdefault(key, {})[result.get("from_name").text("note")] = " ".join(said)
        else:
            notes.leave_out(f"a result of type {kind!r}")
    spans, unit = resolve(
        text, [claim for claim, _ in claims.values()], task.file, prefer="UTF-16 units"
    )
    if unit == "code points":
        notes.add("offsets in code points, taken as they are")
    regions = [
        _region(key, span, label, fields)
        for (key, (_, label)), span in zip(claims.items(), spans, strict=True)
    ]
    return joined(
        Marked(
            data.get("id").name(task.get("id").name(name)),
            text,
            tuple(regions),
            tuple(links),
            data.get("published").day(),
            data.get("lang").text("fr"),
            task.get("meta").strings(),
        )
    )


def _region(key: str, span: Span, label: str, fields: Mapping[str, dict[str, str]]) -> Region:
    bare, more = from_plain_label(label)
    return Region(key, (span,), bare, more | fields.get(key, {}))
