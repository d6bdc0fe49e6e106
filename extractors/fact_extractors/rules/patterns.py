"""The pattern language of the data files.

A pattern is a line of words over *bare* text (lower case, no accents, see :mod:`fact_extractors.words`)::

    [ce ]{weekday}[ {day}[ {month}[ {year}]]]

``word``      itself; a space stands for a space or a line break, ``~`` for one that may be missing
``{name}``    a class of ``[class]``: a list of words, a regular expression or a pattern; what it matched is the
              field ``name``, or ``other`` in ``{name:other}``
``[…]``       may be missing;  ``(…|…)`` one of
``<…>``       a fact; a pattern without marks is one fact as a whole. The fields in the second fact of a rule
              have a 2 after their name, those of the third a 3.

With its regular expression a pattern knows the first three words it can have (see :data:`Ahead`), so that a
rule is tried only where such words stand. No part of a pattern repeats without bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, reduce
from typing import Any, NamedTuple, TypeAlias

NUMBER, YEAR = "0", "0000"
"""Stand for every unit of up to three figures, and of more, as years have."""

Ahead: TypeAlias = Mapping[str, "Ahead"]
"""The units (words, figures, punctuation) that can come next, each with those that can come behind it."""

END = ""
"""Among the units that can come next: none, the pattern can end there."""

ANY = "*"
"""The unit that can come next where nothing is known of it."""

_DEPTH = 3
"""How many units ahead a pattern is known."""

_NOTHING: Ahead = {END: {}}
_ANYTHING: Ahead = {ANY: {}}

_TOKEN = re.compile(
    r"\{(?P<class>[a-z_]+)(?::(?P<name>[a-z0-9_]+))?\}|[\[\]()|<>~ ]|[^\[\]()|<>~ {}]+"
)
_UNIT = re.compile(r"[0-9]+|[^\W\d_]+|[^\w\s]")


class GrammarError(ValueError):
    """A pattern that does not read, with the rule it stands in."""


class PatternPart(NamedTuple):
    """A pattern compiled half-way: its regular expression, and what it can start with."""

    regex: str
    ahead: Ahead = _NOTHING

    @property
    def optional(self) -> bool:
        """Whether it can be nothing."""
        return END in self.ahead

    def then(self, other: PatternPart) -> PatternPart:
        """This piece followed by another."""
        ahead = _joined(self.ahead, other.ahead, _DEPTH, {})
        return PatternPart(self.regex + other.regex, ahead)


def _joined(before: Ahead, after: Ahead, depth: int, known: dict[tuple[int, int], Ahead]) -> Ahead:
    """What can come first when ``after`` follows ``before``, as far as ``depth`` units ahead.

    Most units share what comes behind them: ``known`` holds what is joined already.
    """
    if before is _NOTHING:
        return after
    if after is _NOTHING or not depth:
        return before
    place = id(before), depth
    if place not in known:
        found = {
            unit: _joined(rest, after, depth - 1, known)
            for unit, rest in before.items()
            if unit != END
        }
        known[place] = _merged(found, after, depth) if END in before else found
    return known[place]


def _merged(one: Ahead, other: Ahead, depth: int = _DEPTH) -> Ahead:
    """What either of two can start with, as far as ``depth`` units ahead."""
    if one is other or not depth:
        return one
    found = dict(one)
    for unit, rest in other.items():
        found[unit] = _merged(found[unit], rest, depth - 1) if unit in found else rest
    return found


def units(text: str) -> list[str]:
    """The units of a text: runs of letters, figures (as :func:`of_figures`), punctuation marks."""
    return [of_figures(unit) if unit[0].isdigit() else unit for unit in _UNIT.findall(text)]


def of_figures(figures: str) -> str:
    """The unit that stands for some figures."""
    return NUMBER if len(figures) < len(YEAR) else YEAR


def _path(found: Iterable[str], last: Ahead = _NOTHING) -> Ahead:
    """Units that come one after the other, and ``last`` behind them."""
    return reduce(lambda rest, unit: {unit: rest}, reversed(list(found)), last)


def _literal(text: str, regex: str) -> PatternPart:
    return PatternPart(regex, _path(units(text)))


def _either(options: list[PatternPart]) -> PatternPart:
    if len(options) == 1:
        return options[0]
    regex = "(?:" + "|".join(o.regex for o in options) + ")"
    return PatternPart(regex, reduce(_merged, (o.ahead for o in options), {}))


@cache
def _of_words(words: tuple[str, ...]) -> PatternPart:
    """One of several words, the longest of those that fit."""
    longest = sorted(words, key=len, reverse=True)
    return _either([_literal(w, re.escape(w).replace(r"\ ", r"[ \n]")) for w in longest])


def _of_class(spec: Mapping[str, Any]) -> Ahead:
    """What an expression of a class with a ``regex`` can start with."""
    then: Ahead = dict.fromkeys(spec.get("then", ()), _ANYTHING)
    starts = spec.get("starts", ())
    whole = [_path(start.split(" ")) for start in starts]
    longer = [{start: then} for start in spec.get("longer", starts if then else ())]
    return reduce(_merged, (*whole, *longer), {})


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
        pieces: list[PatternPart] = []
        while (token := self._next()) and token not in "])>|":
            pieces.append(self._element(token))
        return reduce(lambda rest, piece: piece.then(rest), reversed(pieces), PatternPart(""))

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
            return PatternPart(r"[ \n]{1,2}")
        if token == "~":
            return PatternPart(r"[ \n]?")
        if token == "[":
            piece = self._closed("]")
            return PatternPart(f"(?:{piece.regex})?", _merged(piece.ahead, _NOTHING))
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
            piece = PatternPart(spec["regex"], _of_class(spec))
        else:
            piece = _of_words(tuple(spec))
        if not piece.ahead:
            raise GrammarError(f"class {name!r} does not say what it starts with")
        group = f"g{len(self.groups)}"
        self.groups[group] = (field or name) + self.suffix
        return piece._replace(regex=f"(?P<{group}>{piece.regex})")
