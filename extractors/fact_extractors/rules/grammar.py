"""The rules of a data file, and how they are tried on a text.

A rule is a pattern (see :mod:`.patterns`) with guards on the words beside it. It is tried only
where words stand that it can start with, so a text costs one look-up per word, and the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any, NamedTuple, TypeAlias

from msgspec import Struct

from fact_extractors.rules.patterns import (
    ANY,
    END,
    NUMBER,
    YEAR,
    Ahead,
    GrammarError,
    Parser,
    of_figures,
)
from fact_extractors.words import WORD, Lookout, PerWord

_UNIT = r"[ \n]{0,2}([0-9]+|[^\W\d_]+|[^\w\s])"
_NEXT = re.compile(f"{_UNIT}(?:{_UNIT})?")
_FIGURES = re.compile(r"[0-9]+")
_DIGITS = "0123456789"
_AHEAD, _BACK = 60, 24
"""How far a guard looks to the right and to the left, in characters; one that looks further back says so."""


@dataclass(frozen=True)
class Guard:
    """What may not (or must) stand beside a match: regular expressions over bare text."""

    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    only: re.Pattern[str] | None
    required: bool
    veto: bool
    reach: int

    @classmethod
    def read(cls, spec: Mapping[str, Any]) -> Guard:
        """From ``before``, ``after``, ``only``, ``required``, ``veto`` and ``reach`` of a ``[guard.NAME]``.

        With ``only`` the guard is asked for matches alone in which that expression is found. What a guard with
        ``veto`` refuses is no part of a shorter match either: *trente et un ans* of age is not *un an*.
        ``before`` is searched in the ``reach`` characters before the match.
        """
        before = re.compile(rf"(?:{spec['before']})$") if "before" in spec else None
        after = re.compile(spec["after"]) if "after" in spec else None
        only = re.compile(spec["only"]) if "only" in spec else None
        required, veto = bool(spec.get("required")), bool(spec.get("veto"))
        return cls(before, after, only, required, veto, spec.get("reach", _BACK))

    def holds(self, bare: str, start: int, end: int) -> bool:
        """Whether a match at ``[start, end)`` may stand."""
        hit = True
        if self.only is not None:
            hit = self.only.search(bare, start, end) is not None
        if hit and self.after is not None:
            hit = self.after.match(bare, end, end + _AHEAD) is not None
        if hit and self.before is not None:
            hit = self.before.search(bare, max(0, start - self.reach), start) is not None
        return hit == self.required


def _order(guard: Guard) -> tuple[bool, bool]:
    """Those with a veto are asked first, those that search to the left last: that is slow."""
    return not guard.veto, guard.before is not None


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule of a data file.

    ``ahead`` is what it can start with. ``fields`` are those that the groups of ``regex`` fill, in the order of
    the groups; empty for a group that fills none.
    """

    id: str
    pattern: str
    make: tuple[str, ...]
    regex: re.Pattern[str]
    ahead: Ahead
    fields: tuple[str, ...]
    facts: int
    guards: tuple[Guard, ...]
    options: Mapping[str, Any]
    examples: tuple[str, ...]
    counter: tuple[str, ...]

    def refused_by(self, bare: str, start: int, end: int) -> Guard | None:
        """The guard that refuses a match at ``[start, end)``: those with a veto are asked first."""
        for guard in self.guards:
            if not guard.holds(bare, start, end):
                return guard
        return None

    def goes_on(self, first: str, second: str, third: str) -> bool:
        """Whether it can start with ``first`` and go on with the other two."""
        behind = self.ahead[first]
        if END in behind or ANY in behind:
            return True
        further = behind.get(second, {})
        return third in further or END in further or ANY in further


class RuleMatch(Struct, frozen=True):
    """A rule that matched: the stretch, one span per fact, and the fields.

    Without a rule it is a stretch that a guard with veto refused.
    """

    rule: Rule | None
    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    fields: Mapping[str, str]


def _by_place(regex: re.Pattern[str], named: Mapping[str, str]) -> tuple[str, ...]:
    """The fields that the groups of ``regex`` fill, given those of its ``named`` groups."""
    names = {place: named.get(group, "") for group, place in regex.groupindex.items()}
    return tuple(names.get(place, "") for place in range(1, regex.groups + 1))


class _Following(NamedTuple):
    """The rules that start with one unit, by the one that comes second, and the characters those begin with."""

    by_unit: dict[str, tuple[Rule, ...]]
    initials: frozenset[str]


_Index: TypeAlias = dict[str, _Following]


def _index(rules: Iterable[Rule]) -> _Index:
    """The rules by the unit they start with and by the one that comes second.

    Those under :data:`ANY` take any second unit; they stand at the end of all others too.
    """
    found: dict[str, dict[str, list[Rule]]] = {}
    for rule in rules:
        for first, behind in rule.ahead.items():
            by_second = found.setdefault(first, {ANY: []})
            for second in behind:
                by_second.setdefault(second or ANY, []).append(rule)
    return {
        first: _Following(
            {
                second: tuple(dict.fromkeys(own if second == ANY else own + by_second[ANY]))
                for second, own in by_second.items()
            },
            frozenset(
                "".join(_DIGITS if s in (NUMBER, YEAR) else s[0] for s in by_second if s != ANY)
            ),
        )
        for first, by_second in found.items()
    }


