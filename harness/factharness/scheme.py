"""The labels that gold may have: those of ``fr-news-1``, or those that a gold set declares.

A set declares its own labels in ``set.toml``. Everything that asks which labels there are asks a
:class:`Scheme`: the checks, imports, the label maps of back ends, scores, tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from msgspec import Struct

from factharness.errors import GoldError, unknown
from factharness.facts import KINDS, QUOTE_TYPES, Kind
from factharness.labels import DATE_LABELS, DROPPED, ENTITY_LABELS, MAPS, SCHEME, mapped
from factharness.signature import digest

CHECKS = (
    "elisions",
    "repeated-names",
    "parts-of-names",
    "unlabelled-words",
    "marked-words",
    "speakers",
    "quote-marks",
    "speaker-names",
    "name-edges",
    "date-edges",
    "modifiers",
    "parts-of-day",
    "weekdays",
    "vague-times",
)
"""The checks of gold that are decisions of ``fr-news-1``; a scheme of one's own names those that it keeps."""

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_QUOTE = "QUOTE"
_PARTS = (_QUOTE, "SPEAKER", "CUE")
"""What other programs call a quote and its parts."""


Wrong: TypeAlias = Callable[[str, str], GoldError]
"""Makes the error about a ``set.toml`` from what is wrong in it and what to do."""


class SchemeLabel(Struct, frozen=True):
    """A label of a scheme: what kind of fact it is, what it means, and the labels of other label sets for it.

    ``elsewhere`` has label sets of :data:`factharness.labels.MAPS`, each with one or more of its labels.
    """

    kind: Kind
    says: str = ""
    elsewhere: dict[str, tuple[str, ...]] = {}


class Scheme(Struct, frozen=True):
    """The labels of a gold set by name, in the order in which tables and pages show them.

    ``checks`` are those of :data:`CHECKS` that hold for it. ``leaves_out`` has labels of other label sets that
    were looked at and have no place here. Dates keep the four types of TIMEX3, quotes their three types.
    """

    name: str
    labels: dict[str, SchemeLabel]
    checks: tuple[str, ...] = ()
    leaves_out: dict[str, tuple[str, ...]] = {}

    @property
    def entities(self) -> tuple[str, ...]:
        """The labels of entities."""
        return tuple(name for name, label in self.labels.items() if label.kind == "entity")

    def expected(self, kind: Kind) -> tuple[str, ...]:
        """The labels under which facts of a kind are counted."""
        types: Mapping[Kind, tuple[str, ...]] = {"date": DATE_LABELS, "quote": QUOTE_TYPES}
        return types.get(kind) or self.entities

    @property
    def signature(self) -> str:
        """Its name, for signatures; of a set's own scheme with a digest of all that can change a number."""
        if self.name == SCHEME:
            return self.name
        counted = [(name, label.kind, label.elsewhere) for name, label in self.labels.items()]
        return f"{self.name}#{digest([counted, self.checks, self.leaves_out], 4)}"

    def map_from(self, theirs: str | Mapping[str, str]) -> Mapping[str, str]:
        """The map from ``theirs``, a label set by name, to this scheme; a map is returned as it is.

        The label sets are those of :data:`factharness.labels.MAPS`.

        In a set's own scheme a label that has the same name here needs no line; one that has no place is not in
        the map, and so is counted and listed by the scorer.
        """
        if not isinstance(theirs, str):
            return theirs
        if self.name == SCHEME:
            return MAPS[theirs]
        table = {name: date for name, date in MAPS[theirs].items() if date in DATE_LABELS}
        table |= {name: name for name in (*self.entities, *DATE_LABELS)}
        table |= dict.fromkeys(self.leaves_out.get(theirs, ()), DROPPED)
        for name, label in self.labels.items():
            table |= dict.fromkeys(label.elsewhere.get(theirs, ()), name)
        return MappingProxyType(table)


FR_NEWS = Scheme(
    SCHEME,
    {
        "PER": SchemeLabel("entity", "persons"),
        "ORG": SchemeLabel("entity", "organisations"),
        "LOC": SchemeLabel("entity", "places"),
        "MISC": SchemeLabel("entity", "works, products, events and other names"),
    },
    CHECKS,
)
"""The scheme of a set that declares none; ``docs/guidelines.md`` says what its labels mean."""
assert FR_NEWS.entities == ENTITY_LABELS


