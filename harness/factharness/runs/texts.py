"""Reads the texts of a run's articles; a run directory holds only the words of facts.

A text comes from the gold file that the run names, and only while its digest is the one that the run recorded:
offsets of the run would point at other words in any other text. For a run on a variant, the variant is made
again.
"""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from operator import itemgetter
from pathlib import Path

from factharness.errors import HarnessError
from factharness.gold.articles import digest
from factharness.gold.parse import read_document
from factharness.gold.set_file import SET_FILE
from factharness.gold.sets import load_file, with_text
from factharness.gold.tree import Document
from factharness.resources import find
from factharness.runs.record import ArticleRecord, GoldSetRecord, Run, text_digest
from factharness.text import PARAGRAPH_BREAK
from factharness.variants import Emptied, vary

Name = tuple[str, str]
"""A gold set and the id of an article in it."""


class Texts:
    """The texts of a run's articles, each read when it is first asked for.

    ``known`` reads a text by the gold set and id of its article where the gold is at hand, as it is while a run
    is made; it gives None for an article that it does not know.
    """

    def __init__(
        self, run: Run, known: Callable[[str, str], str | None] = lambda _goldset, _article: None
    ) -> None:
        self._known = known
        self._texts: dict[Name, str | None] = {}
        self._manifest = run.manifest
        self._variant = run.manifest.variant
        self._reasons: dict[Name, str] = {}
        self._relabelled: set[Name] = set()
        self._file: tuple[Name, Path] = (("", ""), Path())
        self._paragraphs: tuple[Name, list[tuple[int, int]]] = (("", ""), [])

    @cached_property
    def _records(self) -> dict[Name, tuple[GoldSetRecord, ArticleRecord]]:
        """What the run says of each article."""
        return {
            (goldset.name, article.id): (goldset, article)
            for goldset in self._manifest.goldsets
            for article in goldset.articles
        }

    @cached_property
    def _withheld(self) -> set[Name]:
        """The articles whose text is withheld; a run of an older version does not record that, and their gold
        files say it again."""
        return {name for name, (_, record) in self._records.items() if record.withheld}

    def of(self, goldset: str, article: str) -> str | None:
        """The text of an article; None where it cannot be had, see :meth:`reason`."""
        name = goldset, article
        if name not in self._texts:
            text = self._known(goldset, article)
            self._texts[name] = self._read(name) if text is None else text
        return self._texts[name]

    def reason(self, goldset: str, article: str) -> str:
        """Why there is no text of an article, and what to do; empty when there is one."""
        self.of(goldset, article)
        return self._reasons.get((goldset, article), "")

    def relabelled(self, goldset: str, article: str) -> bool:
        """Whether the text is the run's but its labels have changed since, so that lines may have moved."""
        self.of(goldset, article)
        return (goldset, article) in self._relabelled

    def withheld(self, goldset: str, article: str) -> bool:
        """Whether the gold file holds no text, because it may not be passed on."""
        self.of(goldset, article)
        return (goldset, article) in self._withheld

    def hashes(self) -> list[tuple[str, str, bytes, str | None, str]]:
        """Every article with its file, a hash of the bytes of this and of the file of its set as they are now,
        and its text, or why there is none: all that anything made from these texts depends on."""
        return [
            (
                *name,
                _hash(self.file(*name)) + _hash(self.file(*name).parent / SET_FILE),
                self.of(*name),
                self.reason(*name),
            )
            for name in self._records
        ]

    def file(self, goldset: str, article: str) -> Path:
        """The gold file of an article: where the run found it, else in the gold set of that name here."""
        name = goldset, article
        # To look for it takes long, and lists of facts ask for each fact of an article.
        if self._file[0] != name:
            self._file = name, _file(*self._records[name])
        return self._file[1]

    def line(self, goldset: str, article: str, offset: int) -> int:
        """The line of the gold file on which the paragraph begins that has ``offset``; 0 without its text."""
        name = goldset, article
        if self.of(*name) is None:
            return 0
        if self._paragraphs[0] != name:
            try:
                document, _ = with_text(read_document(self.file(*name)))
            except HarnessError:
                return 0
            self._paragraphs = name, [*_paragraphs(document)]
        paragraphs = self._paragraphs[1]
        place = bisect_right(paragraphs, offset, key=itemgetter(0))
        return paragraphs[place][1] if place < len(paragraphs) else 0

    def _read(self, name: Name) -> str | None:
        goldset, record = self._records[name]
        try:
            gold = load_file(_file(goldset, record))
            gold = vary(gold, self._variant) if self._variant else gold
        except Emptied as error:
            self._reasons[name] = f"not in the variant {self._variant}: {error}"
            return None
        except HarnessError as error:
            remedy = f"; {error.remedy}" if error.remedy else ""
            self._reasons[name] = f"{error.message}{remedy}"
            return None
        if text_digest(gold.article) != record.text:
            self._reasons[name] = "its text has changed since the run; run again"
            return None
        if gold.withheld:
            self._withheld.add(name)
        if digest([gold]) != record.digest:
            self._relabelled.add(name)
        return gold.article.text


def _paragraphs(document: Document) -> Iterator[tuple[int, int]]:
    """Where each paragraph ends in the text, its break included, and its line in the file."""
    end = 0
    for block in document.blocks:
        end += block.paragraph.length + len(PARAGRAPH_BREAK)
        yield end, block.paragraph.line


def _hash(path: Path) -> bytes:
    """A hash of the name and the bytes of a file; of the name alone where it cannot be read."""
    found = hashlib.blake2b(os.fsencode(path), digest_size=16)
    with suppress(OSError):
        found.update(b"\0" + path.read_bytes())
    return found.digest()


def _file(goldset: GoldSetRecord, article: ArticleRecord) -> Path:
    """The gold file of an article: where the run found it, else in the gold set of that name here."""
    path = Path(article.path)
    if path.is_file():
        return path
    try:
        return find("goldsets", goldset.name) / path.name
    except HarnessError:
        return path
