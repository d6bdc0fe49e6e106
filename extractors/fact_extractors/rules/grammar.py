"""The pattern language of the data files, and how its rules are tried on a text.

A pattern is a line of words over *bare* text (lower case, no accents, see :mod:`.words`)::

    ["ce "]{weekday}[ {day}[ {month}[ {year}]]]

``word``      itself; a space stands for a space or a line break, ``~`` for one that may be missing
``{name}``    a class of ``[class]``: a list of words, a regular expression or a pattern; what it matched is the
              field ``name``, or ``other`` in ``{name:other}``
``[…]``       may be missing;  ``(…|…)`` one of
``<…>``       a fact; a pattern without marks is one fact as a whole. The fields in the second fact of a rule
              have a 2 after their name, those of the third a 3.

A rule is tried only where a word stands that it can start with, so a text costs one look-up per word; no
part of a pattern repeats without bound, so the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fact_extractors.rules.words import WORD

NUMBER = "0"
"""Stands for every word that starts with a digit among the words a rule can start with."""

_TOKEN = re.compile(
    r"\{(?P<class>[a-z_]+)(?::(?P<name>[a-z0-9_]+))?\}|[\[\]()|<>~ ]|[^\[\]()|<>~ {}]+"
)
_WINDOW = 60
"""How far a guard looks to either side, in characters."""


class GrammarError(ValueError):
    """A pattern that does not read, with the rule it stands in."""


@dataclass(frozen=True)
class Piece:
    """A pattern compiled half-way: its regular expression and the words it can start with."""

    regex: str
    starts: frozenset[str]
    optional: bool = False


class _Parser:
    """Recursive descent over the tokens of one pattern."""

    def __init__(
        self, grammar: Grammar, pattern: str, groups: dict[str, str], suffix: str = ""
    ) -> None:
        self.grammar, self.pattern, self.groups, self.fact = grammar, pattern, groups, 0
        self.tokens = list(_TOKEN.finditer(pattern))
        if sum(len(t.group()) for t in self.tokens) != len(pattern):
            raise GrammarError(f"{pattern!r}: a brace without its pair")
        self.at, self.suffix = 0, suffix

    def _next(self) -> str:
        return self.tokens[self.at].group() if self.at < len(self.tokens) else ""

    def parse(self) -> Piece:
        piece = self._alternatives()
        if self.at < len(self.tokens):
            raise GrammarError(f"{self.pattern!r}: {self._next()!r} without its pair")
        return piece

    def _alternatives(self) -> Piece:
        options = [self._sequence()]
        while self._next() == "|":
            self.at += 1
            options.append(self._sequence())
        if len(options) == 1:
            return options[0]
        return Piece(
            "(?:" + "|".join(o.regex for o in options) + ")",
            frozenset().union(*(o.starts for o in options)),
            any(o.optional for o in options),
        )

    def _sequence(self) -> Piece:
        regex, starts, open_start = "", frozenset[str](), True
        while (token := self._next()) and token not in "])>|":
            piece = self._element(token)
            regex += piece.regex
            if open_start:
                starts |= piece.starts
                open_start = piece.optional
        return Piece(regex, starts, open_start)

    def _closed(self, mark: str) -> Piece:
        piece = self._alternatives()
        if self._next() != mark:
            raise GrammarError(f"{self.pattern!r}: {mark!r} is missing")
        self.at += 1
        return piece

    def _element(self, token: str) -> Piece:
        match = self.tokens[self.at]
        self.at += 1
        if token == " ":
            return Piece(r"[ \n]{1,2}", frozenset(), True)
        if token == "~":
            return Piece(r"[ \n]?", frozenset(), True)
        if token == "[":
            piece = self._closed("]")
            return Piece(f"(?:{piece.regex})?", piece.starts, True)
        if token == "(":
            piece = self._closed(")")
            return Piece(f"(?:{piece.regex})", piece.starts, piece.optional)
        if token == "<":
            self.fact += 1
            number = self.fact
            self.suffix = str(number) if number > 1 else ""
            piece = self._closed(">")
            self.suffix = ""
            return Piece(f"(?P<fact{number}>{piece.regex})", piece.starts, piece.optional)
        if match["class"]:
            return self.grammar.piece(match["class"], match["name"], self.groups, self.suffix)
        first = WORD.match(token)
        starts = (
            frozenset({NUMBER if token[0].isdigit() else first.group()}) if first else frozenset()
        )
        return Piece(re.escape(token), starts)


@dataclass(frozen=True)
class Guard:
    """What may not (or must) stand beside a match: regular expressions over bare text."""

    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    only: re.Pattern[str] | None
    required: bool
    veto: bool

    @classmethod
    def read(cls, spec: Mapping[str, Any]) -> Guard:
        """From ``before``, ``after``, ``only``, ``required`` and ``veto`` of a ``[guard.NAME]``.

        With ``only`` the guard is asked for matches alone in which that expression is found. What a guard with
        ``veto`` refuses is no part of a shorter match either: *trente et un ans* of age is not *un an*.
        """
        before = re.compile(rf"(?:{spec['before']})$") if "before" in spec else None
        after = re.compile(spec["after"]) if "after" in spec else None
        only = re.compile(spec["only"]) if "only" in spec else None
        return cls(before, after, only, bool(spec.get("required")), bool(spec.get("veto")))

    def holds(self, bare: str, start: int, end: int) -> bool:
        """Whether a match at ``[start, end)`` may stand."""
        hit = True
        if self.before is not None:
            hit = self.before.search(bare, max(0, start - _WINDOW), start) is not None
        if hit and self.after is not None:
            hit = self.after.match(bare, end, end + _WINDOW) is not None
        if hit and self.only is not None:
            hit = self.only.search(bare, start, end) is not None
        return hit == self.required


@dataclass(frozen=True)
class Rule:
    """One rule of a data file."""

    id: str
    pattern: str
    make: tuple[str, ...]
    regex: re.Pattern[str]
    starts: frozenset[str]
    groups: Mapping[str, str] = field(hash=False)
    facts: int
    guards: tuple[Guard, ...]
    options: Mapping[str, Any] = field(hash=False)
    examples: tuple[str, ...]
    counter: tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """A rule that matched: the stretch, one span per fact, and the fields.

    Without a rule it is a stretch that a guard with veto refused.
    """

    rule: Rule | None
    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    fields: Mapping[str, str] = field(hash=False)


class Grammar:
    """The rules of one data file.

    ``classes`` maps a class name to a list of words, or to ``{regex, starts}``, or to a pattern (a string).
    Raises :class:`GrammarError`, with the rule's id, for a pattern that does not read.
    """

    def __init__(
        self,
        classes: Mapping[str, Any],
        guards: Mapping[str, Mapping[str, Any]],
        rules: Iterable[Mapping[str, Any]],
    ) -> None:
        self._classes = classes
        self._guards = {name: Guard.read(spec) for name, spec in guards.items()}
        self.rules = tuple(self._rule(spec) for spec in rules)
        self._first: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for word in rule.starts:
                self._first.setdefault(word, []).append(rule)

    def piece(
        self, name: str, field_name: str | None, groups: dict[str, str], suffix: str
    ) -> Piece:
        """The compiled class ``name``; its field is called ``field_name`` or as the class, plus ``suffix``.

        A field may stand in several branches of a pattern, so every group has a name of its own, and
        ``groups`` says which field it fills.
        """
        try:
            spec = self._classes[name]
        except KeyError:
            raise GrammarError(f"no class {name!r}") from None
        if isinstance(spec, str):
            return _Parser(self, spec, groups, suffix).parse()
        if isinstance(spec, Mapping):
            regex, starts = spec["regex"], frozenset(spec["starts"])
        else:
            longest_first = sorted(spec, key=len, reverse=True)
            regex = "|".join(re.escape(word).replace(r"\ ", r"[ \n]") for word in longest_first)
            matches = (WORD.match(word) for word in spec)
            starts = frozenset(
                NUMBER if m.group()[0].isdigit() else m.group() for m in matches if m is not None
            )
        group = f"g{len(groups)}"
        groups[group] = (field_name or name) + suffix
        return Piece(f"(?P<{group}>{regex})", starts)

    def _rule(self, spec: Mapping[str, Any]) -> Rule:
        try:
            groups: dict[str, str] = {}
            parser = _Parser(self, spec["pattern"], groups)
            piece = parser.parse()
            regex = re.compile(piece.regex + r"(?!\w)")
            if piece.optional or not piece.starts:
                raise GrammarError("it could match nothing")
            guards = tuple(self._guards[name] for name in spec.get("guards", ()))
        except (GrammarError, re.error, KeyError) as error:
            raise GrammarError(f"rule {spec.get('id')!r}: {error}") from error
        known = {"id", "pattern", "make", "guards", "examples", "not"}
        return Rule(
            spec["id"],
            spec["pattern"],
            (spec["make"],) if isinstance(spec["make"], str) else tuple(spec["make"]),
            regex,
            piece.starts,
            groups,
            max(parser.fact, 1),
            guards,
            {key: value for key, value in spec.items() if key not in known},
            tuple(spec.get("examples", ())),
            tuple(spec.get("not", ())),
        )

    def match(self, bare: str, at: int, word: str, *, guarded: bool = True) -> Hit | None:
        """The longest match of a rule at ``at``, where ``word`` stands; the first rule wins a tie.

        Without ``guarded`` the words beside the match do not matter: for an expression that stands alone.
        """
        key = NUMBER if word[0] in "0123456789" else word
        best: tuple[Rule, re.Match[str]] | None = None
        vetoed = 0
        for rule in self._first.get(key, ()):
            match = rule.regex.match(bare, at)
            if match is None or (best is not None and match.end() <= best[1].end()):
                continue
            refusing = [g for g in rule.guards if guarded and not g.holds(bare, at, match.end())]
            if not refusing:
                best = rule, match
            elif any(g.veto for g in refusing):
                vetoed = max(vetoed, match.end())
        if best is None:
            return Hit(None, at, vetoed, (), {}) if vetoed else None
        rule, match = best
        fields = {rule.groups[g]: t for g, t in match.groupdict().items() if t and g in rule.groups}
        spans: tuple[tuple[int, int], ...] = ((match.start(), match.end()),)
        if "fact1" in rule.regex.groupindex:
            spans = tuple(match.span(f"fact{n}") for n in range(1, rule.facts + 1))
        return Hit(rule, match.start(), match.end(), spans, fields)

    def hits(self, bare: str) -> Iterator[Hit]:
        """The matches of rules in a text, from left to right, apart from each other."""
        first, reached = self._first, 0
        for word in WORD.finditer(bare):
            key = word.group()
            if (key in first or key[0] in "0123456789") and word.start() >= reached:
                hit = self.match(bare, word.start(), key)
                if hit is not None:
                    reached = hit.end
                    if hit.rule is not None:
                        yield hit
