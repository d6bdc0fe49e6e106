"""A back end of one's own: finds the names of a list in the text, the longest one where several begin."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from factharness.errors import BackendError
from factharness.extractor import Outcome
from factharness.facts import Article, Entity, Kind, Span

HERE = Path(__file__).parent


def build(names: str = "names.tsv") -> Gazetteer:
    """Make the extractor; its options are these arguments.

    ``names``
        a file with a name, a tab and its label on each line, beside this module.
    """
    path = HERE / names
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        remedy = "name a list that is there"
        raise BackendError(f"cannot be read: {error.strerror}", file=path, remedy=remedy) from error
    labels = {}
    for number, line in enumerate(lines, 1):
        name, tab, label = line.partition("\t")
        if not (name and tab and label):
            remedy = "write a name, a tab and its label"
            raise BackendError("no name with a label", file=path, line=number, remedy=remedy)
        labels[name] = label
    if not labels:
        raise BackendError("has no names", file=path, remedy="write a name, a tab and its label")
    return Gazetteer(labels)


class Gazetteer:
    """See factharness.extractor.Extractor."""

    kinds: frozenset[Kind] = frozenset({"entity"})
    label_scheme = "fr-news-1"

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = labels
        longest_first = sorted(labels, key=len, reverse=True)
        self._names = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")
        answer = Path(__file__).read_bytes() + repr(sorted(labels.items())).encode()
        self._digest = hashlib.sha256(answer).hexdigest()[:12]

    def fingerprint(self) -> Mapping[str, str]:
        """Code and list: when either changes, articles are read anew, and otherwise come from the cache."""
        return {"code and names": self._digest}

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """One list of facts per article, in order."""
        for article in articles:
            yield [
                Entity(Span(*found.span()), self._labels[found[0]])
                for found in self._names.finditer(article.text)
            ]
