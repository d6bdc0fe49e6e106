"""The JSON Schema of suite files, made of what the reader of suites and the factories of the back ends accept.

    python docs/site/suite_schema.py > docs/site/published/suite.schema.json

The site has it at the top, so that editors can be given its address.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import msgspec

from factharness.backends.registry import BUILT_IN, factory
from factharness.facts import KINDS
from factharness.labels import MAPS
from factharness.report.schema import DIALECT
from factharness.runs.composites import PARTS
from factharness.runs.suite import MOST_REPETITIONS, BackendSpec, GateSpec, SuiteSpec
from factharness.score.dates import DATE_REGIMES
from factharness.score.ensemble import HOWS
from factharness.score.quote_regimes import ALIASES, QUOTE_REGIMES
from factharness.score.regimes import SPAN_REGIMES
from factharness.variants import VARIANTS

Schema: TypeAlias = dict[str, Any]

SAYS: Mapping[str, Mapping[str, str]] = {
    "suite": {
        "goldsets": "The gold sets: names, or folders, seen from the working directory or from this file.",
        "regimes": "Which predictions count as right. Tables show the first in full.",
        "slices": "Keys of the articles' meta: scores are also computed for each value.",
        "variants": "Hard conditions: each article is read in each of them as well.",
    },
    "backend": {
        "use": "A registered back end, file:PATH:FACTORY, or the way in which those of `of` are combined.",
        "name": "Its name in the tables. By default that of `use`, or of the file.",
        "options": "What its factory is given; `factharness backends show NAME` prints what there is.",
        "map": "The label map, by name or as a table from its labels to the gold's.",
        "matrix": "Options with several values each: every combination is a back end.",
        "repeat": "How often a back end is run that does not give the same answer every time.",
        "of": "The back ends that are combined.",
        "kinds": "The kinds of facts that are combined. By default every kind that any of them finds.",
        "entities": "The back end that entities come from, or the way in which several are combined for them.",
        "dates": "The back end that dates come from, or the way in which several are combined for them.",
        "quotes": "The back end that quotes come from, or the way in which several are combined for them.",
    },
    "gate": {
        "baseline": "The file that drops are measured from: a path below the working directory.",
        "rules": 'What must hold, such as "errors == 0" or "*.entity.f1 drop <= 0.01".',
    },
}
"""What an editor shows of each key."""

_OPTION = re.compile(r"^((?:``\w+``(?:, )?)+)\n((?:    .*\n?)+)", re.MULTILINE)


def _strings(known: object, **more: object) -> Schema:
    return {"type": "array", "items": {"enum": [*known], **more}, "uniqueItems": True}  # type: ignore[misc]


def _narrowed() -> Schema:
    """What the reader checks beyond the types: which names, how many."""
    names = {"type": "array", "items": {"type": "string"}, "minItems": 2, "uniqueItems": True}
    combined = {
        "type": "object",
        "properties": dict.fromkeys(HOWS, names),
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    regimes = dict.fromkeys((*SPAN_REGIMES, *DATE_REGIMES, *QUOTE_REGIMES, *ALIASES))
    regime = {"anyOf": [{"enum": [*regimes]}, {"type": "string", "pattern": "^iou@[0-9.]+$"}]}
    return {
        "regimes": {"type": "array", "items": regime},
        "variants": _strings(VARIANTS),
        # A name that is not listed may be that of a plug-in.
        "use": {"anyOf": [{"enum": [*BUILT_IN, *HOWS]}, {"type": "string"}]},
        "map": {
            "anyOf": [
                {"enum": [*MAPS]},
                {"type": "object", "additionalProperties": {"type": "string"}},
            ]
        },
        "matrix": {"type": "object", "additionalProperties": {"type": "array", "minItems": 1}},
        "repeat": {"type": "integer", "minimum": 1, "maximum": MOST_REPETITIONS},
        "of": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "kinds": _strings(KINDS),
        **{key: {"anyOf": [{"type": "string"}, combined]} for key in PARTS},
    }


def _table(name: str, struct: type[msgspec.Struct]) -> Schema:
    """The schema of one table. Its keys are those of the struct that the reader fills."""
    made = msgspec.json.schema(struct)["$defs"][struct.__name__]
    narrowed = _narrowed()
    properties = {
        key: {"description": SAYS[name][key], **(narrowed.get(key) or _typed(told))}
        for key, told in made["properties"].items()
    }
    required = {"required": made["required"]} if made["required"] else {}
    return {
        "type": "object",
        "properties": properties,
        **required,
        "additionalProperties": False,
    }


def _typed(told: Schema) -> Schema:
    """The type of a field; TOML has no null, and a default that is empty says nothing."""
    choices = [one for one in told.get("anyOf", [told]) if one != {"type": "null"}]
    (only,) = choices  # what has several types is among the narrowed
    return {key: value for key, value in only.items() if key != "default"}


def _options(make: Callable[..., object]) -> Iterator[tuple[str, Schema]]:
    """The options of a factory, each with what its docstring says of it."""
    said = {
        name: _plain(text)
        for names, text in _OPTION.findall(inspect.getdoc(make) or "")
        for name in re.findall(r"\w+", names)
    }
    for name in inspect.signature(make).parameters:
        yield name, ({"description": said[name]} if name in said else {})


def _plain(text: str) -> str:
    """A paragraph of a docstring on one line, without the marks of reStructuredText."""
    return re.sub(r"(?::\w+:)?`+(?:[\w.]+\.)?([^`]+)`+", r"`\1`", " ".join(text.split()))


def _of_backend(name: str) -> Schema:
    """The options of a back end that comes with factharness, where `use` names it."""
    known = {"properties": dict(_options(factory(name))), "additionalProperties": False}
    several = {"propertyNames": {"enum": [*known["properties"]]}}
    return {
        "if": {"properties": {"use": {"const": name}}, "required": ["use"]},
        "then": {"properties": {"options": known, "matrix": several}},
    }


def schema() -> str:
    """The schema as JSON, indented."""
    backend = _table("backend", BackendSpec) | {
        "anyOf": [{"required": [key]} for key in ("use", *PARTS)],
        "allOf": [_of_backend(name) for name in BUILT_IN],
    }
    made = {
        "$schema": DIALECT,
        "title": "A suite of factharness",
        "description": "Which back ends run on which gold sets, which scores are computed, and what must hold.",
        "type": "object",
        "properties": {
            "suite": _table("suite", SuiteSpec),
            "backend": {"type": "array", "items": backend, "minItems": 1},
            "gate": _table("gate", GateSpec),
        },
        "required": ["suite", "backend"],
        "additionalProperties": False,
    }
    return msgspec.json.format(msgspec.json.encode(made), indent=1).decode() + "\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(schema().encode())