def declared(name: str, labels: Mapping[str, Any], checks: Any, file: object) -> Scheme:
    """The scheme that ``set.toml`` declares: its table ``labels``, and its list ``checks``.

    Raises :class:`GoldError` for a label without a kind or of an unknown one, a name that is no label, or that
    of a type of date or of a quote, two names that differ in capitals only, and an unknown check.
    """

    def wrong(message: str, remedy: str) -> GoldError:
        return GoldError(message, file=file, remedy=remedy)

    if name == SCHEME:
        raise wrong(
            f"[labels] declares labels, and the scheme is {SCHEME}, which has its own",
            'give the scheme a name of its own: scheme = "mine-1"',
        )
    if not isinstance(checks, list) or not all(isinstance(check, str) for check in checks):
        raise wrong("checks is no list of names", f"write checks = {list(CHECKS)}")
    for check in checks:
        if check not in CHECKS:
            raise wrong(*unknown("check", check, CHECKS))
    made: dict[str, SchemeLabel] = {}
    leaves_out: dict[str, tuple[str, ...]] = {}
    for label, fields in labels.items():
        if not isinstance(fields, Mapping):
            raise wrong(
                f"labels.{label} is no table",
                'a line reads MONEY = { kind = "entity", says = "…" }',
            )
        if label == "leaves-out":
            leaves_out = _elsewhere(fields, label, wrong)
            continue
        made[label] = _label(label, fields, wrong)
    _check_places(made, leaves_out, wrong)
    if not any(one.kind == "entity" for one in made.values()):
        raise wrong("[labels] declares no label of an entity", 'add MONEY = { kind = "entity" }')
    return Scheme(name, made, tuple(checks), leaves_out)


def _check_places(
    labels: Mapping[str, SchemeLabel], leaves_out: Mapping[str, tuple[str, ...]], wrong: Wrong
) -> None:
    """Raise for a label of another set that does not exist there, or that has two places."""
    places: dict[tuple[str, str], str] = {}
    named = {name: label.elsewhere for name, label in labels.items()} | {"leaves-out": leaves_out}
    for name, elsewhere in named.items():
        for theirs, listed in elsewhere.items():
            for label in listed:
                # A back end that names no label set counts as one of fr-news-1, and may have any labels.
                if theirs != SCHEME and mapped(label, MAPS[theirs]) is None:
                    raise wrong(
                        *unknown(f"label of {theirs} in labels.{name}", label, MAPS[theirs])
                    )
                first = places.setdefault((theirs, label), name)
                if first != name:
                    raise wrong(
                        f"{label} of {theirs} has two places, {first} and {name}",
                        "keep one of them",
                    )


def _label(name: str, fields: Mapping[str, Any], wrong: Wrong) -> SchemeLabel:
    if not _NAME.fullmatch(name):
        raise wrong(
            f"{name!r} is no label",
            "a label is written in capitals, digits and _, as WORK_OF_ART; map others on import",
        )
    kind = fields.get("kind")
    if kind is None:
        raise wrong(f"labels.{name} has no kind", 'write kind = "entity"')
    if kind not in KINDS:
        raise wrong(*unknown(f"kind of {name}", str(kind), KINDS))
    own: Mapping[str, tuple[str, ...]] = {"date": DATE_LABELS, "quote": (_QUOTE,)}
    types = own.get(kind, ())
    if kind == "entity" and name in (*DATE_LABELS, *_PARTS):
        what = "a type of date" if name in DATE_LABELS else "a quote or a part of one"
        raise wrong(f"{name} is {what} and cannot label an entity", "give the label another name")
    if kind != "entity" and name not in types:
        raise wrong(
            f"{name} cannot be a {kind}: {kind}s are labelled {', '.join(types)} in every scheme",
            'leave the line out, or write kind = "entity"',
        )
    says = fields.get("says", "")
    if not isinstance(says, str):
        raise wrong(f"labels.{name}: says is no text", 'write says = "amounts of money"')
    rest = {key: value for key, value in fields.items() if key not in ("kind", "says")}
    return SchemeLabel(kind, says, _elsewhere(rest, name, wrong))


def _elsewhere(fields: Mapping[str, Any], name: str, wrong: Wrong) -> dict[str, tuple[str, ...]]:
    """Labels of other label sets: ``ontonotes = "MONEY"``, or a list of them."""
    found: dict[str, tuple[str, ...]] = {}
    for theirs, labels in fields.items():
        if theirs not in MAPS:
            raise wrong(
                *unknown(f"key or label set in labels.{name}", theirs, ("kind", "says", *MAPS))
            )
        listed = [labels] if isinstance(labels, str) else labels
        if not isinstance(listed, list) or not all(isinstance(label, str) for label in listed):
            raise wrong(
                f"labels.{name}: {theirs} names no labels", f'write {theirs} = "MONEY" or a list'
            )
        found[theirs] = tuple(listed)
    return found
