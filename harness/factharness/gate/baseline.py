"""Baselines: the results of an earlier run, with which later runs are compared.

The file is JSON whose diff can be read: one line per gold set, back end, article and kind, in sorted order. A
line has the counts per label and regime, the gold facts that were found and missed, the predictions that were
wrong (labels and offsets, no words), and a digest of the article's gold. It contains no text of an article.
"""

from __future__ import annotations

import gzip
import re
import shlex
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

from factharness.errors import HarnessError, Incomparable
from factharness.facts import Kind, Span
from factharness.files import make_folder, replacing
from factharness.gate import baseline_of_mistakes
from factharness.gate.baseline_lines import BaselineLine, Lines, Numbers
from factharness.gate.baseline_of_mistakes import UNPLACED
from factharness.gate.coverage import not_whole
from factharness.runs.directory import load
from factharness.runs.folder import refuse_outdated
from factharness.runs.record import FactRef, MatchRecord, Run
from factharness.runs.side_by_side import SideBySide, side_by_side
from factharness.signature import Signature
from factharness.text import BOM

FORMAT = 2

COMPRESSED = ".gz"
"""The ending of the name of a baseline that is written compressed."""

LARGE = 10_000_000
"""With more bytes than this, a file is too large for anybody to read its diff."""


class Head(Struct, frozen=True, forbid_unknown_fields=True):
    """What a baseline says of its run as a whole.

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

    def __str__(self) -> str:
        day = f" of {self.started[:10]}" if self.started else ""
        return f"the baseline{day} ({self.reason})"


class Baseline(Head, frozen=True, kw_only=True):
    """The results of a run, with which later runs are compared."""

    lines: Lines


def of(run: Run, reason: str = "") -> Baseline:
    """The baseline that is made from a run."""
    manifest = run.manifest
    lines = Lines(line for article in side_by_side(run) for line in _lines(run, article))
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
        lines=lines,
    )


def _lines(run: Run, article: SideBySide) -> Iterator[BaselineLine]:
    """The lines of one article: one for each back end and kind that has counts."""
    for backend, result in article.results.items():
        facts: dict[str, dict[Kind, list[str]]] = {"found": {}, "missed": {}, "wrong": {}}
        for record in article.matches[backend]:
            kind = record.match.kind
            lost = broken(record, run.manifest.main_regime(kind))
            if record.gold is not None and not record.match.ignored:
                facts["missed" if lost else "found"].setdefault(kind, []).append(name(record.gold))
            if record.pred is not None and lost:
                facts["wrong"].setdefault(kind, []).append(name(record.pred))
        for kind, by_regime in result.numbers.items():
            counts: dict[str, dict[str, Numbers]] = {}
            for regime, by_label in sorted(by_regime.items()):
                for label, (tp, fp, fn, *_) in by_label.items():
                    counts.setdefault(label, {})[regime] = tp, fp, fn
            yield BaselineLine(
                goldset=article.goldset,
                backend=backend,
                article=article.article.id,
                kind=kind,
                gold=article.article.digest,
                counts=dict(sorted(counts.items())),
                found=tuple(sorted(facts["found"].get(kind, ()))),
                missed=tuple(sorted(facts["missed"].get(kind, ()))),
                wrong=tuple(sorted(facts["wrong"].get(kind, ()))),
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


def encoded(baseline: Baseline) -> Iterator[bytes]:
    """The file in pieces: the head indented, then a line per :class:`BaselineLine`."""
    head = Head(*(getattr(baseline, field) for field in Head.__struct_fields__))
    opened = msgspec.json.format(msgspec.json.encode(head), indent=1).removesuffix(b"\n}")
    yield opened + b',\n "lines": ['
    separator = b"\n  "
    for line in baseline.lines:
        yield separator + msgspec.json.encode(line)
        separator = b",\n  "
    yield b"\n ]\n}\n"


def save(baseline: Baseline, path: Path) -> None:
    """Write the file whole or not at all, compressed when its name ends in ``.gz``. Raises ``OutputError``.

    The same baseline is always written as the same bytes.
    """
    make_folder(path.parent)
    with replacing(path) as stream:
        if path.suffix == COMPRESSED:
            with gzip.GzipFile("", "wb", fileobj=stream, mtime=0) as packed:
                packed.writelines(encoded(baseline))
        else:
            stream.writelines(encoded(baseline))


def too_large(path: Path) -> bool:
    """Whether a baseline that was written to ``path`` would better be compressed."""
    return path.is_file() and path.suffix != COMPRESSED and path.stat().st_size > LARGE


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
        raw = path.read_bytes()
        raw = (gzip.decompress(raw) if raw.startswith(_GZIP) else raw).removeprefix(BOM)
    except FileNotFoundError as error:
        raise Incomparable("there is no baseline", file=path, remedy=bless) from error
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Incomparable(f"cannot be read: {reason}", file=path, remedy=bless) from error
    conflict = _CONFLICT.search(raw)
    if conflict:
        raise Incomparable(
            "the baseline has conflict markers",
            file=path,
            line=len(raw[: conflict.end()].splitlines()),
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
            head, lines = baseline_of_mistakes.read(raw)
            baseline = Baseline(**head, lines=Lines(_in_order(lines, raw, path, bless)))
        else:
            stored = msgspec.json.decode(raw, type=_Stored)
            lines = map(_decoded, range(len(stored.lines)), stored.lines)
            baseline = Baseline(
                *(getattr(stored, field) for field in Head.__struct_fields__),
                lines=Lines(_in_order(lines, raw, path, bless)),
            )
    except (msgspec.DecodeError, ValueError) as error:
        raise Incomparable(f"not a baseline: {error}", file=path, remedy=bless) from error
    if {place.partition("/")[2] for place in baseline.signatures} != baseline.kinds.keys():
        raise Incomparable(
            "not a baseline: signatures and kinds are of different back ends",
            file=path,
            remedy=bless,
        )
    if baseline.size not in (None, len(baseline.lines)):
        raise Incomparable(
            f"the baseline has {len(baseline.lines)} lines, and was written with {baseline.size}",
            file=path,
            remedy=f"baselines are not edited by hand: {bless}",
        )
    return baseline


_GZIP = b"\x1f\x8b"
"""With these bytes a compressed file begins."""

_CONFLICT = re.compile(rb"(?:\A|[\r\n])(?:<{7}|={7}|>{7})")


class _Stored(Head, frozen=True, forbid_unknown_fields=True):
    """A baseline as it is in its file; its lines are decoded one by one."""

    lines: tuple[msgspec.Raw, ...] = ()


_decode_line = msgspec.json.Decoder(BaselineLine).decode


def _decoded(number: int, line: msgspec.Raw) -> BaselineLine:
    """A line of a file. Raises ``msgspec.DecodeError`` that says which one it is."""
    try:
        return _decode_line(line)
    except msgspec.ValidationError as error:
        raise msgspec.ValidationError(str(error).replace("`$", f"`$.lines[{number}]", 1)) from None


def _in_order(
    lines: Iterable[BaselineLine], raw: bytes, path: Path, bless: str
) -> Iterator[BaselineLine]:
    """The lines of the file ``raw``. Raises ``Incomparable`` for one that is out of order or there twice."""
    before = None
    for place, line in enumerate(lines):
        if before is not None and before.key >= line.key:
            starts = [found.start() for found in re.finditer(rb'"goldset":', raw)]
            raise Incomparable(
                f"the line of {'/'.join(line.key)} is out of order or there twice",
                file=path,
                line=raw[: starts[place]].count(b"\n") + 1,
                remedy=f"baselines are not edited by hand: {bless}",
            )
        yield line
        before = line


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
