"""The registry: names to factories, by static table, entry points and local files.

A plug-in that cannot be imported is data (:class:`Listed` with the reason), and breaks nothing else.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from factharness.errors import BackendError, BackendUnavailable, HarnessError, unknown
from factharness.extractor import Extractor, blamed, claims

Factory: TypeAlias = Callable[..., Extractor]

GROUP = "factharness.extractors"

# The same targets as in pyproject.toml: a bare checkout has no entry points.
BUILT_IN: Mapping[str, str] = {
    "command": "fact_extractors.services.command:build",
    "dateparser": "fact_extractors.dateparser_dates:build",
    "gliner": "fact_extractors.classifiers.gliner:build",
    "http": "fact_extractors.services.http:build",
    "llm": "fact_extractors.services.llm:build",
    "replay": "fact_extractors.replay:build",
    "rules": "fact_extractors.rules:build",
    "spacy": "fact_extractors.pipelines.spacy:build",
    "stanza": "fact_extractors.pipelines.stanza:build",
    "transformers": "fact_extractors.classifiers.transformers:build",
}


class Listed(Struct, frozen=True):
    """A registered back end: where it comes from, and why it cannot be used (None: it can)."""

    name: str
    target: str
    problem: str | None = None


def targets() -> dict[str, str]:
    """Every registered name with its ``module:factory``; built-in names cannot be taken over."""
    return dict(sorted((_plugged_in() | dict(BUILT_IN)).items()))


@functools.cache
def _plugged_in() -> dict[str, str]:
    """What other distributions register; asking reads the metadata of every one that is installed."""
    return {point.name: point.value for point in entry_points(group=GROUP)}


def listing() -> list[Listed]:
    """All registered back ends. Imports each plug-in's module, builds none."""
    rows = []
    for name, target in targets().items():
        try:
            _import(target, name)
            rows.append(Listed(name, target))
        except HarnessError as error:
            rows.append(Listed(name, target, str(error)))
    return rows


class Diagnosis(Struct, frozen=True):
    """How a back end is: ``well``, ``sick`` (its bundled model is not what it was) or ``unavailable``."""

    name: str
    state: Literal["well", "sick", "unavailable"]
    problem: str | None = None


def diagnoses() -> Iterator[Diagnosis]:
    """The state of every registered back end.

    A back end with a bundled model has a function ``doctor() -> str | None`` in its module, which loads the
    model and says what is wrong with it.
    """
    for row in listing():
        if row.problem is not None:
            yield Diagnosis(row.name, "unavailable", row.problem)
            continue
        module = importlib.import_module(_module(row.target))
        try:
            with blamed("its doctor"):
                problem = getattr(module, "doctor", lambda: None)()
        except BackendError as error:
            problem = str(error)
        yield Diagnosis(row.name, "sick" if problem else "well", problem)


def factory(use: str, *, folder: Path = Path()) -> Factory:
    """The factory a suite's ``use`` names.

    ``use`` is a registered name, or ``file:PATH:FACTORY`` with a path relative to ``folder``. Raises
    ``BackendError``.
    """
    if use.startswith("file:"):
        return _from_file(use, folder)
    known = targets()
    if use not in known:
        message, remedy = unknown("back end", use, known)
        raise BackendError(message, remedy=remedy)
    return _import(known[use], use)


def build(use: str, options: Mapping[str, Any], *, folder: Path = Path()) -> Extractor:
    """Build a back end. Whatever goes wrong in its factory becomes a ``BackendError``."""
    make = factory(use, folder=folder)
    with blamed(f"back end {use!r}"):
        try:
            made = make(**options)
        except TypeError as error:
            raise BackendError(
                f"back end {use!r}: {error}",
                remedy="see its options with `factharness backends show`",
            ) from error
        if not isinstance(made, Extractor):
            raise BackendError(
                f"back end {use!r}: {type(made).__name__} is not an extractor",
                remedy="it needs kinds, fingerprint() and extract()",
            )
    claims(made)
    return made


def _module(target: str) -> str:
    return target.partition(":")[0]


def _import(target: str, name: str) -> Factory:
    """The factory at ``module:factory``. Refuses one whose module ``REQUIRES`` libraries that are not there."""
    with blamed(target, BackendUnavailable):
        module = importlib.import_module(_module(target))
        made = _callable(module, target.partition(":")[2])
    with blamed(f"the libraries that back end {name!r} requires"):
        required = getattr(module, "REQUIRES", ())
        missing = [library for library in required if importlib.util.find_spec(library) is None]
        if missing:
            extra = f"'factharness[{name}]'" if name in BUILT_IN else missing[0]
            raise BackendUnavailable(
                f"back end {name!r} needs {missing[0]}, which is not installed",
                remedy=f"pip install {extra}",
            )
    return made


def _from_file(use: str, folder: Path) -> Factory:
    _, _, rest = use.partition(":")
    name, colon, attribute = rest.rpartition(":")
    if not colon:
        raise BackendError(f"{use!r} names no factory", remedy='write "file:my_backend.py:build"')
    path = folder / name
    place = hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:8]
    spec = importlib.util.spec_from_file_location(f"factharness_local_{path.stem}_{place}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise BackendError(
            "no such Python file", file=path, remedy="the path is from the suite's folder"
        )
    module = importlib.util.module_from_spec(spec)
    # As import does it: data classes look their module up there, and so do fingerprints that follow code.
    sys.modules[spec.name] = module
    try:
        with blamed(str(path)):
            spec.loader.exec_module(module)
            return _callable(module, attribute)
    except BaseException:
        del sys.modules[spec.name]
        raise


def _callable(module: ModuleType, attribute: str) -> Factory:
    made: Factory = getattr(module, attribute)
    if not callable(made):
        raise TypeError(f"{attribute} is not a function that makes a back end")
    return made
