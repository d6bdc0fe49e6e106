"""Joins the shards of an extraction, or the parts of one from a cluster, into one output.

One line of each shard is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from factharness.corpus.extraction import ExtractionCounts
from factharness.corpus.journal import Sitting, decoded, history
from factharness.errors import HarnessError, Incomparable, OutputError
from factharness.extracted.article import ExtractedArticle
from factharness.extracted.forms import form_of
from factharness.extracted.reading import parts
from factharness.files import replacing


def is_extraction(path: Path) -> bool:
    """Whether a path is what ``extract`` wrote: a file, or a folder of parts."""
    return path.is_file() or (path / "extraction.json").exists()


def join(paths: Sequence[Path], place: Path, *, force: bool = False) -> ExtractionCounts:
    """Write the articles of ``paths``, all N shards of one extraction or one folder of parts, in the order of
    the input. Returns what is counted of them.

    Raises ``HarnessError`` when a shard is missing, named twice or not complete, ``Incomparable`` when they are
    not of one extraction, ``OutputError`` when ``place`` cannot be written, or is there without ``force``.
    """
    form = form_of(place)
    if place.exists() and not force:
        raise OutputError("is there already", file=place, remedy="name another file, or --force")
    if any(path.is_dir() for path in paths):
        if len(paths) > 1:
            raise HarnessError("a folder of parts is whole by itself", remedy="name it alone")
        parts(paths[0])  # refused before anything is written
        articles = _in_order(paths[0])
    else:
        articles = _in_turns(_shards(paths))
    counts = ExtractionCounts()
    with replacing(place) as file:
        form.write(_counted(articles, counts), file)
    return counts


def _counted(
    articles: Iterator[ExtractedArticle], counts: ExtractionCounts
) -> Iterator[ExtractedArticle]:
    for article in articles:
        counts.add(article)
        yield article


def _shards(paths: Sequence[Path]) -> list[Path]:
    """The files by shard. Raises ``HarnessError`` unless they are all shards of one extraction."""
    found: dict[int, Path] = {}
    first: tuple[Path, Sitting] | None = None
    for path in paths:
        sitting, completed = history(path)
        if sitting.shard is None:
            raise HarnessError("is no shard", file=path, remedy="name what --shard K/N wrote")
        if completed is None:
            raise HarnessError(
                "is not complete", file=path, remedy="give its command again, which goes on with it"
            )
        if first is None:
            first = path, sitting
        number, number_of_shards = sitting.shard
        differences = first[1].differences(msgspec.structs.replace(sitting, shard=first[1].shard))
        if first[1].shard is None or first[1].shard[1] != number_of_shards or differences:
            raise Incomparable(
                f"is of another extraction than {first[0]}: {'; '.join(differences) or 'other shards'}",
                file=path,
            )
        if number in found:
            raise HarnessError(f"shard {number} is also {found[number]}", file=path)
        found[number] = path
    assert first is not None
    assert first[1].shard is not None
    missing = [n for n in range(1, first[1].shard[1] + 1) if n not in found]
    if missing:
        raise HarnessError(
            f"shard {', '.join(map(str, missing))} of {first[1].shard[1]} is missing",
            remedy="name all shards",
        )
    return [found[number] for number in sorted(found)]


def _in_order(folder: Path) -> Iterator[ExtractedArticle]:
    for _, article in decoded(folder):
        yield article


def _in_turns(files: Sequence[Path]) -> Iterator[ExtractedArticle]:
    """An article of each file in turn. Raises ``HarnessError`` when a file ends before its turn."""
    readers = [decoded(file) for file in files]
    ended: Path | None = None
    while readers:
        for file, reader in zip(files, readers, strict=True):
            numbered = next(reader, None)
            if numbered is None:
                ended = ended or file
            elif ended is not None:
                raise HarnessError(
                    f"has too few articles beside {file}", file=ended, remedy="make it again"
                )
            else:
                yield numbered[1]
        if ended is not None:
            return
