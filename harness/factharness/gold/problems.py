"""Checks gold files, sets and folders of sets: the problems of each file, then those between files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from factharness.errors import GoldError, HarnessError
from factharness.escape import cited, workflow_command
from factharness.facts import Entity, Span
from factharness.files import listed
from factharness.gold.checks import findings
from factharness.gold.checks.finding import Checked, Finding
from factharness.gold.parse import hash_error, read_document, resolve, text_of
from factharness.gold.set_file import SET_FILE, read_set, scheme_of
from factharness.gold.sets import gold_files, with_text
from factharness.gold.tree import Document
from factharness.text import fold, sha256


class Problem(Struct, frozen=True, order=True):
    """A mistake in a gold file: ``str`` is ``path:line: what is wrong [rule]; what to do``.

    A warning is not a failure. ``rule`` is the number of the guideline that the gold breaks (``E6``), "" when
    it breaks none. ``place`` is the stretch of the text that is meant where the line is that of a paragraph.
    """

    path: str
    line: int
    message: str
    remedy: str
    level: Literal["error", "warning"] = "error"
    rule: str = ""
    place: Span | None = None

    @property
    def text(self) -> str:
        """What is wrong, by which guideline, and what to do, without the place."""
        rule = f" [{self.rule}]" if self.rule else ""
        return f"{self.message}{rule}; {self.remedy}"

    def __str__(self) -> str:
        mark = "" if self.level == "error" else "warning: "
        return f"{self.path}:{self.line}: {mark}{self.text}"

    def github(self) -> str:
        """The problem as a workflow command that annotates the line of a pull request."""
        return workflow_command(self.level, self.text, file=self.path, line=self.line)


def check_paths(paths: Iterable[str | Path]) -> Iterator[Problem]:
    """The problems in files, sets and folders of sets, file by file, then those between files of a set."""
    for path in paths:
        for folder, files in _sets(Path(path)):
            # A mistake in set.toml is found again with every file of the set.
            yield from dict.fromkeys(_check_folder(folder, files))


def _check_folder(folder: Path | None, files: Iterable[Path]) -> Iterator[Problem]:
    headers, names = _Headers(), _Names()
    for file in files:
        problems, checked = check_file(file)
        yield from sorted(problems)
        if checked is not None:
            headers.add(checked)
            names.add(checked)
    if folder is not None:
        yield from headers.problems(folder)
    yield from names.problems()


def gold_paths(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The gold files in files, sets and folders of sets."""
    for path in paths:
        for _, files in _sets(Path(path)):
            yield from files


def check_file(path: str | Path) -> tuple[list[Problem], Checked | None]:
    """The problems of one file, and the file for checks across a set (None when it cannot be read)."""
    try:
        document = read_document(path)
    except GoldError as error:
        return [_problem(error, path)], None
    return check_document(document)


def check_document(document: Document) -> tuple[list[Problem], Checked | None]:
    """The problems of one document, read without its text where it is withheld and not attached."""
    problems, checked = resolved(document)
    return problems + (found_by_checks(checked) if checked else []), checked


def resolved(document: Document) -> tuple[list[Problem], Checked | None]:
    """The facts of a document, and the problems that reading them shows, before any check is made."""
    path = document.path
    problems = [_problem(error, path) for error in document.errors]
    attached, _ = with_text(document)
    text = text_of(attached) if attached.header.text == "full" else None
    if text is not None and sha256(text) != attached.header.sha256:
        problems.append(_problem(hash_error(attached, text), path))
    facts, errors = resolve(attached)
    problems += [_problem(error, path) for error in errors]
    try:
        scheme = scheme_of(path)
    except GoldError as error:
        problems.append(_problem(error, path))
        return problems, None
    return problems, Checked(document, attached, tuple(facts), text, scheme)


def found_by_checks(checked: Checked) -> list[Problem]:
    """What the checks find in a document."""
    # The same words twice in one paragraph are one problem, at the first of them.
    found: dict[tuple[int, str], Finding] = {}
    for finding in findings(checked):
        found.setdefault((finding.line, finding.message), finding)
    return [Problem(checked.document.path, *finding) for finding in found.values()]


class _Use(Struct):
    """How often a name has a label, and where it first has it."""

    path: str
    line: int
    times: int = 0


class _Names:
    """The names in files that come one by one, and the labels under which they stand."""

    def __init__(self) -> None:
        self._uses: defaultdict[str, dict[str, _Use]] = defaultdict(dict)

    def add(self, file: Checked) -> None:
        """Take in the names of a file, where no ``note:`` says that the label is meant."""
        for fact in file.facts:
            if isinstance(fact.fact, Entity) and not fact.ignore and "note" not in fact.attributes:
                words = fold(file.words(fact.fact.span))
                if words:
                    first = _Use(file.document.path, fact.line)
                    self._uses[words].setdefault(fact.fact.label, first).times += 1

    def problems(self) -> Iterator[Problem]:
        """One name under two labels. A warning."""
        for words, labels in sorted(self._uses.items()):
            if len(labels) < 2:
                continue
            common = max(labels, key=lambda label: (labels[label].times, label))
            for label in sorted(labels.keys() - {common}):
                here, other = labels[label], labels[common]
                yield Problem(
                    here.path,
                    here.line,
                    f"{cited(words)} is {label} here and {common} at {other.path}:{other.line}",
                    "make them agree, or add a note: that says why they differ",
                    "warning",
                )


class _Headers:
    """The ids of files that come one by one, and in their order those of withheld files."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._withheld: list[str] = []

    def add(self, file: Checked) -> None:
        """Take in the header of a file."""
        header = file.document.header
        self._ids.add(header.id)
        if header.text == "withheld":
            self._withheld.append(header.id)

    def problems(self, folder: Path) -> Iterator[Problem]:
        """Where ``set.toml`` says too much or too little about the files of its folder."""
        path = str(folder / SET_FILE)
        try:
            info = read_set(folder)
        except GoldError as error:
            yield _problem(error, path)
            return
        for name in sorted(info.articles.keys() - self._ids):
            yield Problem(
                path, 1, f"{name!r} has no file {name}.gold", "remove it, or add the file"
            )
        for name in self._withheld:
            if info.repository and name not in info.articles:
                yield Problem(
                    path,
                    1,
                    f"{name!r} has no path and sha256 under articles",
                    "add them, so that gold fetch finds its text",
                )


def _sets(path: Path) -> Iterator[tuple[Path | None, list[Path]]]:
    """The sets under a path: a file by itself, a folder of gold files, or a folder of such folders."""
    if path.is_dir() and not listed(path, ".gold"):
        folders = [one for one in listed(path) if one.is_dir() and listed(one, ".gold")]
        if folders:
            yield from ((folder, gold_files(folder)) for folder in folders)
            return
    yield (path if path.is_dir() else None), gold_files(path)


def _problem(error: HarnessError, path: object) -> Problem:
    return Problem(
        str(error.file or path), error.line or 1, error.message, error.remedy or "correct it"
    )
