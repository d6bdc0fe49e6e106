"""Baselines: what a run is measured against, as a file whose diff can be read.

JSON with one line per gold set, back end, article and kind, in sorted order: its counts per label and
regime, the gold facts it missed and the predictions that were wrong (labels and offsets, no words), and a
digest of the article's gold. No text of any article is in it.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import msgspec
from msgspec import Struct, field

from factharness.errors import Incomparable
from factharness.facts import Kind
from factharness.gold.files import make_folder, write_bytes
from factharness.run.record import FactRef, MatchRecord, Run
from factharness.score import Counts
from factharness.signature import Signature

FORMAT = 1


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """What one back end got on one kind of facts of one article."""

    goldset: str
    backend: str
    article: str
    kind: Kind
    gold: str
    """The digest of the article's gold."""
    counts: dict[str, dict[str, tuple[float, float, float]]]
    """Label to regime to (tp, fp, fn)."""
    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What lines are sorted by; no two lines share it."""
        return self.goldset, self.backend, self.article, self.kind


class Baseline(Struct, frozen=True, forbid_unknown_fields=True):
    """The results of a run that later ones must not fall behind.

    ``signatures`` maps ``goldset/backend`` to the signature; ``errors`` to the articles it failed on.
    """

    format: int
    suite: str
    reason: str
    version: str
    regimes: tuple[str, ...]
    signatures: dict[str, Signature]
    errors: dict[str, int]
    lines: tuple[Line, ...] = field(default_factory=tuple)

    def counts(
        self, goldset: str, backend: str, kind: Kind, label: str, regime: str
    ) -> dict[str, Counts]:
        """Article to its counts."""
        return {
            line.article: Counts(*line.counts.get(label, {}).get(regime, (0, 0, 0)))
            for line in self.lines
            if (line.goldset, line.backend, line.kind) == (goldset, backend, kind)
        }


def of(run: Run, reason: str = "") -> Baseline:
    """The baseline a run would be."""
    manifest = run.manifest
    digests = {
        (goldset.name, article.id): article.digest
        for goldset in manifest.goldsets
        for article in goldset.articles
    }
    counts: dict[tuple[str, str, str, Kind], dict[str, dict[str, tuple[float, float, float]]]] = {}
    for record in run.counts():
        row = record.row
        by_label = counts.setdefault((record.goldset, record.backend, row.article, row.kind), {})
        by_label.setdefault(row.label, {})[row.regime] = (
            row.counts.tp,
            row.counts.fp,
            row.counts.fn,
        )
    missed: dict[tuple[str, str, str, Kind], list[str]] = {}
    wrong: dict[tuple[str, str, str, Kind], list[str]] = {}
    for match in run.matches():
        key = match.goldset, match.backend, match.match.article, match.match.kind
        for side, facts in (("gold", missed), ("pred", wrong)):
            fact = getattr(match, side)
            if fact is not None and broken(match, manifest.main_regime(match.match.kind)):
                facts.setdefault(key, []).append(name(fact))
    lines = [
        Line(
            goldset=key[0],
            backend=key[1],
            article=key[2],
            kind=key[3],
            gold=digests[key[0], key[2]],
            counts={label: dict(sorted(found[label].items())) for label in sorted(found)},
            missed=tuple(sorted(missed.get(key, ()))),
            wrong=tuple(sorted(wrong.get(key, ()))),
        )
        for key, found in sorted(counts.items())
    ]
    on_sets = run.scores.backends
    return Baseline(
        format=FORMAT,
        suite=manifest.suite,
        reason=reason,
        version=manifest.version,
        regimes=manifest.regimes,
        signatures={f"{one.goldset}/{one.backend}": one.signature for one in on_sets},
        errors={f"{one.goldset}/{one.backend}": len(one.errors) for one in on_sets},
        lines=tuple(lines),
    )


def name(fact: FactRef) -> str:
    """A fact without its words: ``DATE 120:128``, a fragment after the other."""
    return f"{fact.label} {'+'.join(f'{span.start}:{span.end}' for span in fact.spans)}"


def broken(record: MatchRecord, regime: str) -> bool:
    """Whether the facts of a match count against the back end under a regime."""
    return not record.match.ignored and regime not in record.match.right


def encode(baseline: Baseline) -> bytes:
    """The file: the head indented, then a line per :class:`Line`."""
    head = msgspec.to_builtins(baseline)
    lines = head.pop("lines")
    opened = msgspec.json.format(msgspec.json.encode(head), indent=1).removesuffix(b"\n}")
    body = b",\n".join(b"  " + msgspec.json.encode(line) for line in lines)
    return opened + b',\n "lines": [\n' + body + b"\n ]\n}\n"


def save(baseline: Baseline, path: Path) -> None:
    """Write the file whole or not at all. Raises ``OutputError``."""
    make_folder(path.parent)
    write_bytes(path, encode(baseline))


def read(path: Path) -> Baseline:
    """A baseline file. Raises ``Incomparable`` with what to do when there is none, or none that can be used."""
    bless = "make one with `factharness bless RUN --reason TEXT`"
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise Incomparable("there is no baseline", file=path, remedy=bless) from error
    except OSError as error:
        raise Incomparable(f"cannot be read: {error.strerror}", file=path, remedy=bless) from error
    for number, line in enumerate(raw.splitlines(), 1):
        if line.startswith((b"<<<<<<<", b"=======", b">>>>>>>")):
            raise Incomparable(
                "the baseline has conflict markers",
                file=path,
                line=number,
                remedy="take one side and bless a run of the merged code",
            )
    try:
        found = msgspec.json.decode(raw, type=_Format).format
        if found > FORMAT:
            raise Incomparable(
                f"the baseline has format {found}, this version reads up to {FORMAT}",
                file=path,
                remedy=f"use a newer factharness, or {bless}",
            )
        baseline = msgspec.json.decode(raw, type=Baseline)
    except (msgspec.DecodeError, ValueError) as error:
        raise Incomparable(f"not a baseline: {error}", file=path, remedy=bless) from error
    for before, after in itertools.pairwise(baseline.lines):
        if before.key >= after.key:
            number = raw[: raw.find(msgspec.json.encode(after))].count(b"\n") + 1
            raise Incomparable(
                f"the line of {'/'.join(after.key)} is out of order or there twice",
                file=path,
                line=number,
                remedy=f"baselines are not edited by hand: {bless}",
            )
    return baseline


class _Format(Struct):
    format: int


def place(run: Run) -> Path:
    """Where the baseline of a run's suite is: as its gate says, else ``reports/baselines/SUITE.json``."""
    return Path(run.manifest.gate.baseline or f"reports/baselines/{run.manifest.suite}.json")
