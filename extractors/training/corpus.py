"""Training data: reading the corpora, cutting them into paragraphs, and augmenting them.

Two sources. *Articles* are JSON lines `{"text": …, "spans": [{"start", "end", "label"}, …]}`, the
offsets being code points into the text, half-open, and the spans flat. *Treebanks* are CoNLL-U.
Nothing here knows spaCy, Stanza or factharness.

The augmentations aim at what a small corpus of one source lacks: names that it does not hold (one
mention is put in another's place), years after those it covers, head-lines in capitals, text typed
without accents or capitals, and the typography of other newsrooms.
"""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LABELS = ("PER", "ORG", "LOC", "MISC", "DATE", "TIME")

Annotation = tuple[int, int, str]  # start, end, label


@dataclass(frozen=True)
class Passage:
    """A text and its annotations, ordered by start; code points, half-open, not overlapping."""

    text: str
    spans: tuple[Annotation, ...]


def read_passages(path: Path) -> list[Passage]:
    """The articles of a JSON-lines file, one passage each."""
    passages = []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        spans = sorted((span["start"], span["end"], span["label"]) for span in record["spans"])
        passages.append(Passage(record["text"], tuple(spans)))
    return passages


def split_paragraphs(passage: Passage) -> list[Passage]:
    """The lines of a passage that are not blank, each with its own offsets."""
    paragraphs = []
    for match in re.finditer(r"[^\n]*\S[^\n]*", passage.text):
        start, end = match.span()
        inside = tuple(
            (s - start, e - start, label)
            for s, e, label in passage.spans
            if start <= s and e <= end
        )
        paragraphs.append(Passage(match.group(), inside))
    return paragraphs


# --- augmentation -----------------------------------------------------------------------------

_VOWELS = "aeiouyhàâäéèêëîïôöùûüœæ"
_YEAR = re.compile(r"\b20[0-3]\d\b")
_SPACED_MARK = re.compile(r" (?=[»:;!?])|(?<=«) ")


def _begins_with_vowel(text: str) -> bool:
    """Whether a name takes an elided *d’* or *l’* before it."""
    return text[:1].lower() in _VOWELS


def strip_accents(text: str) -> str:
    """Letters without their diacritics; one character stays one character."""
    return "".join(unicodedata.normalize("NFD", char)[0] for char in text)


def _upper(text: str) -> str:
    # 'ß' and ligatures would grow: such a character stays as it is, so that offsets hold.
    return "".join(up if len(up := char.upper()) == 1 else char for char in text)


def _replace(text: str, spans: Sequence[Annotation], parts: Sequence[str | None]) -> Passage:
    """Put `parts[i]` in the place of span i (None: keep), and move the spans accordingly."""
    pieces: list[str] = []
    moved: list[Annotation] = []
    length = cursor = 0
    for (start, end, label), part in zip(spans, parts, strict=True):
        before = text[cursor:start]
        mention = text[start:end] if part is None else part
        pieces += [before, mention]
        length += len(before)
        moved.append((length, length + len(mention), label))
        length += len(mention)
        cursor = end
    pieces.append(text[cursor:])
    return Passage("".join(pieces), tuple(moved))


