"""The articles of a gold set as a sequence that reads a text when it is asked for, and forgets it again.

What a plan needs of an article (its id, what a suite slices by, whether facts are unconfirmed) is in its
:class:`ArticleEntry`, which holds neither text nor facts: so a set can be narrowed, sampled and cut into shards
while no text is in memory.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Self, TypeVar, overload

import msgspec
from msgspec import Struct

from factharness.facts import Article, GoldArticle
from factharness.gold.proposed import unconfirmed
from factharness.text import sha256

T = TypeVar("T")

SUFFIX = ".gold"


# A set of 20,000 articles has as many, and they cannot form a reference cycle.
class ArticleEntry(Struct, frozen=True, gc=False):
    """What is known of an article without its text and facts.

    ``digest`` is that of a set of this one article (:func:`digest`), ``characters`` the length of the text,
    ``unconfirmed`` whether a back end proposed facts in it that nobody has confirmed. ``content`` says which
    bytes the article was read from, by their hashes; it is empty for one that is from no file. ``kept`` says
    where in the file of the set the article is kept (:mod:`factharness.gold.store`), empty for nowhere.
    ``place`` is that of the article, see :func:`place_of`. The others are as in
    :class:`~factharness.facts.Article` and :class:`~factharness.facts.GoldArticle`.
    """

    id: str
    place: str
    lang: str
    meta: dict[str, str]
    prelabel: str
    withheld: bool
    phenomena: tuple[str, ...]
    unconfirmed: bool
    characters: int
    digest: str
    content: bytes = b""
    kept: bytes = b""

    @property
    def path(self) -> str:
        """The file of the article; empty for one that is from no file."""
        folder = self.place.endswith(os.sep)
        return f"{self.place}{self.id}{SUFFIX}" if folder else self.place


def place_of(path: str, name: str) -> str:
    """Where the article with the id ``name`` is, by the path of its file.

    That is its folder, which articles share, with the separator at its end, if the file is called after the
    id; else the path.
    """
    folder = path.removesuffix(f"{name}{SUFFIX}")
    return sys.intern(folder) if folder != path and folder.endswith(os.sep) else path


class _Lazy(Sequence[T]):
    """What ``read`` makes of ``entries``, in their order, anew every time that it is asked for.

    An iteration holds one at a time. A slice is a sequence of the same type, and reads nothing.
    """

    def __init__(self, entries: Iterable[ArticleEntry], read: Callable[[ArticleEntry], T]) -> None:
        self.entries = tuple(entries)
        self._read = read

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[T]:
        return map(self._read, self.entries)

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> Self: ...

    def __getitem__(self, place: int | slice) -> T | Self:
        if isinstance(place, slice):
            return self._of(self.entries[place])
        return self._read(self.entries[place])

    def chosen(self, places: Iterable[int]) -> Self:
        """Those at ``places``, in the order of ``places``; reads nothing."""
        return self._of(self.entries[place] for place in places)

    def _of(self, entries: Iterable[ArticleEntry]) -> Self:
        """What is made of ``entries`` in the same way."""
        return type(self)(entries, self._read)


class ArticleTexts(_Lazy[Article]):
    """Articles without their gold, see :class:`GoldArticles`."""


class GoldArticles(_Lazy[GoldArticle]):
    """The articles of ``entries``, in their order, each read by ``read`` every time that it is asked for.

    ``read_text`` reads one without its gold, where that takes less time.
    """

    def __init__(
        self,
        entries: Iterable[ArticleEntry],
        read: Callable[[ArticleEntry], GoldArticle],
        read_text: Callable[[ArticleEntry], Article] | None = None,
    ) -> None:
        super().__init__(entries, read)
        self._read_text = read_text

    def _of(self, entries: Iterable[ArticleEntry]) -> Self:
        return type(self)(entries, self._read, self._read_text)

    @property
    def texts(self) -> ArticleTexts:
        """The articles without their gold."""
        return ArticleTexts(
            self.entries, self._read_text or (lambda entry: self._read(entry).article)
        )

    def changed(
        self, entries: Iterable[ArticleEntry], change: Callable[[GoldArticle], GoldArticle]
    ) -> GoldArticles:
        """The articles of ``entries``, each passed through ``change`` every time that it is read.

        The entries have the ids and paths of entries of this sequence, and say what ``change`` makes of their
        articles.
        """
        before = {entry.id: entry for entry in self.entries}
        return GoldArticles(entries, lambda entry: change(self._read(before[entry.id])))


def entry_of(gold: GoldArticle, content: bytes = b"", alone: str = "") -> ArticleEntry:
    """The entry of an article; ``alone`` is the digest of a set of this one, where it is known already."""
    article = gold.article
    return ArticleEntry(
        article.id,
        place_of(gold.path, article.id),
        article.lang,
        article.meta,
        gold.prelabel,
        gold.withheld,
        gold.phenomena,
        unconfirmed(gold.facts),
        len(article.text),
        alone or digest([gold]),
        content,
    )


def in_memory(articles: Iterable[GoldArticle]) -> GoldArticles:
    """Articles in memory as :class:`GoldArticles`; such a sequence is returned as it is."""
    if isinstance(articles, GoldArticles):
        return articles
    by_id = {gold.article.id: gold for gold in articles}
    return GoldArticles(map(entry_of, by_id.values()), lambda entry: by_id[entry.id])


def digest(articles: Iterable[GoldArticle]) -> str:
    """Six hex digits over ids, texts, dates, languages and facts, in whatever order the articles come."""
    if isinstance(articles, GoldArticles):
        ids = [entry.id for entry in articles.entries]
        ordered: Iterable[GoldArticle] = articles.chosen(
            sorted(range(len(ids)), key=ids.__getitem__)
        )
    else:
        ordered = sorted(articles, key=lambda gold: gold.article.id)
    running = RunningDigest()
    for gold in ordered:
        running.add(gold)
    return running.digest()


class RunningDigest:
    """The :func:`digest` of articles that come one by one, in the order of their ids."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256(b"[")
        self._empty = True

    def add(self, gold: GoldArticle, text: str = "") -> bytes:
        """Take one more article in, and return what is hashed of it. ``text`` is the SHA-256 of its text, where
        it is known already."""
        part = (
            gold.article.id,
            text or sha256(gold.article.text),
            str(gold.article.published),
            gold.article.lang,
            sorted(gold.skip),
            [(fact.fact, fact.ignore) for fact in gold.facts],
        )
        encoded = msgspec.json.encode(part)
        self._hash.update(encoded if self._empty else b"," + encoded)
        self._empty = False
        return encoded

    def digest(self) -> str:
        """The digest of the articles so far."""
        whole = self._hash.copy()
        whole.update(b"]")
        return whole.hexdigest()[:6]


def digest_of_one(hashed: bytes) -> str:
    """The :func:`digest` of a single article, of what :meth:`RunningDigest.add` returned for it."""
    return hashlib.sha256(b"[" + hashed + b"]").hexdigest()[:6]
