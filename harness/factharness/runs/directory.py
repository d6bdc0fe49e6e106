"""The run directory: what a run writes, and how everything later reads it.

::

    run.json                     suite, gold sets, back ends, versions, commit, timings
    scores.json                  the rows of the tables, each with its signature
    gold.jsonl.gz                a line per article: its gold facts        } see
    backends/<name>.jsonl.gz     a line per article: what a back end did   } factharness.runs.parts
    variants/<name>/             the same four, of the articles in a variant

Directories of the first format are read, too (:mod:`factharness.runs.shared_files`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import msgspec
from msgspec.structs import replace

from factharness.errors import HarnessError, unknown
from factharness.files import replacing, write_bytes, writing
from factharness.labels import MAPS
from factharness.names import name_problem
from factharness.runs import parts
from factharness.runs.folder import REMEDY
from factharness.runs.record import ArticleResult, Manifest, Run, RunScores
from factharness.runs.suite import gate_problem
from factharness.text import BOM
from factharness.variants import VARIANTS as VARIANT_NAMES

if TYPE_CHECKING:
    from factharness.runs.texts import Texts

FORMAT = 2

VARIANTS = "variants"
"""The folder in a run directory that has a run directory for each variant."""

Renderer: TypeAlias = Callable[[Run, "Texts"], Mapping[str, str]]
"""Makes files for readers of a finished run, name to content."""

T = TypeVar("T")


def load(path: Path) -> Run:
    """Read a run directory. Raises ``HarnessError`` with the file that is missing, unreadable or contradictory.

    The directory may come from somebody else, so two things are checked: no name in it leads out of a folder
    when it is made a path, and all scores are of gold sets and back ends of its ``run.json``.
    """
    manifest = _read(path / "run.json", Manifest)
    if not 1 <= manifest.format <= FORMAT:
        raise HarnessError(
            f"run format {manifest.format}, this version reads up to {FORMAT}",
            file=path / "run.json",
            remedy="use the factharness version named in it, or run again",
        )
    for problem in _problems(manifest):
        raise HarnessError(problem, file=path / "run.json", remedy="no run wrote this; run again")
    scores = _read(path / "scores.json", RunScores)
    pairs = {(g.name, b.name) for g in manifest.goldsets for b in manifest.backends}
    scored = {(one.goldset, one.backend) for one in scores.backends}
    for goldset, backend in scored | {(one.goldset, one.backend) for one in scores.scores}:
        if (goldset, backend) not in pairs:
            raise HarnessError(
                f"has scores of {backend!r} on {goldset!r}, which run.json does not have",
                file=path / "scores.json",
                remedy="run again",
            )
    return Run(manifest, scores, path)


@contextmanager
def writing_parts(
    folder: Path, place: Path | None, backends: Iterable[str]
) -> Iterator[parts.Files]:
    """The large files of a run, to be written in the block into ``folder``; the run will be at ``place``.

    ``backends`` are those that have results. Raises ``OutputError`` when a file cannot be written.
    """
    with writing(place or folder, REMEDY):
        folder.mkdir(parents=True, exist_ok=True)
        with parts.Files(folder, backends) as files:
            yield files


def write_results(
    folder: Path, place: Path | None, backend: str, results: Iterable[ArticleResult]
) -> None:
    """Write the results of one back end of the run that will be at ``place`` into ``folder``.

    Raises ``OutputError``.
    """
    with writing(place or folder, REMEDY):
        parts.write_results(folder, backend, results)


def write_head(folder: Path, run: Run) -> None:
    """Write ``run.json`` and ``scores.json`` into ``folder``. Raises ``OutputError``."""
    with writing(run.path or folder, REMEDY):
        with replacing(folder / "run.json") as stream:
            stream.writelines(_by_article(run.manifest))
        write_bytes(folder / "scores.json", _by_line(run.scores))


def of_variant(folder: Path, name: str) -> Path:
    """The run directory of a variant, in the run directory ``folder``."""
    return folder / VARIANTS / name


def with_costs(folder: Path, run: Run) -> Run:
    """Add the costs of its variants to a run that is written in ``folder``, and return the run with them.

    A run without variants is returned as it is. Raises ``OutputError``.
    """
    if not run.manifest.variants:
        return run
    from factharness.runs import costs

    run = replace(costs.with_costs(replace(run, path=folder)), path=run.path)
    with writing(run.path or folder, REMEDY):
        write_bytes(folder / "scores.json", _by_line(run.scores))
    return run


def write_renderings(folder: Path, run: Run, texts: Texts, render: Renderer) -> None:
    """Add to a run that is written in ``folder`` what ``render`` makes of it. Raises ``OutputError``.

    ``folder`` need not be ``run.path``: a run is written aside, and moved there when it is whole.
    """
    with writing(run.path or folder, REMEDY):
        for name, content in render(replace(run, path=folder), texts).items():
            write_bytes(folder / name, content.encode("utf-8"))


def _problems(manifest: Manifest) -> Iterator[str]:
    """The names in a manifest that would lead out of a folder if made a path, and unknown label maps."""
    yield from filter(None, [gate_problem(manifest.gate), name_problem(manifest.suite)])
    for variant in (*manifest.variants, *filter(None, [manifest.variant])):
        if variant not in VARIANT_NAMES:
            yield unknown("variant", variant, VARIANT_NAMES)[0]
    for goldset in manifest.goldsets:
        for name in (goldset.name, *(article.id for article in goldset.articles)):
            yield from filter(None, [name_problem(name)])
    for backend in manifest.backends:
        for name in (backend.name, *backend.of, *backend.parts.values()):
            yield from filter(None, [name_problem(name)])
        if isinstance(backend.map, str) and backend.map not in ("", *MAPS):
            yield unknown("label map", backend.map, MAPS)[0]


def _indented(value: object, depth: int = 0) -> bytes:
    """JSON of several lines, all but the first ``depth`` further in."""
    lines = msgspec.json.format(msgspec.json.encode(value), indent=1)
    return lines.replace(b"\n", b"\n" + b" " * depth)


def _by_article(manifest: Manifest) -> Iterator[bytes]:
    """The manifest as indented JSON, article by article: as one piece it would need more room than a run."""
    goldsets = (
        _filled(
            _indented(replace(goldset, articles=()), 2),
            *(3, b"articles"),
            ([_indented(article, 4)] for article in goldset.articles),
        )
        for goldset in manifest.goldsets
    )
    yield from _filled(_indented(replace(manifest, goldsets=())), 1, b"goldsets", goldsets)
    yield b"\n"


def _filled(
    whole: bytes, depth: int, name: bytes, members: Iterable[Iterable[bytes]]
) -> Iterator[bytes]:
    """``whole``, indented JSON, with ``members`` in the empty list ``name`` that is ``depth`` in."""
    line = b"\n" + b" " * depth
    opening = line + b'"' + name + b'": ['
    before, after = whole.split(opening + b"]", 1)
    yield before + opening
    closing = b"]"
    for number, member in enumerate(members):
        yield b"," * (number > 0) + line + b" "
        yield from member
        closing = line + b"]"
    yield closing + after


def _by_line(scores: RunScores) -> bytes:
    """JSON with a line per score: short, and still readable by a person."""
    rows = b",\n".join(map(msgspec.json.encode, scores.scores))
    backends, leads, paid, parts = (
        _indented(each) for each in (scores.backends, scores.leads, scores.costs, scores.parts)
    )
    return (
        b'{"backends": '
        + backends
        + b',\n"leads": '
        + leads
        + (b',\n"costs": ' + paid if scores.costs else b"")
        + (b',\n"parts": ' + parts if scores.parts else b"")
        + b',\n"scores": [\n'
        + rows
        + b"\n]}\n"
    )


def _read(path: Path, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes().removeprefix(BOM), type=type_)
    except FileNotFoundError as error:
        raise HarnessError(
            "no such file", file=path, remedy="name a run directory, as `factharness run` prints it"
        ) from error
    except (OSError, msgspec.DecodeError, ValueError, RecursionError) as error:
        raise HarnessError(f"cannot be read: {error}", file=path, remedy="run again") from error
