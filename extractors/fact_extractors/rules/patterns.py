"""The pattern language of the data files.

A pattern is a line of words over *bare* text (lower case, no accents, see :mod:`fact_extractors.words`)::

    [ce ]{weekday}[ {day}[ {month}[ {year}]]]

``word``      itself; a space stands for a space or a line break, ``~`` for one that may be missing
``{name}``    a class of ``[class]``: a list of words, a regular expression or a pattern; what it matched is the
              field ``name``, or ``other`` in ``{name:other}``
``[…]``       may be missing;  ``(…|…)`` one of
``<…>``       a fact; a pattern without marks is one fact as a whole. The fields in the second fact of a rule
              have a 2 after their name, those of the third a 3.

With its regular expression a pattern knows the words it can start with and those that can come
next, so that a rule is tried only where both stand. No part of a pattern repeats without bound.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

NUMBER = "0"
"""Stands for every unit of figures."""

ANY = "*"
"""Among the units that can come next: whatever stands there."""

_TOKEN = re.compile(
    r"\{(?P<class>[a-z_]+)(?::(?P<name>[a-z0-9_]+))?\}|[\[\]()|<>~ ]|[^\[\]()|<>~ {}]+"
)
_UNIT = re.compile(r"[0-9]+|[^\W\d_]+|[^\w\s]")


class GrammarError(ValueError):
    """A pattern that does not read, with the rule it stands in."""


class PatternPart(NamedTuple):
    """A pattern compiled half-way.

    ``follow``    the units (words, figures, punctuation) it can start with, each with what can come second;
                  :data:`ANY` among them when it can be one unit
    ``optional``  whether it can be nothing
    """

    regex: str
    follow: Mapping[str, frozenset[str]] = {}
    optional: bool = False

    def then(self, other: PatternPart) -> PatternPart:
        """This piece followed by another."""
        starts = frozenset(other.follow)
        added = starts | {ANY} if other.optional else starts
        known: dict[frozenset[str], frozenset[str]] = {}  # most units share what follows them
        follow: dict[str, frozenset[str]] = {}
        for unit, seconds in self.follow.items():
            if seconds not in known:
                known[seconds] = (seconds - {ANY}) | added if ANY in seconds else seconds
            follow[unit] = known[seconds]
        if self.optional:
            _add(follow, other.follow)
        return PatternPart(self.regex + other.regex, follow, self.optional and other.optional)


def _add(follow: dict[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> None:
    for unit, seconds in other.items():
        follow[unit] = follow[unit] | seconds if unit in follow else seconds


def units(text: str) -> list[str]:
    """The units of a text: runs of letters, figures (as :data:`NUMBER`), punctuation marks."""
    return [NUMBER if unit[0].isdigit() else unit for unit in _UNIT.findall(text)]


def _literal(text: str, regex: str) -> PatternPart:
    found = units(text)
    second = found[1] if len(found) > 1 else ANY
    return PatternPart(regex, {found[0]: frozenset((second,))} if found else {})


def _either(options: list[PatternPart]) -> PatternPart:
    if len(options) == 1:
        return options[0]
    follow: dict[str, frozenset[str]] = {}
    for option in options:
        _add(follow, option.follow)
    regex = "(?:" + "|".join(o.regex for o in options) + ")"
    return PatternPart(regex, follow, any(o.optional for o in options))


class Parser:
    """Recursive descent over the tokens of one pattern.

    A field may stand in several branches of a pattern, so every group has a name of its own, and
    ``groups`` says which field it fills. ``facts`` is the number of marked facts.
    """

    def __init__(
        self,
        classes: Mapping[str, Any],
        pattern: str,
        groups: dict[str, str] | None = None,
        suffix: str = "",
    ) -> None:
        self.classes, self.pattern, self.suffix = classes, pattern, suffix
        self.groups: dict[str, str] = {} if groups is None else groups
        self.facts = self._at = 0
        self._tokens = list(_TOKEN.finditer(pattern))
        if sum(len(t.group()) for t in self._tokens) != len(pattern):
            raise GrammarError(f"{pattern!r}: a brace without its pair")

    def parse(self) -> PatternPart:
        """The pattern compiled. Raises :class:`GrammarError`."""
        piece = self._alternatives()
        if self._at < len(self._tokens):
            raise GrammarError(f"{self.pattern!r}: {self._next()!r} without its pair")
        return piece

    def _next(self) -> str:
        return self._tokens[self._at].group() if self._at < len(self._tokens) else ""

    def _alternatives(self) -> PatternPart:
        options = [self._sequence()]
        while self._next() == "|":
            self._at += 1
            options.append(self._sequence())
        return _either(options)

    def _sequence(self) -> PatternPart:
        piece = PatternPart("", optional=True)
        while (token := self._next()) and token not in "])>|":
            piece = piece.then(self._element(token))
        return piece

    def _closed(self, mark: str) -> PatternPart:
        piece = self._alternatives()
        if self._next() != mark:
            raise GrammarError(f"{self.pattern!r}: {mark!r} is missing")
        self._at += 1
        return piece

    def _element(self, token: str) -> PatternPart:
        match = self._tokens[self._at]
        self._at += 1
        if token == " ":
            return PatternPart(r"[ \n]{1,2}", optional=True)
        if token == "~":
            return PatternPart(r"[ \n]?", optional=True)
        if token == "[":
            piece = self._closed("]")
            return piece._replace(regex=f"(?:{piece.regex})?", optional=True)
        if token == "(":
            piece = self._closed(")")
            return piece._replace(regex=f"(?:{piece.regex})")
        if token == "<":
            self.facts += 1
            name = f"fact{self.facts}"
            self.suffix = str(self.facts) if self.facts > 1 else ""
            piece = self._closed(">")
            self.suffix = ""
            return piece._replace(regex=f"(?P<{name}>{piece.regex})")
        if match["class"]:
            return self._class(match["class"], match["name"])
        return _literal(token, re.escape(token))

    def _class(self, name: str, field: str | None) -> PatternPart:
        try:
            spec = self.classes[name]
        except KeyError:
            raise GrammarError(f"{self.pattern!r}: no class {name!r}") from None
        if isinstance(spec, str):
            return Parser(self.classes, spec, self.groups, self.suffix).parse()
        if isinstance(spec, Mapping):
            then = spec.get("then", ())
            seconds = frozenset((*then, ANY) if spec.get("alone", True) else then)
            piece = PatternPart(spec["regex"], dict.fromkeys(spec["starts"], seconds))
        else:
            longest = sorted(spec, key=len, reverse=True)
            piece = _either([_literal(w, re.escape(w).replace(r"\ ", r"[ \n]")) for w in longest])
        if not piece.follow:
            raise GrammarError(f"class {name!r} does not say what it starts with")
        group = f"g{len(self.groups)}"
        self.groups[group] = (field or name) + self.suffix
        return piece._replace(regex=f"(?P<{group}>{piece.regex})")