class Augmenter:
    """Makes variants of passages; the same seed and the same calls give the same variants.

    `passages` is where replacement mentions are taken from; `names` holds further ones, by label, and
    the `first_names` and `surnames` of persons.
    """

    def __init__(
        self,
        passages: Iterable[Passage],
        seed: int,
        names: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.random = random.Random(seed)
        names = names or {}
        self._mentions: dict[tuple[str, bool], list[str]] = defaultdict(list)
        self._names: dict[tuple[str, bool], list[str]] = defaultdict(list)
        self._first_names = list(names.get("first_names", ()))
        self._surnames = list(names.get("surnames", ()))
        for label in LABELS:
            for name in names.get(label, ()):
                self._names[label, _begins_with_vowel(name)].append(name)
        for passage in passages:
            for start, end, label in passage.spans:
                self._remember(passage.text[start:end], label)

    def _remember(self, mention: str, label: str) -> None:
        self._mentions[label, _begins_with_vowel(mention)].append(mention)
        if label == "PER" and mention.count(" ") == 1:
            first, last = mention.split(" ")
            self._first_names.append(first)
            self._surnames.append(last)

    def variant(self, passage: Passage, *, replace: float = 0.3) -> Passage:
        """A random variant; `replace` is the chance of each mention to be replaced."""
        draw = self.random.random
        if draw() < 0.5:
            passage = self.replace_mentions(passage, replace)
        if draw() < 0.5:
            passage = self.shift_years(passage)
        text = self.vary_typography(passage.text)
        kind = draw()
        if kind < 0.04:
            text = _upper(text)
        elif kind < 0.06:
            text = _upper(strip_accents(text))
        elif kind < 0.09:
            text = strip_accents(text)
        elif kind < 0.12:
            text = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
        return Passage(text, passage.spans)

    def replace_mentions(self, passage: Passage, chance: float) -> Passage:
        """Other mentions of the same label; a vowel replaces a vowel, so that elisions stay right."""
        parts = [
            self._other(passage.text[start:end], label) if self.random.random() < chance else None
            for start, end, label in passage.spans
        ]
        return _replace(passage.text, passage.spans, parts)

    def _other(self, mention: str, label: str) -> str | None:
        vowel, choice = _begins_with_vowel(mention), self.random.choice
        if label == "PER" and self._surnames and self.random.random() < 0.6:
            surname = choice(self._surnames)
            return f"{choice(self._first_names)} {surname}" if " " in mention else surname
        pool = self._names[label, vowel] if self.random.random() < 0.5 else []
        pool = pool or self._mentions[label, vowel]
        return choice(pool) if pool else None

    def shift_years(self, passage: Passage) -> Passage:
        """All the years of this century moved by the same number of years; the length stays."""
        shift = self.random.randint(-3, 12)
        text = _YEAR.sub(lambda m: str(min(2039, max(2000, int(m.group()) + shift))), passage.text)
        return Passage(text, passage.spans)

    def vary_typography(self, text: str) -> str:
        """Apostrophes, no-break spaces and quotation marks, in place: the length stays."""
        draw = self.random.random
        if draw() < 0.4:
            text = text.replace("'", "’") if draw() < 0.8 else text.replace("’", "'")
        if draw() < 0.25:
            space = "\u00a0" if draw() < 0.6 else "\u202f"
            text = _SPACED_MARK.sub(space, text)
        if draw() < 0.15:
            opening, closing = ('"', '"') if draw() < 0.6 else ("“", "”")
            text = text.replace("«", opening).replace("»", closing)
        return text


# --- treebanks --------------------------------------------------------------------------------


@dataclass(frozen=True)
class SurfaceToken:
    """A surface token: what stands in the text (`du`, not `de` + `le`), and its syntactic words."""

    form: str
    space_after: bool
    words: tuple[SyntacticWord, ...]


@dataclass(frozen=True)
class SyntacticWord:
    """A syntactic word; `head` is the number of another word of the sentence, from 1; 0 = root."""

    number: int
    form: str
    lemma: str
    pos: str
    features: str
    head: int
    relation: str


Sentence = tuple[SurfaceToken, ...]


def read_treebank(path: Path) -> Iterator[Sentence]:
    """The sentences of a CoNLL-U file; empty nodes (8.1) are left out."""
    block: list[list[str]] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line and not line.startswith("#"):
            block.append(line.split("\t"))
        elif not line and block:
            yield _sentence(block)
            block = []


def _sentence(rows: list[list[str]]) -> Sentence:
    tokens: list[SurfaceToken] = []
    pending: tuple[str, bool] | None = None  # a multi-word token whose words are being read
    last = 0
    words: list[SyntacticWord] = []
    for row in rows:
        number, space_after = row[0], "SpaceAfter=No" not in row[9]
        if "." in number:
            continue
        if "-" in number:
            pending, words = (row[1], space_after), []
            last = int(number.split("-")[1])
            continue
        word = SyntacticWord(int(number), row[1], row[2], row[3], row[5], int(row[6]), row[7])
        if pending is None:
            tokens.append(SurfaceToken(row[1], space_after, (word,)))
            continue
        words.append(word)
        if word.number == last:
            tokens.append(SurfaceToken(*pending, tuple(words)))
            pending = None
    return tuple(tokens)


def sentence_text(sentence: Sentence) -> str:
    """The sentence as it stood in the text, without a space at the end."""
    return "".join(t.form + " " * t.space_after for t in sentence).rstrip(" ")
