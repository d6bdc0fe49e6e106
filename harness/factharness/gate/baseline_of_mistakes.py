"""Reads baselines that list the mistakes alone, those of the first format, as ones of the present format.

They do not list the gold facts that were found, the kinds that a back end claimed, and the articles on which it
failed. All three are derived from the lines; of a found fact, only the label can be derived.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from factharness.facts import KINDS, Kind
from factharness.gate.baseline_lines import BaselineLine, Numbers
from factharness.runs.record import stored_regime
from factharness.score import ALL
from factharness.score.regimes import BY_LENGTH
from factharness.signature import Signature

FORMAT = 1

UNPLACED = "?"
"""Written in place of the offsets of a fact when these are not known."""


class _BaselineLine(Struct, forbid_unknown_fields=True):
    goldset: str
    backend: str
    article: str
    kind: Kind
    gold: str
    counts: dict[str, dict[str, Numbers]]
    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


class _Baseline(Struct, forbid_unknown_fields=True):
    format: int
    suite: str
    reason: str
    version: str
    regimes: tuple[str, ...]
    signatures: dict[str, Signature]
    errors: dict[str, int]
    lines: tuple[_BaselineLine, ...] = ()


def read(raw: bytes) -> tuple[dict[str, Any], Iterator[BaselineLine]]:
    """The fields of a baseline of the present format, and its lines. Raises ``msgspec.DecodeError``."""
    old = msgspec.json.decode(raw, type=_Baseline)
    articles: dict[str, set[str]] = {}
    scored: dict[str, set[str]] = {}
    kinds: dict[str, set[Kind]] = {place.partition("/")[2]: set() for place in old.signatures}
    for line in old.lines:
        articles.setdefault(line.goldset, set()).add(line.article)
        scored.setdefault(f"{line.goldset}/{line.backend}", set()).add(line.article)
        kinds.setdefault(line.backend, set()).add(line.kind)
    fields = {name: getattr(old, name) for name in _Baseline.__struct_fields__ if name != "lines"}
    lines = (
        BaselineLine(
            *(line.goldset, line.backend, line.article, line.kind, line.gold, line.counts),
            found=tuple(_found(line, old.regimes)),
            missed=line.missed,
            wrong=line.wrong,
        )
        for line in old.lines
    )
    return fields | {
        "started": "",
        "kinds": {name: tuple(k for k in KINDS if k in some) for name, some in kinds.items()},
        "errors": {
            place: tuple(
                sorted(articles.get(place.partition("/")[0], set()) - scored.get(place, set()))
            )
            for place in old.signatures
        },
    }, lines


def _found(line: _BaselineLine, regimes: tuple[str, ...]) -> list[str]:
    """The found facts: for each label, as many as its gold minus its missed facts."""
    regime = stored_regime(line.kind, regimes[0]) if regimes else ""
    if regime in BY_LENGTH:
        return []  # these regimes count words or characters; whole facts are never right
    missed = Counter(name.rpartition(" ")[0] for name in line.missed)
    return [
        f"{label} {UNPLACED}"
        for label, by_regime in sorted(line.counts.items())
        if label != ALL and regime in by_regime
        for _ in range(round(by_regime[regime][0] + by_regime[regime][2]) - missed[label])
    ]
