"""Label Studio JSON: a list of tasks, each with ``data.text`` and the results of its annotations.

A stretch is a ``labels`` result; what is said of it are further results with the same id: don't care and the
type of a quote as ``choices``, all else as ``textarea``. Fragments, speakers and cues are ``relation``
results. The configuration that a project needs for these is written beside the tasks. Label Studio counts code
points; files of other programs may count UTF-16 units, which the stated words show.

Of several annotations the ground truth is read; without one, each is a labelling of its annotator. Those that
were cancelled are not read, and predictions only of a task without annotations, as unconfirmed facts. JSON-MIN
is read too, and ``completions``, as releases before 1.0 called annotations."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from factharness.convert.jsonish import JsonValue
from factharness.convert.label_studio_config import CHOICES, configuration
from factharness.convert.model import (
    CONTINUES,
    LINKS,
    Link,
    MarkedText,
    Notes,
    Read,
    Region,
    Written,
    from_plain_label,
    in_fragments,
    joined,
)
from factharness.convert.offsets import Claim, resolve
from factharness.convert.stretches import (
    accepted,
    distinct,
    label_of,
    look_at_others,
    marked,
    read_objects,
    regions_of,
    stretches,
    text_of,
)
from factharness.gold.proposed import UNCONFIRMED


def read(files: Mapping[str, bytes]) -> Read:
    """The tasks of ``.json`` files; a configuration beside them is no task."""
    tasks = {name: raw for name, raw in files.items() if not name.endswith(".xml")}
    return read_objects(tasks, _labellings)


def write(documents: Sequence[MarkedText]) -> Written:
    """One file of all tasks, and the configuration of a project for them."""
    tasks = [_task(in_fragments(document)) for document in documents]
    source = json.dumps(tasks, ensure_ascii=False, indent=1)
    return Written(
        {
            "label-studio.json": source.encode(),
            "label-studio.xml": configuration(documents).encode(),
        }
    )


def _task(document: MarkedText) -> dict[str, Any]:
    result: list[dict[str, Any]] = []
    for region in document.regions:
        span = region.spans[0]
        place = {
            "start": span.start,
            "end": span.end,
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
    # Label Studio takes an annotation that is imported for the ground truth, unless it says that it is none.
    annotation = {"result": result, "ground_truth": False}
    return {"data": data, "meta": document.meta, "annotations": [annotation]}


def _result(name: str, source: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "from_name": source, "to_name": "text", "type": kind, "value": value}


class _Results:
    """The results of one annotation, as they are taken in."""

    def __init__(self) -> None:
        self.stretches: list[tuple[str, Claim, str]] = []
        self.fields: dict[str, dict[str, str]] = {}
        self.links: list[Link] = []

    def take(self, result: JsonValue, number: int, notes: Notes) -> None:
        """One result, the ``number``-th."""
        kind = result.get("type").text("")
        key = result.get("id").name(f"r{number}")
        value = result.get("value")
        if result.get("meta").value:
            notes.leave_out("the meta of a result", where=result.file)
        if kind == "relation":
            self._take_relation(result, notes)
        elif kind == "labels":
            label = label_of(value.get("labels"), notes)
            if label is not None:
                said = value.get("text").value
                words = said if isinstance(said, str) else None
                claim = Claim(value.get("start").number(), value.get("end").number(), words)
                self.stretches.append((key, claim, label))
        elif kind in ("choices", "textarea"):
            said = value.get("choices" if kind == "choices" else "text")
            items = said.items() if isinstance(said.value, list) else [said]
            name = result.get("from_name").text("note")
            self.fields.setdefault(key, {})[name] = " ".join(item.text() for item in items)
        else:
            notes.leave_out(f"a result of type {kind!r}", where=result.file)

    def _take_relation(self, result: JsonValue, notes: Notes) -> None:
        labels = [label.text() for label in result.get("labels").items()]
        link = next((label for label in labels if label in (*LINKS, CONTINUES)), None)
        if link is None:
            name = repr(", ".join(labels)) if labels else "without a label"
            notes.leave_out(f"relation {name}", where=result.file)
        else:
            self.links.append(
                Link(link, result.get("from_id").name(""), result.get("to_id").name(""))
            )

    def regions(self, text: str, file: str, notes: Notes) -> list[Region]:
        """A region for each stretch, with the fields of the results that have its id."""
        once = list(dict.fromkeys(self.stretches))
        notes.add("a result that stands twice", len(self.stretches) - len(once), where=file)
        spans, unit = resolve(text, [claim for _, claim, _ in once], file)
        if unit != "code points":
            notes.add(f"offsets in {unit}, converted", where=file)
        ids = [key for key, _, _ in once]
        for key in self.fields.keys() - ids:
            for name in self.fields[key]:
                notes.leave_out(f"{name!r} of no stretch", where=file)
        regions = []
        for name, span, (key, _, label) in zip(distinct(ids), spans, once, strict=True):
            bare, fields = from_plain_label(label)
            regions.append(Region(name, (span,), bare, fields | self.fields.get(key, {})))
        return regions


def _labellings(task: JsonValue, name: str, notes: Notes) -> list[MarkedText]:
    """The labellings of a task: one of each annotation that counts."""
    if task.get("data").value is None:
        return _minimal(task, name, notes)
    text = task.get("data").get("text").text()
    chosen, confirmed = _chosen(task, notes)
    people = [_annotator(each) for each in chosen]
    if len(people) > 1:
        people = distinct(person or "annotator" for person in people)
    return [
        structs.replace(_document(task, name, text, each, confirmed, notes), annotator=person)
        for each, person in zip(chosen, people, strict=True)
    ]


def _document(
    task: JsonValue, name: str, text: str, chosen: JsonValue, confirmed: bool, notes: Notes
) -> MarkedText:
    data = task.get("data")
    results = _Results()
    listed = chosen.get("result")
    for number, result in enumerate(listed.items() if listed.value else ()):
        results.take(result, number, notes)
    regions = results.regions(text, task.file, notes)
    if not confirmed:
        regions = [
            structs.replace(region, fields={"note": UNCONFIRMED} | region.fields)
            for region in regions
        ]
    said = {
        "id": data.get("id").name(task.get("id").name(name)),
        "published": data.get("published").value,
        "lang": data.get("lang").value,
        "meta": task.get("meta").value,
    }
    article = JsonValue(said, task.file, task.line, task.path)
    return joined(marked(article, name, text, regions, results.links))


def _annotator(annotation: JsonValue, member: str = "completed_by") -> str:
    """Who made an annotation: the address of an account or ``annotator-`` and its number; empty where the file
    does not say."""
    made = annotation.get(member)
    if isinstance(made.value, Mapping):
        made = made.either("email", "id")
    name = made.name("")
    return f"annotator-{name}" if name.isdecimal() else name


def _minimal(task: JsonValue, name: str, notes: Notes) -> list[MarkedText]:
    """A task of JSON-MIN: lists of stretches beside the text, under the names of their controls."""
    if not accepted(task, notes):
        return []
    text = text_of(task)
    members = [key for key in task.names() if isinstance(task.get(key).value, list)]
    found = stretches(task, notes, members=members)
    look_at_others(task, members, notes)
    document = marked(task, name, text, regions_of(text, found, task, notes))
    return [structs.replace(document, annotator=_annotator(task, "annotator"))]


def _chosen(task: JsonValue, notes: Notes) -> tuple[list[JsonValue], bool]:
    """The annotations of a task that count, and whether people made them."""
    made = [*task.get("annotations").items(), *task.get("completions").items()]
    kept = [each for each in made if not each.get("was_cancelled").value]
    notes.add("a cancelled annotation, skipped", len(made) - len(kept), where=task.file)
    truths = [each for each in kept if each.get("ground_truth").value]
    if truths:
        others = len(kept) - 1
        notes.add("an annotation beside the ground truth, not read", others, where=task.file)
        return truths[:1], True
    if kept:
        return kept, True
    proposed = list(task.get("predictions").items())
    if made or not proposed:
        notes.add("a task without an annotation, skipped", where=task.file)
        return [], False
    notes.add("a task with predictions alone, its facts unconfirmed", where=task.file)
    notes.leave_out("a second prediction of a task", len(proposed) - 1, where=task.file)
    return proposed[:1], False