def _thirds(rules: Iterable[Rule]) -> frozenset[str]:
    """The units that come third in a rule."""
    further = {id(f): f for rule in rules for b in rule.ahead.values() for f in b.values()}
    return frozenset().union(*further.values())


class Grammar:
    """The rules of one data file.

    ``classes`` maps a class name to a list of words, to a pattern (a string), or to ``{regex, starts, longer,
    then}``: ``starts`` are all the expressions of one to three units, with spaces between (``0`` stands for up
    to three figures, ``0000`` for more).
    ``longer`` are the units that longer ones start with (those of ``starts`` unless it is given), and ``then``
    those that come second in them, ``*`` for any.
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
        self._index = _index(self.rules)
        self._thirds = _thirds(self.rules)
        self._by_units = PerWord(self._of_units)
        self._starts = Lookout(WORD, lambda word: word in self._index or word[0] in _DIGITS)

    def _guard(self, name: str) -> Guard:
        """The guard of that name; with *not* before it, its opposite."""
        guard = self._guards[name.removeprefix("not ")]
        return replace(guard, required=not guard.required) if name.startswith("not ") else guard

    def _rule(self, spec: Mapping[str, Any]) -> Rule:
        try:
            parser = Parser(self._classes, spec["pattern"])
            piece = parser.parse()
            regex = re.compile(piece.regex + r"(?!\w)")
            if piece.optional or not piece.ahead:
                raise GrammarError("it could match nothing")
            guards = [self._guard(name) for name in spec.get("guards", ())]
        except (GrammarError, re.error, KeyError) as error:
            raise GrammarError(f"rule {spec.get('id')!r}: {error}") from error
        known = {"id", "pattern", "make", "guards", "examples", "not"}
        return Rule(
            spec["id"],
            spec["pattern"],
            (spec["make"],) if isinstance(spec["make"], str) else tuple(spec["make"]),
            regex,
            piece.ahead,
            _by_place(regex, parser.groups),
            max(parser.facts, 1),
            tuple(sorted(guards, key=_order)),
            {key: value for key, value in spec.items() if key not in known},
            tuple(spec.get("examples", ())),
            tuple(spec.get("not", ())),
        )

    def _candidates(self, bare: str, at: int, word: str) -> Sequence[Rule]:
        """The rules that can start with ``word`` and go on with what stands after it."""
        key, end = word, at + len(word)
        if word[0] in _DIGITS:
            figures = _FIGURES.match(bare, at)
            key, end = (of_figures(figures[0]), figures.end()) if figures else (NUMBER, end)
        following = self._index.get(key)
        if following is None:
            return ()
        if bare[end : end + 3].lstrip(" \n")[:1] not in following.initials:
            return following.by_unit[ANY]
        found = _NEXT.match(bare, end)
        if found is None:
            return following.by_unit[ANY]
        second, third = found.groups(END)
        second = of_figures(second) if second[0] in _DIGITS else second
        if third not in self._thirds:
            third = of_figures(third) if third.isdecimal() else END
        return self._by_units[f"{key} {second} {third}"]

    def _of_units(self, found: str) -> tuple[Rule, ...]:
        """The rules that can start with three units, written with spaces between; the last may be missing."""
        first, second, third = found.split(" ")
        rules = self._index[first].by_unit
        return tuple(
            rule for rule in rules.get(second) or rules[ANY] if rule.goes_on(first, second, third)
        )

    def match(self, bare: str, at: int, word: str, *, guarded: bool = True) -> RuleMatch | None:
        """The longest match of a rule at ``at``, where ``word`` stands; the first rule wins a tie.

        Without ``guarded`` the words beside the match do not matter: for an expression that stands alone.
        """
        return _longest(self._candidates(bare, at, word), bare, at, guarded=guarded)

    def hits(self, bare: str) -> Iterator[RuleMatch]:
        """The matches of rules in a text, from left to right, apart from each other."""
        reached = 0
        for word, at in self._starts.places(bare):
            if at < reached or not (rules := self._candidates(bare, at, word)):
                continue
            hit = _longest(rules, bare, at)
            if hit is not None:
                reached = hit.end
                if hit.rule is not None:
                    yield hit


def _longest(
    rules: Sequence[Rule], bare: str, at: int, *, guarded: bool = True
) -> RuleMatch | None:
    """The longest match at ``at`` of one of the rules; see :meth:`Grammar.match`."""
    best: tuple[Rule, re.Match[str]] | None = None
    vetoed = reached = 0
    for rule in rules:
        match = rule.regex.match(bare, at)
        if match is None or match.end() <= reached:
            continue
        refusing = rule.refused_by(bare, at, match.end()) if guarded else None
        if refusing is None:
            best, reached = (rule, match), match.end()
        elif refusing.veto:
            vetoed = max(vetoed, match.end())
    if best is None:
        return RuleMatch(None, at, vetoed, (), {}) if vetoed else None
    rule, match = best
    groups = match.groups()
    fields = dict(compress(zip(rule.fields, groups, strict=True), groups))
    fields.pop("", None)
    spans: tuple[tuple[int, int], ...] = ((at, reached),)
    if "fact1" in rule.regex.groupindex:
        spans = tuple(match.span(f"fact{n}") for n in range(1, rule.facts + 1))
    return RuleMatch(rule, at, reached, spans, fields)
