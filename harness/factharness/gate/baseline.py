"""Baselines: the results of an earlier run, with which later runs are compared.

The file is JSON whose diff can be read: one line per gold set, back end, article and kind, in sorted order. A
line has the counts per label and regime, the gold facts that were found and missed, the predictions that were
wrong (labels and offsets, no words), and a digest of the article's gold. It contains no text of an article.
"""

from __future__ import annotations

import itertools
import re
import shlex
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct, field

from factharness.errors import HarnessError, Incomparable
from factharness.facts import Kind, Span
from factharness.files import make_folder, write_bytes
from factharness.gate import baseline_of_mistakes
from factharness.gate.baseline_of_mistakes import UNPLACED
from factharness.gate.coverage import not_whole
from factharness.runs.directory import load
from factharness.runs.folder import refuse_outdated
from factharness.runs.record import FactRef, MatchRecord, Run
from factharness.signature import Signature
from factharness.text import BOM

FORMAT = 2

Key: TypeAlias = tuple[str, str, str, Kind]
"""The key of a line: gold set, back end, article, kind."""


class BaselineLine(Struct, frozen=True, forbid_unknown_fields=True):
    """The results of one back end for one kind of facts in one article."""

    goldset: str
    backend: str
    article: str
    kind: Kind
    gold: str
    """The digest of the article's gold."""
    counts: dict[str, dict[str, tuple[float, float, float]]]
    """Label to regime to (tp, fp, fn)."""
    found: tuple[str, ...]
    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """The sort key; no two lines have the same."""
        return self.goldset, self.backend, self.article, self.kind


class Baseline(Struct, frozen=True, forbid_unknown_fields=True):
    """The results of a run, with which later runs are compared.

    ``started`` is when that run began; it is empty in a baseline of the first format. ``signatures`` maps
    ``goldset/backend`` to the signature, ``errors`` maps it to the articles on which the back end failed.
    ``kinds`` maps each back end that was available to the kinds that it claimed to find. ``size`` is the number
    of ``lines``, so that one that was lost in a merge is noticed; None in a baseline of the first format.
    """

    format: int
    suite: str
    reason: str
    version: str
    started: str
    regimes: tuple[str, ...]
    signatures: dict[str, Signature]
    kinds: dict[str, tuple[Kind, ...]]
    errors: dict[str, tuple[str, ...]]
    size: int | None = None
    lines: tuple[BaselineLine, ...] = field(default_factory=tuple)

    def __str__(self) -> str:
        day = f" of {self.started[:10]}" if self.started else ""
        return f"the baseline{day} ({self.reason})"


def of(run: Run, reason: str = "") -> Baseline:
    """The baseline that is made from a run."""
    manifest = run.manifest
    digests = {
        (goldset.name, article.id): article.digest
        for goldset in manifest.goldsets
        for article in goldset.articles
    }
    counts: dict[Key, dict[str, dict[str, tuple[float, float, float]]]] = {}
    for record in run.counts():
        row = record.row
        by_label = counts.setdefault((record.goldset, record.backend, row.article, row.kind), {})
        by_label.setdefault(row.label, {})[row.regime] = (
            row.counts.tp,
            row.counts.fp,
            row.counts.fn,
        )
    facts: dict[str, dict[Key, list[str]]] = {
        "found": {},
        "missed": {},
        "wrong": {},
    }
    for match in run.matches():
        key = match.goldset, match.backend, match.match.article, match.match.kind
        lost = broken(match, manifest.main_regime(match.match.kind))
        if match.gold is not None and not match.match.ignored:
            facts["missed" if lost else "found"].setdefault(key, []).append(name(match.gold))
        if match.pred is not None and lost:
            facts["wrong"].setdefault(key, []).append(name(match.pred))
    lines = [
        BaselineLine(
            goldset=key[0],
            backend=key[1],
            article=key[2],
            kind=key[3],
            gold=digests[key[0], key[2]],
            counts={label: dict(sorted(by_label[label].items())) for label in sorted(by_label)},
            found=tuple(sorted(facts["found"].get(key, ()))),
            missed=tuple(sorted(facts["missed"].get(key, ()))),
            wrong=tuple(sorted(facts["wrong"].get(key, ()))),
        )
        for key, by_label in sorted(counts.items())
    ]
    on_sets = run.scores.backends
    return Baseline(
        format=FORMAT,
        suite=manifest.suite,
        reason=reason,
        version=manifest.version,
        started=manifest.started,
        regimes=manifest.regimes,
        signatures={f"{one.goldset}/{one.backend}": one.signature for one in on_sets},
        kinds={one.name: one.kinds for one in manifest.backends if not one.unavailable},
        errors={f"{one.goldset}/{one.backend}": tuple(sorted(one.errors)) for one in on_sets},
        size=len(lines),
        lines=tuple(lines),
    )


