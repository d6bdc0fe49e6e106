"""Reads the label map of an import from ``--map``: known names, pairs ``THEIRS=OURS``, TOML files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from factharness.convert.model import CUE, QUOTE, SPEAKER
from factharness.errors import GoldError, unknown
from factharness.files import read_text
from factharness.gold.header import read_toml
from factharness.labels import DATE_LABELS, DROPPED, MAPS
from factharness.scheme import FR_NEWS, Scheme


def read_map(values: Iterable[str], scheme: Scheme = FR_NEWS) -> dict[str, str]:
    """Join ``values`` to one map; for a label that is in several of them, the last counts.

    The labels are those of ``scheme``, types of dates, and the parts of a quote; an entity's may be refined
    (``LOC.gpe``). A value is the name of a map, a path that ends in ``.toml``, or pairs with commas between
    them; ``THEIRS=`` leaves a label out. Raises :class:`GoldError` for what is none of these, and for labels
    that the gold does not have."""
    targets = (*scheme.entities, *DATE_LABELS, QUOTE, SPEAKER, CUE)
    table: dict[str, str] = {}
    for value in values:
        if value.endswith(".toml"):
            table |= _of_file(value, targets)
        elif "=" in value:
            table |= _of_pairs(value, targets)
        elif value in MAPS:
            table |= scheme.map_from(value)
        else:
            message, remedy = unknown("label map", value, MAPS)
            raise GoldError(message, remedy=f"{remedy} Or give THEIRS=OURS, or a .toml file")
    return table


def _of_pairs(value: str, targets: Collection[str]) -> dict[str, str]:
    table = {}
    for pair in value.split(","):
        theirs, equals, ours = (part.strip() for part in pair.partition("="))
        if not equals or not theirs:
            raise GoldError(
                f"--map {value!r}: {pair!r} is not THEIRS=OURS",
                remedy="write Location=LOC,Person=PER; labels with a comma or = go into a .toml file",
            )
        table[theirs] = _target(ours, targets)
    return table


def _of_file(path: str, targets: Collection[str]) -> dict[str, str]:
    """The table ``map`` of a TOML file, or the whole of it."""
    found = read_toml(read_text(path), path)
    table = found["map"] if isinstance(found.get("map"), Mapping) else found
    for theirs, ours in table.items():
        if not isinstance(ours, str):
            raise GoldError(
                f"{theirs}: is not a label",
                file=path,
                remedy='a line reads Location = "LOC"; quote a label that has dots or spaces',
            )
    return {theirs: _target(ours, targets, path) for theirs, ours in table.items()}


def _target(label: str, targets: Collection[str], file: str | None = None) -> str:
    if label != DROPPED and label.partition(".")[0] not in targets:
        message, remedy = unknown("label of the gold", label, targets)
        raise GoldError(message, file=file, remedy=remedy)
    return label
