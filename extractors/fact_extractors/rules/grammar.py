"""The rules of a data file, and how they are tried on a text.

A rule is a pattern (see :mod:`.patterns`) with guards on the words beside it. It is tried only
where a word stands that it can start with and one that can come next, so a text costs one look-up
per word, and the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

from msgspec import Struct

from fact_extractors.rules.patterns import ANY, NUMBER, GrammarError, Parser
from fact_extractors.words import WORD, Lookout

_NEXT = re.compile(r"[ \n]{0,2}([0-9]|[^\W\d_]+|[^\w\s])")
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


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule of a data file.

    ``fields`` are those that groups of ``regex`` fill, each with the number of its group, from 0.
    """

    id: str
    pattern: str
    make: tuple[str, ...]
    regex: re.Pattern[str]
    follow: Mapping[str, frozenset[str]]
    fields: tuple[tuple[int, str], ...]
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


class RuleMatch(Struct, frozen=True):
    """A rule that matched: the stretch, one span per fact, and the fields.

    Without a rule it is a stretch that a guard with veto refused.
    """

    rule: Rule | None
    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    fields: Mapping[str, str]


def _by_place(regex: re.Pattern[str], named: Mapping[str, str]) -> tuple[tuple[int, str], ...]:
    """The groups of ``regex`` that fill a field, in their order, given the fields of its ``named`` groups."""
    places = sorted((place, group) for group, place in regex.groupindex.items())
    return tuple((place - 1, named[group]) for place, group in places if group in named)


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
        for first, seconds in rule.follow.items():
            by_second = found.setdefault(first, {ANY: []})
            for second in seconds:
                by_second.setdefault(second, []).append(rule)
    return {
        first: _Following(
            {
                second: tuple(dict.fromkeys(own if second == ANY else own + by_second[ANY]))
                for second, own in by_second.items()
            },
            frozenset("".join(_DIGITS if s == NUMBER else s[0] for s in by_second if s != ANY)),
        )
        for first, by_second in found.items()
    }


class Grammar:
    """The rules of one data file.

    ``classes`` maps a class name to a list of words, to ``{regex, starts, then}`` (the units the
    expression can start with, and those that can come second in it; with ``alone = false`` it is never
    one unit alone), or to a pattern (a string).
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
            if piece.optional or not piece.follow:
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
            piece.follow,
            _by_place(regex, parser.groups),
            max(parser.facts, 1),
            tuple(sorted(guards, key=lambda guard: not guard.veto)),
            {key: value for key, value in spec.items() if key not in known},
            tuple(spec.get("examples", ())),
            tuple(spec.get("not", ())),
        )

    def _candidates(self, bare: str, at: int, word: str) -> Sequence[Rule]:
        """The rules that can start with ``word`` and go on with what stands after it."""
        key, end = word, at + len(word)
        if word[0] in _DIGITS:
            figures = _FIGURES.match(bare, at)
            key, end = NUMBER, figures.end() if figures else end
        following = self._index.get(key)
        if following is None:
            return ()
        rules = following.by_unit
        if bare[end : end + 3].lstrip(" \n")[:1] not in following.initials:
            return rules[ANY]
        found = _NEXT.match(bare, end)
        unit = "" if found is None else found[1]
        if unit and unit in _DIGITS:
            unit = NUMBER
        return rules.get(unit) or rules[ANY]

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
    fields = {name: text for place, name in rule.fields if (text := groups[place])}
    spans: tuple[tuple[int, int], ...] = ((at, reached),)
    if "fact1" in rule.regex.groupindex:
        spans = tuple(match.span(f"fact{n}") for n in range(1, rule.facts + 1))
    return RuleMatch(rule, at, reached, spans, fields)
