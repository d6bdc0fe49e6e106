"""What other languages know of a name: word classes of Spanish and German, as vectors.

Names cross borders. A surname, a town or a firm that a year of French news does not hold stands in
Spanish and German text in the company of others of its kind. The package `spacy-lookups-data` carries
Brown clusters of a million words of each: every class is a path in a binary tree, the first step in the
lowest bit, so that classes near each other share the low bits. Only capitalised words are kept, and only
the classes that hold names in French news.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

import numpy as np
from corpus import Passage

LANGUAGES = ("es", "de")
PREFIXES = (3, 5, 7, 9, 12, 20)
"""Depths at which two classes may still be the same; the last is deeper than any path."""

NORM = 2.0
"""The length of a code. Much longer ones drown what is learnt beside them."""

SHARE = 0.6
"""A class is of names when this share of its words that French news has are parts of mentions."""

Classes: TypeAlias = dict[str, int]  # a word's class; never 0, which stands for none

_CAPITALISED = re.compile(r"[^\W\d_][\w-]+")


@dataclass(frozen=True)
class Lexicon:
    """Words and their vectors: `codes[rows[i]]` is that of `words[i]`; float32."""

    words: list[str]
    rows: list[int]
    codes: np.ndarray


def read_classes(folder: Path | None = None) -> list[Classes]:
    """The classes of each language, its most frequent words first.

    `folder` holds `es_lexeme_cluster.json.gz` and its like, a JSON object of class by word each; by
    default those of the package spacy-lookups-data.
    """
    place = files("spacy_lookups_data") / "data" if folder is None else folder
    tables = []
    for language in LANGUAGES:
        with (place / f"{language}_lexeme_cluster.json.gz").open("rb") as file:
            table: Classes = json.loads(gzip.decompress(file.read()))
        tables.append({word: number for word, number in table.items() if number})
    return tables


def build_lexicon(
    tables: Sequence[Classes], passages: Iterable[Passage], width: int, limit: int
) -> Lexicon:
    """The names among the words of `tables`, with vectors of `width` numbers.

    `limit` is how many words of each language may come in. Each language has its part of the vector.
    """
    shares = _name_shares(passages)
    chosen = [dict(list(_names(table, shares).items())[:limit]) for table in tables]
    words = sorted(set().union(*chosen))
    combinations: dict[tuple[int, ...], int] = {}
    rows = [
        combinations.setdefault(tuple(table.get(word, 0) for table in chosen), len(combinations))
        for word in words
    ]
    part = width // len(tables)
    codes = np.zeros((len(combinations), width), np.float32)
    for combination, row in combinations.items():
        for index, number in enumerate(combination):
            if number:
                codes[row, index * part : (index + 1) * part] = _code(number, part, index)
    return Lexicon(words, rows, codes)


def _name_shares(passages: Iterable[Passage]) -> dict[str, float]:
    """How often each capitalised word is part of a mention of a person, a place and so on."""
    inside: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for passage in passages:
        mentions = [(s, e) for s, e, label in passage.spans if label not in ("DATE", "TIME")]
        covered = {at for start, end in mentions for at in range(start, end)}
        for match in _CAPITALISED.finditer(passage.text):
            word = match.group()
            if word[0].isupper():
                seen[word] += 1
                inside[word] += match.start() in covered
    return {word: inside[word] / count for word, count in seen.items()}


def _names(table: Classes, shares: Mapping[str, float]) -> Classes:
    """The capitalised words of the classes whose words are names, by the words that `shares` has.

    A class is judged as if it had two more words, one of them a name: few words prove little.
    """
    count: Counter[int] = Counter()
    total: Counter[int] = Counter()
    for word, share in shares.items():
        if word in table:
            count[table[word]] += 1
            total[table[word]] += share  # type: ignore[assignment]
    return {
        word: number
        for word, number in table.items()
        if word[0].isupper()
        and len(word) > 1
        and word[-1].isalnum()
        and (total[number] + 1) / (count[number] + 2) >= SHARE
    }


def _code(number: int, width: int, language: int) -> np.ndarray:
    """A sum of random vectors, one for each prefix of the class's path, of length `NORM`.

    So classes near each other in the tree have codes that point almost the same way.
    """
    total = np.zeros(width)
    for depth in PREFIXES:
        key = (language, depth, number & ((1 << depth) - 1))
        total += np.random.default_rng(key).standard_normal(width)
    return NORM * total / np.linalg.norm(total)
