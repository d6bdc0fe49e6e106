"""A variant in which persons have names of other origins, so that recall can be shown by origin.

A person is replaced wherever the article's gold names it, by one name. A given name is replaced by one of the
same gender, so that all agreement stays right; where the gender of a given name is not known, the person stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from random import Random

from msgspec import Struct, field

from factharness.facts import Entity, GoldArticle, Quote, Span
from factharness.text import fold
from factharness.variants.carry import Changed
from factharness.variants.data import Gender, document, given_names
from factharness.variants.offsets import Edit, rewrite

PERSON = "PER"
"""The label of persons, in every scheme that has one."""

ORIGIN, GENDER = "origin", "gender"
"""The attributes of a gold fact whose name was replaced."""

_NAME = re.compile(r"[^\W\d_][\w.’'-]*(?:[ \u00a0\u202f][\w.’'-]+)*")
_PARTICLES = re.compile(
    r"^(?:(?:de|du|des|d|la|le|van|von|der|den|di|da|del|ben)[ ']+)+", re.IGNORECASE
)
_VOWELS = frozenset("aeiouàâäéèêëîïôöùûüœæ")
_ELIDED = re.compile(r"(?:\b[cdjlmnst]|\b\w*qu)'$", re.IGNORECASE)
_FULL = re.compile(r"\b(?:de|que|le|la|ce|se|ne|je|me|te|jusque|lorsque|puisque) $", re.IGNORECASE)


class _Family(Struct):
    """Persons of one family name: the new one, and the new given names by the old ones."""

    origin: str
    name: str
    members: dict[str, tuple[str, Gender]] = field(default_factory=dict)

    @property
    def group(self) -> dict[str, str]:
        """Origin, and the gender where all members have the same."""
        genders = {gender for _, gender in self.members.values()}
        return {ORIGIN: self.origin} | ({GENDER: genders.pop()} if len(genders) == 1 else {})


def names(gold: GoldArticle, random: Random) -> Changed:
    """Replace the persons of an article by others."""
    text = gold.article.text
    mentions = {
        place: held.fact.span
        for place, held in enumerate(gold.facts)
        if isinstance(held.fact, Entity) and held.fact.label == PERSON
    }
    people = _People(text, mentions.values(), random)
    changed = Changed()
    edits: dict[Span, str] = {}
    for place, span in mentions.items():
        parts = people.renamed(span.of(text))
        if parts is None:
            continue
        replaced, changed.attributes[place] = parts
        edits |= {
            Span(span.start + start, span.start + end): new
            for (start, end), new in replaced.items()
        }
    end = 0
    for span, new in sorted(edits.items()):
        if span.start >= end:  # of names inside names the outer one
            changed.edits.append(Edit(span.start, span.end, new))
            end = span.end
    for held in gold.facts:
        name = held.fact.speaker_name if isinstance(held.fact, Quote) else None
        parts = people.renamed(name) if name else None
        if name and parts:
            whole = [Edit(*part, new) for part, new in sorted(parts[0].items())]
            changed.speakers[name] = rewrite(name, whole)[0]
    return changed


_Replaced = dict[tuple[int, int], str]
"""What stands in place of which characters of a name."""


class _People:
    """The persons of an article, and their new names."""

    def __init__(self, text: str, spans: Iterable[Span], random: Random) -> None:
        self.text, self.random = text, random
        self.taken = set(re.findall(r"\w+", text.casefold()))
        self.families: dict[str, _Family] = {}
        self.alone: dict[str, tuple[str, dict[str, str]]] = {}
        """Given names that stand alone, with the new name and its group."""
        self.before: dict[str, set[bool]] = {}
        """For each name, whether it must begin with a vowel by the words that stand before it."""
        mentions = [(span.of(text), self._needs(span.start)) for span in spans]
        for words, needs in mentions:
            for name in (words, (_split(words) or (words,))[0]):
                self.before.setdefault(_key(name), set()).update(needs)
        for words, _ in mentions:
            self._meet(words)
        for words, _ in mentions:
            self._meet_alone(words)

    def _needs(self, start: int) -> set[bool]:
        before = fold(self.text[max(0, start - 12) : start])
        return {True} if _ELIDED.search(before) else {False} if _FULL.search(before) else set()

    def _meet(self, words: str) -> None:
        """Find a new name for a person who is named in full and has none."""
        parts = _split(words)
        gender = _gender(parts[0]) if parts else None
        if parts is None or gender is None:
            return
        given, family = parts
        known = self.families.get(_key(family))
        if known is None:
            origin = self.random.choice(list(document("names")))
            name = self._new(origin, "families", family)
            if name is None:
                return
            known = self.families[_key(family)] = _Family(origin, name)
        if _key(given) not in known.members:
            new = self._new(known.origin, gender, given)
            if new is not None:
                known.members[_key(given)] = new, gender

    def _meet_alone(self, words: str) -> None:
        """Find a new name for a given name that stands alone: that of a person named in full, else another."""
        gender = _gender(words)
        if gender is None or _key(words) in self.alone:
            return
        bearers = [one for one in self.families.values() if _key(words) in one.members]
        if len(bearers) == 1:
            name, known = bearers[0].members[_key(words)]
            self.alone[_key(words)] = name, {ORIGIN: bearers[0].origin, GENDER: known}
        elif not bearers:
            origin = self.random.choice(list(document("names")))
            new = self._new(origin, gender, words)
            if new is not None:
                self.alone[_key(words)] = new, {ORIGIN: origin, GENDER: gender}

    def _new(self, origin: str, part: str, old: str) -> str | None:
        """A name that the article does not have, and that fits to what stands before the old one."""
        needs = self.before.get(_key(old), set()) | self.before.get(_core(old), set())
        fitting = [
            name
            for name in document("names")[origin][part]
            if all((name[0].casefold() in _VOWELS) is vowel for vowel in needs)
            and not self.taken.intersection(re.findall(r"\w+", name.casefold()))
        ]
        if not fitting:
            return None
        name: str = self.random.choice(fitting)
        self.taken.update(re.findall(r"\w+", name.casefold()))
        return name

    def _family(self, words: str) -> _Family | None:
        """The family of this name, written with its particles or without."""
        for key, family in self.families.items():
            if _key(words) in (key, _core(key)):
                return family
        return None

    def renamed(self, words: str) -> tuple[_Replaced, dict[str, str]] | None:
        """What stands in place of the parts of a name, and its group; None when the name stays."""
        family = self._family(words)
        if family is not None:
            return {(0, len(words)): _like(family.name, words)}, family.group
        if _key(words) in self.alone:
            name, group = self.alone[_key(words)]
            return {(0, len(words)): _like(name, words)}, group
        parts = _split(words)
        family = self.families.get(_key(parts[1])) if parts else None
        if parts is None or family is None:
            return None
        at = len(words) - len(parts[1])
        replaced = {(at, len(words)): _like(family.name, parts[1])}
        member = family.members.get(_key(parts[0]))
        if (
            member is None
        ):  # a given name of unknown gender stays, the family's is replaced everywhere
            return replaced, {ORIGIN: family.origin}
        replaced[0, len(parts[0])] = _like(member[0], parts[0])
        return replaced, {ORIGIN: family.origin, GENDER: member[1]}


def _split(words: str) -> tuple[str, str] | None:
    """Given name and family name; None for a name of one word, or with anything in it but words."""
    if not _NAME.fullmatch(words):
        return None
    given, family = re.match(r"(\S+)\s*(.*)", words, re.DOTALL).groups()  # type: ignore[union-attr]
    return (given, family) if family else None


def _gender(given: str) -> Gender | None:
    """The gender of a given name, of a compound by its first part; None when it is not known."""
    known: Mapping[str, Gender] = given_names()
    return known.get(given) or known.get(given.partition("-")[0])


def _key(name: str) -> str:
    return fold(name).casefold()


def _core(family: str) -> str:
    """The key of a family name without its particles."""
    return _PARTICLES.sub("", _key(family), count=1)


def _like(new: str, old: str) -> str:
    """The new name, in capitals if the old one is in capitals and more than an initial."""
    return new.upper() if old.isupper() and len(old) > 2 else new
