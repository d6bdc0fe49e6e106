"""The signature of a number: the gold, the way of measuring and the back end it comes from.

``entity.f1|gold:depeches@1#7c1e09|scheme:fr-news-1|regime:strict|map:wikiner|match:opt|backend:spacy#a91f|v:0.1.0|seed:0``

After sacrebleu's signatures (Post 2018). Two numbers whose gold, scheme, regime, map or match parts differ
are not comparable.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from factharness import __version__
from factharness.labels import SCHEME

SEED = 0
"""The seed of the random draws of intervals and tests."""


def digest(value: object, length: int) -> str:
    """The first ``length`` hex digits of the SHA-256 of ``value`` as JSON with sorted keys."""
    encoded = msgspec.json.encode(value, order="deterministic")
    return hashlib.sha256(encoded).hexdigest()[:length]


class Signature(Struct, frozen=True):
    """All parts of a signature except the metric and the regime."""

    gold: str
    map: str
    backend: str
    scheme: str = SCHEME
    match: str = "opt"
    version: str = __version__
    seed: int = SEED

    def of(self, metric: str, regime: str) -> str:
        """The signature of one number: ``of("entity.f1", "strict")``."""
        return (
            f"{metric}|gold:{self.gold}|scheme:{self.scheme}|regime:{regime}|map:{self.map}"
            f"|match:{self.match}|backend:{self.backend}|v:{self.version}|seed:{self.seed}"
        )

    def differences(self, other: Signature) -> list[str]:
        """The parts that differ so that numbers of the two cannot be compared, one line each."""
        return [
            f"{part}: {mine} against {theirs}"
            for part in ("gold", "scheme", "map", "match")
            if (mine := getattr(self, part)) != (theirs := getattr(other, part))
        ]


def gold_part(name: str, version: str, digest: str, variant: str = "") -> str:
    """``depeches@1#7c1e09``; of a variant of its articles ``depeches@1#7c1e09~capitals``."""
    return f"{name}@{version}#{digest[:6]}{'~' * bool(variant)}{variant}"


def plain_part(gold: str) -> str:
    """A gold part without its variant: ``depeches@1#7c1e09`` of ``depeches@1#7c1e09~capitals``."""
    before, _, digest = gold.rpartition("#")
    return f"{before}#{digest.partition('~')[0]}"


def backend_part(name: str, fingerprint: Mapping[str, str]) -> str:
    """``spacy#a91f``: the name, and a digest of the fingerprint."""
    return f"{name}#{digest(dict(fingerprint), 4)}"


def map_part(map: str | Mapping[str, str]) -> str:
    """The name of a built-in label map, or ``own#`` and a digest."""
    return map if isinstance(map, str) else f"own#{digest(dict(map), 4)}"
