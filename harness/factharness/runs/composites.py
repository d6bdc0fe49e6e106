"""Finds what is wrong with the back ends of a suite that are made of others: hybrids and combinations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from factharness.errors import unknown
from factharness.facts import KINDS, Kind
from factharness.score.ensemble import HOWS

if TYPE_CHECKING:
    from factharness.runs.suite import BackendSpec

PARTS: Mapping[str, Kind] = {"entities": "entity", "dates": "date", "quotes": "quote"}
"""The keys of a suite that name the back end from which a kind of fact comes."""

_EXAMPLE = 'of = ["rules", "spacy"]'

Problem = tuple[str, str]
"""What is wrong, and what to do."""


def problems(spec: BackendSpec, known: Mapping[str, BackendSpec]) -> Iterator[Problem]:
    """What is wrong with one back end; ``known`` are all of the suite by name."""
    what = f"back end {spec.name or '(without a name)'}"
    if spec.how is None:
        yield from _of_none(spec, what)
    else:
        yield from _of_several(spec, what)
    if spec.use is None and not spec.apart:
        yield f"{what} needs either `use` or parts", f"parts are {', '.join(PARTS)}"
    yield from _apart(spec, what)
    if spec.plugin:
        return
    if spec.repeat > 1:
        yield f"{what} repeats nothing of its own", "write repeat at its parts"
    if spec.options or spec.matrix:
        yield f"{what}: a back end made of parts has no options", "give them to its parts"
    for part in spec.taken_from:
        if part == spec.name:
            yield f"{what} is a part of itself", "name other back ends of the suite"
        elif part not in known:
            yield unknown(f"back end among the parts of {spec.name}", part, known)


def _of_none(spec: BackendSpec, what: str) -> Iterator[Problem]:
    """The problems of a plug-in or a hybrid: keys that only combinations have."""
    if spec.of:
        yield f"{what} has `of` and does not say how to combine", f"write use = {_either()}"
    if spec.kinds:
        yield (
            f"{what}: `kinds` is for back ends that combine others",
            "for a plug-in that has the option write options = { kinds = […] }",
        )
    if spec.use is not None and spec.apart:
        yield f"{what} needs either `use` or parts", f"parts are {', '.join(PARTS)}"


def _of_several(spec: BackendSpec, what: str) -> Iterator[Problem]:
    yield from _few(what, f"use = {spec.use!r}", spec.of)
    for place, kind in enumerate(spec.kinds):
        if kind not in KINDS:
            yield unknown(f"kind of {spec.name}", kind, KINDS)
        elif kind in spec.kinds[:place]:
            yield f"{what}: {kind!r} is named twice in `kinds`", "name each kind once"
        elif kind in spec.apart:
            yield (
                f"{what} has the kind {kind!r} in `kinds` and in a key of its own",
                f"leave {kind!r} out of `kinds`, or the other key out",
            )


def _apart(spec: BackendSpec, what: str) -> Iterator[Problem]:
    """The problems of keys such as ``entities`` that say how several back ends are combined for a kind."""
    for key in PARTS:
        part = getattr(spec, key)
        if not isinstance(part, dict):
            continue
        for how in part:
            if how not in HOWS:
                yield unknown(f"way to combine the {key} of {spec.name}", how, HOWS)
        if len(part) != 1:
            yield (
                f"{what}: {key} names {len(part)} ways",
                f'name one: {key} = {{ vote = ["rules", "spacy"] }}',
            )
        for how, of in part.items():
            yield from _few(what, f"{key} = {{ {how} = … }}", of)


def _few(what: str, where: str, of: Sequence[str]) -> Iterator[Problem]:
    """The problems of a list of back ends to combine: fewer than two, or one of them twice."""
    if not of:
        yield f"{what}: {where} combines nothing", f"name back ends: {_EXAMPLE}"
    elif len(of) == 1:
        yield (
            f"{what}: {where} combines {of[0]} alone",
            f"name two or more: {_EXAMPLE}, or take kinds from one: {', '.join(PARTS)}",
        )
    for place, part in enumerate(of):
        if part in of[:place]:
            yield f"{what}: {part!r} is named twice", "name each back end once"


def _either() -> str:
    return " or ".join(f'"{how}"' for how in HOWS)


def cycle(specs: Sequence[BackendSpec]) -> tuple[str, ...]:
    """A cycle: names of back ends, each a part of the one before, the last being the first; else empty."""
    parts = {spec.name: spec.taken_from for spec in specs}
    done: set[str] = set()

    def found(name: str, above: tuple[str, ...]) -> tuple[str, ...]:
        if name in above:
            return (*above[above.index(name) :], name)
        if name in done:
            return ()
        for part in parts.get(name, ()):
            loop = found(part, (*above, name))
            if loop:
                return loop
        done.add(name)
        return ()

    return next((loop for name in parts if (loop := found(name, ()))), ())


def needed(names: Sequence[str], known: Mapping[str, BackendSpec]) -> set[str]:
    """These back ends and all that they are made of, however deep."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += known[name].taken_from
    return found