def name(fact: FactRef) -> str:
    """How a baseline writes a fact: label and offsets, ``DATE 120:128``; fragments are joined by ``+``."""
    return f"{fact.label} {'+'.join(f'{span.start}:{span.end}' for span in fact.spans)}"


def named(name: str) -> FactRef:
    """The fact that :func:`name` has written, without its words.

    In a baseline of the first format some facts have no offsets; the result then has no spans.
    """
    label, _, places = name.rpartition(" ")
    ends = () if places == UNPLACED else (place.split(":") for place in places.split("+"))
    return FactRef(label, tuple(Span(int(start), int(end)) for start, end in ends), "")


def broken(record: MatchRecord, regime: str) -> bool:
    """Whether the facts of a match count against the back end under a regime."""
    return not record.match.ignored and regime not in record.match.right


def encode(baseline: Baseline) -> bytes:
    """The file: the head indented, then a line per :class:`BaselineLine`."""
    head = msgspec.to_builtins(baseline)
    lines = head.pop("lines")
    opened = msgspec.json.format(msgspec.json.encode(head), indent=1).removesuffix(b"\n}")
    body = b",\n".join(b"  " + msgspec.json.encode(line) for line in lines)
    return opened + b',\n "lines": [\n' + body + b"\n ]\n}\n"


def save(baseline: Baseline, path: Path) -> None:
    """Write the file whole or not at all. Raises ``OutputError``."""
    make_folder(path.parent)
    write_bytes(path, encode(baseline))


def blessing(run: Run | None = None) -> str:
    """The command that makes a run the baseline, for messages; ``RUN`` where the run does not stay."""
    path = run.path if run and run.path and not run.transient else "RUN"
    return f"`factharness bless {shlex.quote(str(path))} --reason TEXT`"


def read(path: Path, run: Run | None = None) -> Baseline:
    """Read a baseline file, to compare ``run`` with.

    Raises ``Incomparable``, with what to do, when it is missing or cannot be used.
    """
    bless = f"make one with {blessing(run)}"
    try:
        raw = path.read_bytes().removeprefix(BOM)
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
        if found == baseline_of_mistakes.FORMAT:
            baseline = msgspec.convert(baseline_of_mistakes.read(raw), Baseline)
        else:
            baseline = msgspec.json.decode(raw, type=Baseline)
    except (msgspec.DecodeError, ValueError) as error:
        raise Incomparable(f"not a baseline: {error}", file=path, remedy=bless) from error
    if {place.partition("/")[2] for place in baseline.signatures} != baseline.kinds.keys():
        raise Incomparable(
            "not a baseline: signatures and kinds are of different back ends",
            file=path,
            remedy=bless,
        )
    starts = [found.start() for found in re.finditer(rb'"goldset":', raw)]
    for (before, after), start in zip(itertools.pairwise(baseline.lines), starts[1:], strict=False):
        if before.key >= after.key:
            number = raw[:start].count(b"\n") + 1
            raise Incomparable(
                f"the line of {'/'.join(after.key)} is out of order or there twice",
                file=path,
                line=number,
                remedy=f"baselines are not edited by hand: {bless}",
            )
    if baseline.size not in (None, len(baseline.lines)):
        raise Incomparable(
            f"the baseline has {len(baseline.lines)} lines, and was written with {baseline.size}",
            file=path,
            remedy=f"baselines are not edited by hand: {bless}",
        )
    return baseline


class _Format(Struct):
    format: int


def place(run: Run) -> Path:
    """Where the baseline of a run's suite is: as its gate says, else ``reports/baselines/SUITE.json``."""
    return Path(run.manifest.gate.baseline or f"reports/baselines/{run.manifest.suite}.json")


Found: TypeAlias = Baseline | Incomparable | None
"""A baseline; or the error why it cannot be used; or None, when there is none and none was named."""


def find(run: Run, named: Path | None = None, *, optional: bool = False) -> Found:
    """Read the baseline for a run: the file or the run directory ``named``, else the file of its suite.

    A baseline that the user or the suite names must exist, unless ``optional``.
    """
    path = named or place(run)
    must = named is not None or run.manifest.gate.baseline is not None
    if not path.exists() and (optional or not must):
        return None
    try:
        return _of_directory(path) if path.is_dir() else read(path, run)
    except Incomparable as error:
        return error


def _of_directory(path: Path) -> Baseline:
    """The baseline that is made from the run in a directory, as ``bless`` would make it.

    Raises ``Incomparable`` when there is no run that may be one.
    """
    try:
        refuse_outdated(path)
        run = load(path)
        problem = not_whole(run)
        if problem is not None:
            raise problem
        return of(run, f"the run in {path}")
    except Incomparable:
        raise
    except HarnessError as error:
        raise Incomparable(
            f"cannot be the baseline: {error.message}",
            file=path,
            remedy="name another run, or a file",
        ) from error
