"""Reads back ends on one line, as on the command line: ``spacy(model=fr_core_news_md, kinds=[date])``.

::

    backend = [ NAME "=" ] USE [ "(" [ option { "," option } ] ")" ]
    option  = KEY "=" value
    value   = "quoted text" | [ value, … ] | { KEY = value, … } | true | false | number | bare text

USE is a registered back end, or ``file:PATH:FACTORY`` with a path from the working directory. Bare text ends at
a comma or a bracket.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from factharness.backends.registry import targets
from factharness.errors import SuiteError, unknown
from factharness.gold.toml_mistakes import wrong_type
from factharness.runs.composites import needed, problems
from factharness.runs.matrix import name_of
from factharness.runs.suite import BackendSpec, Suite, plain_name, written
from factharness.score.ensemble import HOWS

SCHEMA = "#:schema https://factharness.github.io/factharness/suite.schema.json"
"""The first line of a suite file, by which editors complete it (``docs/editors.md``)."""

_NAMED = re.compile(r"([\w.-]+)=(?=[\w:])")
_USE = re.compile(r"file:[^()]+:\w+|(?!file:)[\w.-]+")
_KEY = re.compile(r"[\w-]+")
_BARE = re.compile(r"[^,()\[\]{}\"']+")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def read_backend(text: str, folder: Path) -> BackendSpec:
    """The back end that ``text`` describes, for a suite in ``folder``.

    Without a name of its own it is called as its ``use`` is, and with options also by their values:
    ``spacy-fr_core_news_md``. Raises ``SuiteError`` that shows the place where the text cannot be read.
    """
    return _Reader(text).backend(folder)


class _Reader:
    """Reads one line from the left; ``at`` is the place that is read next."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def backend(self, folder: Path) -> BackendSpec:
        named = _NAMED.match(self.text)
        name = named[1] if named else ""
        self.at = named.end() if named else 0
        use = self.take(_USE, "a back end, such as rules or file:mine.py:build")
        options: dict[str, Any] = {}
        if self.accept("("):
            options = self.pairs(")")
        if self.ahead():
            raise self.wrong("the end, or options in (…)")
        name = name or name_of(plain_name(use), options)
        if use in HOWS:
            return self.combination(use, options, named[1] if named else use)
        return BackendSpec(use=_moved(use, Path(), folder), options=options, name=name)

    def combination(self, how: str, options: dict[str, Any], name: str) -> BackendSpec:
        """A back end that combines others: its options are keys of a suite."""
        try:
            return msgspec.convert({"use": how, "name": name, **options}, BackendSpec)
        except msgspec.ValidationError as error:
            raise SuiteError(
                f"-b {self.text!r}: {wrong_type(error, '')[0]}",
                remedy=f"write -b '{how}(of=[rules, spacy])'",
            ) from error

    def pairs(self, end: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while not self.accept(end):
            start = self.at
            key = self.take(_KEY, f"the name of an option, or {end}")
            if key in made:
                self.at = start
                raise self.wrong(f"another name than {key}, which has a value already")
            if not self.accept("="):
                raise self.wrong("=")
            made[key] = self.value()
            if not self.accept(",") and self.ahead() != end:
                raise self.wrong(f", or {end}")
        return made

    def value(self) -> Any:
        if self.accept("["):
            values = []
            while not self.accept("]"):
                values.append(self.value())
                if not self.accept(",") and self.ahead() != "]":
                    raise self.wrong(", or ]")
            return values
        if self.accept("{"):
            return self.pairs("}")
        self.ahead()
        quoted = _QUOTED.match(self.text, self.at)
        if quoted:
            try:
                value = tomllib.loads(f"value = {quoted[0]}")["value"]
            except tomllib.TOMLDecodeError:
                raise self.wrong("a text in quotes, escaped as in TOML") from None
            self.at = quoted.end()
            return value
        bare = self.take(_BARE, "a value").strip()
        if bare in ("true", "false"):
            return bare == "true"
        if _NUMBER.fullmatch(bare):
            return int(bare) if bare.lstrip("+-").isdigit() else float(bare)
        return bare

    def ahead(self) -> str:
        """The next character after spaces; empty at the end."""
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1
        return self.text[self.at : self.at + 1]

    def accept(self, character: str) -> bool:
        if self.ahead() != character:
            return False
        self.at += 1
        return True

    def take(self, pattern: re.Pattern[str], what: str) -> str:
        self.ahead()
        match = pattern.match(self.text, self.at)
        if match is None or not match[0].strip():
            raise self.wrong(what)
        self.at = match.end()
        return match[0]

    def wrong(self, expected: str) -> SuiteError:
        return SuiteError(
            f"-b {self.text!r} cannot be read at character {self.at + 1}:\n"
            f"  {self.text}\n  {' ' * self.at}^ expected {expected}",
            remedy="write -b 'spacy(model=fr_core_news_md, kinds=[date])'",
        )


def _moved(use: str, old: Path, new: Path) -> str:
    """``file:PATH:FACTORY`` with its path from the folder ``new``, where it was from ``old``."""
    if not use.startswith("file:"):
        return use
    path, _, attribute = use.removeprefix("file:").rpartition(":")
    if os.path.isabs(path) or new.resolve() == old.resolve():
        return use
    return f"file:{os.path.relpath(old / path, new)}:{attribute}"


def _unnamed(text: str) -> str:
    """A back end on one line without the name that it was given."""
    named = _NAMED.match(text)
    return text[named.end() :] if named else text


def with_backends(suite: Suite, texts: Sequence[str]) -> tuple[Suite, tuple[str, ...]]:
    """A suite with the back ends of the command line, and their names.

    A text that is the name of a back end of the suite means that one; any other is read as a back end and
    added. Raises ``SuiteError``, also for a name that is neither in the suite nor registered.
    """
    specs = {spec.name: spec for spec in suite.backends}
    names = []
    for text in texts:
        if text not in specs:
            spec = read_backend(text, suite.folder)
            use = spec.use or ""
            if use in specs and use not in targets():
                raise SuiteError(
                    f"{use!r} is a back end of suite {suite.name!r}, whose options stand there",
                    remedy=f"write -b {use}, or name what it uses: -b '{specs[use].use}(…)'",
                )
            if spec.plugin and not use.startswith("file:") and use not in targets():
                message, remedy = unknown("back end", use, {*specs, *targets()})
                raise SuiteError(f"{message} in suite {suite.name!r}", remedy=remedy)
            # Each name is a file name, and some disks do not distinguish capitals from small letters.
            alike = {name.casefold(): name for name in specs}.get(spec.name.casefold())
            if alike is not None and specs[alike] != spec:
                raise SuiteError(
                    f"two back ends are called {spec.name!r}",
                    remedy=f"name it: -b 'other={_unnamed(text)}'",
                )
            specs[spec.name] = spec
            text = spec.name
        names.append(text)
    for name in names:
        for message, remedy in problems(specs[name], specs):
            raise SuiteError(f"-b: {message}", remedy=remedy)
    return replace(suite, backends=tuple(specs.values())), tuple(names)


def saved(suite: Suite, names: Collection[str], folder: Path) -> str:
    """The suite file, to be written into ``folder``, of a suite with these back ends (none: all of them)."""
    wanted = needed([*names], {spec.name: spec for spec in suite.backends})
    kept = [spec for spec in suite.backends if not names or spec.name in wanted]
    moved = [
        replace(spec, use=_moved(spec.use, suite.folder, folder))
        if spec.use and spec.plugin
        else spec
        for spec in kept
    ]
    sets = tuple(
        os.path.relpath(name, folder) if Path(name).exists() else name
        for name in suite.suite.goldsets
    )
    text = written(replace(suite, backends=tuple(moved), suite=replace(suite.suite, goldsets=sets)))
    return f"{SCHEMA}\n{text}"
