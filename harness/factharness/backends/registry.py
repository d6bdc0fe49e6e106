"""Finds, builds and diagnoses back ends by name: built-in ones, entry points of plug-ins, or a local file.

It also says what identifies a back end in the prediction cache (:func:`identity`). A plug-in that cannot be
imported is listed with the reason (:class:`ListedBackend`); the other back ends still work.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from factharness.errors import BackendError, BackendUnavailable, HarnessError, unknown
from factharness.extractor import Extractor, blamed, claims, fingerprint

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


class ListedBackend(Struct, frozen=True):
    """A registered back end: where it comes from, and why it cannot be used (None when it can)."""

    name: str
    target: str
    problem: str | None = None


def targets() -> dict[str, str]:
    """Every registered name with its ``module:factory``; a plug-in cannot replace a built-in name."""
    return dict(sorted((_plugged_in() | dict(BUILT_IN)).items()))


@functools.cache
def _plugged_in() -> dict[str, str]:
    """The entry points of other distributions. Slow: it reads the metadata of all installed distributions."""
    from importlib.metadata import entry_points

    return {point.name: point.value for point in entry_points(group=GROUP)}


def listing() -> list[ListedBackend]:
    """All registered back ends. Imports each plug-in's module, builds none."""
    rows = []
    for name, target in targets().items():
        try:
            _import(target, name)
            rows.append(ListedBackend(name, target))
        except HarnessError as error:
            rows.append(ListedBackend(name, target, str(error)))
    return rows


class Diagnosis(Struct, frozen=True):
    """The state of a back end: ``well``, ``sick`` (its bundled model gives other facts) or ``unavailable``."""

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
    """The factory that the ``use`` of a suite names.

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
    """Build a back end. Any exception of its factory becomes a ``BackendError``."""
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


def identity(
    extractor: Extractor, use: str, options: Mapping[str, Any], *, folder: Path = Path()
) -> dict[str, str]:
    """The part of a cache key that stands for the back end; :func:`factharness.backends.cache.key` hashes it.

    It is the fingerprint of the extractor. For a local file, the digests of the file and of the options and the
    name of the factory are added: authors forget to raise the version in the fingerprint and would get
    predictions of the old code, or of another factory in the same file.
    ``use``, ``options`` and ``folder`` are those with which :func:`build` built it. Raises ``BackendError``.
    """
    made = fingerprint(extractor)
    if use.startswith("file:"):
        path, attribute = _file_and_factory(use, folder)
        with blamed(str(path)):
            made["file:code"] = _digest(path.read_bytes())
            made["file:options"] = _digest(
                json.dumps(options, sort_keys=True, default=str).encode()
            )
        made["file:factory"] = attribute
    return made


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _module(target: str) -> str:
    return target.partition(":")[0]


def _import(target: str, name: str) -> Factory:
    """The factory at ``module:factory``. Raises when the libraries its module ``REQUIRES`` are missing."""
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


class _FromSource(SourceFileLoader):
    """Compiles the file each time and ignores stored byte code.

    Python compares only the size of the file and the second of its last change, so after a quick change that
    keeps the size it would run the old byte code.
    """

    def get_code(self, _fullname: str) -> CodeType:
        """The code of the file as it is now. Errors in it name the file as the working directory sees it."""
        return self.source_to_code(self.get_data(self.path), _from_here(self.path))


def _from_here(file: str) -> str:
    """A file as it is named from the working directory, when it is below that; else its whole path."""
    return os.path.realpath(file).removeprefix(os.path.join(os.getcwd(), ""))


def _file_and_factory(use: str, folder: Path) -> tuple[Path, str]:
    """The file that ``file:PATH:FACTORY`` names, and the name of the factory in it. Raises ``BackendError``."""
    name, colon, attribute = use.removeprefix("file:").rpartition(":")
    if not colon:
        raise BackendError(f"{use!r} names no factory", remedy='write "file:my_backend.py:build"')
    return folder / name, attribute


def _from_file(use: str, folder: Path) -> Factory:
    path, attribute = _file_and_factory(use, folder)
    name = f"factharness_local_{path.stem}_{_digest(os.fsencode(path.absolute()))}"
    loader = _FromSource(name, str(path))
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    if not path.is_file() or path.suffix != ".py" or spec is None:
        raise BackendError(
            "no such Python file",
            file=_from_here(str(path)),
            remedy="in a suite the path is from the folder of the suite, after -b from the working directory",
        )
    module = importlib.util.module_from_spec(spec)
    # As an import does: data classes, and fingerprints that hash code, look for their module there.
    sys.modules[spec.name] = module
    try:
        with blamed(_from_here(str(path))):
            loader.exec_module(module)
            return _callable(module, attribute)
    except BaseException:
        del sys.modules[spec.name]
        raise


def _callable(module: ModuleType, attribute: str) -> Factory:
    made: Factory | None = getattr(module, attribute, None)
    if made is None:
        raise AttributeError(f"nothing in it is called {attribute!r}")
    if not callable(made):
        raise TypeError(f"{attribute} is not a function that makes a back end")
    return made
