"""Finds the articles of an input: a file, a folder, or the files that a pattern (``'2024-*.txt'``) matches.

Only one entry is in memory at a time (of a folder, also the names in it; of a pattern, the names that it
matches). An entry that cannot be read does not end the corpus: it is yielded as a
:class:`factharness.facts.Prediction` with the error.
"""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from factharness.corpus import gold_texts, json_lines, parquet_rows, text_files
from factharness.corpus.entries import Entry, unreadable
from factharness.errors import HarnessError, nearest


class InputKind(Struct, frozen=True):
    """A kind of file with articles, known by the endings of its name.

    ``read`` yields the entries of one file; it is given the file, and how to call it in ids and messages.
    ``count`` says how many entries a file has; it is None when each file is one article.
    """

    endings: tuple[str, ...]
    read: Callable[[Path, str], Iterator[Entry]]
    count: Callable[[Path], int] | None = None

    def has(self, name: str) -> bool:
        """Whether a file of that name is of this kind."""
        return name.endswith(self.endings)


TEXT = InputKind((".txt",), text_files.read)
JSON_LINES = InputKind((".jsonl", ".jsonl.gz"), json_lines.read, json_lines.count)
PARQUET = InputKind((".parquet",), parquet_rows.read, parquet_rows.count)
GOLD = InputKind((".gold",), gold_texts.read)

KINDS = (TEXT, JSON_LINES, PARQUET, GOLD)

KNOWN = (
    "a .jsonl, .jsonl.gz, .parquet, .txt or .gold file, a folder of such files, or a pattern in quotes, "
    "such as 'archive/2024-*.txt'"
)


class Corpus(Struct, frozen=True):
    """An input, as it was named, and the ``files`` in which its entries are, all of one kind.

    ``root`` is the folder to which the names of the files are relative, None for a file named by itself.
    ``left_out`` counts the files that are there and are not read, by the ending of their names.
    """

    path: Path
    kind: InputKind
    files: Callable[[], Iterator[Path]]
    root: Path | None = None
    left_out: dict[str, int] = {}

    def entries(self) -> Iterator[Entry]:
        """The entries, in the same order each time. Raises ``HarnessError`` when the input cannot be read."""
        try:
            for file in self.files():
                yield from self.kind.read(file, self.name_of(file))
        except OSError as error:
            raise unreadable(error.filename or self.path, error.strerror or error) from error

    def name_of(self, file: Path) -> str:
        """How a file is called in ids and messages: its path below the root.

        A file of many articles that was named by itself needs no name: its lines are called ``line 17``.
        """
        if self.root is not None:
            return file.relative_to(self.root).as_posix()
        return file.name if self.kind.count is None else ""

    def __len__(self) -> int:
        count = self.kind.count or (lambda _: 1)
        try:
            return sum(count(file) for file in self.files())
        except OSError as error:
            raise unreadable(error.filename or self.path, error.strerror or error) from error


def find(path: Path) -> Corpus:
    """The corpus that ``path`` names. Raises ``HarnessError`` when it names none."""
    if path.is_dir():
        return _of_folder(path)
    if path.exists():
        return Corpus(path, _kind(path), lambda: iter([path]))
    if glob.has_magic(str(path)):
        return _of_pattern(path)
    raise HarnessError("no such input", file=path, remedy=f"name {KNOWN}")


def _kind(path: Path) -> InputKind:
    """The kind of a file. Raises ``HarnessError`` for an unknown ending."""
    for kind in KINDS:
        if kind.has(path.name):
            return kind
    endings = [ending for kind in KINDS for ending in kind.endings]
    close = nearest(path.suffix or path.name, endings)
    raise HarnessError(
        f"unknown kind of input {path.suffix or path.name!r}",
        file=path,
        remedy=f"did you mean {close!r}?" if close else f"name {KNOWN}",
    )


def _of_folder(folder: Path) -> Corpus:
    """The files in a folder and below it, which must be of one kind; files of unknown kinds are left out.

    A folder without any is a corpus without articles. Raises ``HarnessError`` for files of several kinds.
    """
    endings: Counter[str] = Counter()
    try:
        for file in _walk(folder):
            endings[_ending(file.name)] += 1
    except OSError as error:
        raise unreadable(error.filename or folder, error.strerror or error) from error
    kinds = [kind for kind in KINDS if endings.keys() & set(kind.endings)]
    if len(kinds) > 1:
        known = {ending: endings[ending] for kind in kinds for ending in kind.endings}
        raise HarnessError(
            f"holds files of several kinds: {counted(known)}",
            file=folder,
            remedy=f"name those that are the input, such as '{folder / '**' / '*'}{kinds[0].endings[0]}'",
        )
    kind = kinds[0] if kinds else TEXT

    def files() -> Iterator[Path]:
        return (file for file in _walk(folder) if kind.has(file.name))

    left_out = {name: endings[name] for name in sorted(endings) if name not in kind.endings}
    return Corpus(folder, kind, files, folder, left_out)


def counted(endings: Mapping[str, int]) -> str:
    """Numbers of files by ending, in words: ``12 .txt, 1 .md``."""
    return ", ".join(f"{times} {ending}" for ending, times in endings.items() if times)


def _ending(name: str) -> str:
    """The ending by which a file is counted: one that is known, else what follows the last dot."""
    known = (ending for kind in KINDS for ending in kind.endings if name.endswith(ending))
    return next(known, os.path.splitext(name)[1] or "without an ending")


def _of_pattern(pattern: Path) -> Corpus:
    """The files that a pattern matches, in the order in which a folder is read. They must be of one kind."""
    try:
        files = sorted(
            (Path(name) for name in glob.iglob(str(pattern), recursive=True)), key=_as_in_a_folder
        )
    except OSError as error:
        raise unreadable(error.filename or pattern, error.strerror or error) from error
    files = [file for file in files if not file.is_dir()]
    if not files:
        raise HarnessError("no file matches", file=pattern, remedy="check the pattern")
    kind = _kind(files[0])
    other = next((file for file in files if not kind.has(file.name)), None)
    if other is not None:
        raise HarnessError(
            f"matches files of different kinds: {files[0].name}, {other.name}",
            file=pattern,
            remedy="name those of one kind: end the pattern with *.txt or *.jsonl",
        )
    return Corpus(pattern, kind, lambda: iter(files), _without_wildcards(pattern))


def _as_in_a_folder(file: Path) -> tuple[tuple[bool, str], ...]:
    """Sorts the files of a folder before those below it, each by name, as :func:`_walk` does."""
    *folders, name = file.parts
    return (*((True, folder) for folder in folders), (False, name))


def _without_wildcards(pattern: Path) -> Path:
    """The folder before the first wildcard of a pattern."""
    fixed = []
    for part in pattern.parts[:-1]:
        if glob.has_magic(part):
            break
        fixed.append(part)
    return Path(*fixed)


def _walk(path: Path) -> Iterator[Path]:
    """The files under a folder, hidden ones left out. Links to folders are followed, and no folder is read
    twice, so a link to a folder above it does no harm."""
    entered = set()
    for folder, folders, files in os.walk(path, onerror=_raise, followlinks=True):
        if (real := os.path.realpath(folder)) in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(
            (name for name in folders if not name.startswith(".")),
            key=lambda name: (os.path.islink(Path(folder, name)), name),  # links come last
        )
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(folder, name)


def _raise(error: OSError) -> None:
    raise error
