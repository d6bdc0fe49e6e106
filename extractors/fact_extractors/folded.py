"""Makes a clean view of a text, and translates offsets into the view back to offsets into the text.

What a copy from a web page, a word processor or a mail leaves in a text changes nothing for a reader: soft
hyphens, characters without a width, accents apart from their letters, HTML entities, emoji, double spaces,
lines that are cut at a width, headlines in capitals, *A* for *À*. Rules and models read the view, which has
none of it; what they find there is put back on the text. A clean text is its own view, character for character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from html import unescape
from itertools import pairwise
from typing import TypeAlias, overload

from msgspec.structs import replace

from factharness.facts import Article, Date, Entity, Fact, Span

_CLEAN = re.compile(r"[\n -%'-~\xa0-\xac\xae-\xff’«»“”–—…œŒ€\u202f]*+")
"""Characters that may stay, whatever stands beside them."""

_ESCAPED = re.compile(r"&(?:amp;)*(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_UNSEEN = re.compile(
    "\u00ad\n?|[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0020-\U000e007f]"
)
_APART = re.compile("[^\\W_][\u0300-\u036f]+")
_ODD = re.compile(
    "\r\n|[\r\x0b\x0c\x85\u2028\u2029\t\u2000-\u200a\u205f\u3000\u2010\u2011\ufb00-\ufb06]"
)
_PICTURES = re.compile(
    "[ \xa0]?[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u20e3]+[ \xa0]?(?=(\\w?))"
)
_SPACES = re.compile(
    "[ \xa0\u202f]*\n[ \n\xa0\u202f]*|[ \xa0\u202f]{2,}|^[ \xa0\u202f]|[ \xa0\u202f]$"
)
_LOOSE = ("  ", " \n", "\n ")
"""Spaces that stand beside each other, each kind of space written as the usual one."""
_LIGATURE = re.compile(
    r"(?<![^\W_])(?:[CcSsNnBbVv]?OE(?=U)|(?:ch|[Cc]|[Ss]|[Nn]|[Bb]|[Vv]|[Mm]an|[Rr]anc)?[Oo]e(?=u(?:rs?|fs?|d|ds|x|vr\w*)\b)|"
    r"[Mm]?oe(?=urs\b|il\b))"
)
_LINE_END = re.compile(r"\n(?<=[\w,;’'.-]\n)(?=[^\W_])")
_DANGLING = re.compile(
    r"(?:^|[ \xa0'’])(?:[Ll]es?|[Ll]a|[Uu]ne?|[Dd]es?|[Dd]u|[Aa]u|[Aa]ux|à|[Ee]n|et|ou|par|pour|sur|sous|dans|"
    r"avec|que|qui|M\.|Mme|Mlle)$"
)
_SHOUTED = re.compile(r"^[^a-zà-ÿ\n]{10,}+$", re.MULTILINE)
_TO = re.compile(
    r"A(?= (?:[A-ZÀ-Þ][a-zà-ÿ]|\d|l[ae]? |l['’]))"
    r"(?:(?<=^A)|(?<=\nA)|(?<=[.!?…:] A)|(?<=[«“][ \xa0\u202f]A)|(?<=[“\"]A))"
)
_WIDEST = 120
"""Characters of the longest line that is cut at a width."""

Replacement: TypeAlias = Callable[[re.Match[str]], str]


class Folded:
    """The view of one text: ``text``, and where its characters stand in the original."""

    def __init__(self, original: str) -> None:
        self._original = original
        self.text = original
        self._starts: list[int] | range = range(len(original))
        self._ends: list[int] | range = range(1, len(original) + 1)
        if not _is_clean(original):
            self._clean()
        if _LINE_END.search(self.text):
            joined = _cut_lines(self.text)
            self._replace(_LINE_END, lambda match: " " if match.start() in joined else "\n")
        if _SHOUTED.search(self.text):
            self._recase()
        self._replace(_TO, lambda _: "À")

    def _clean(self) -> None:
        self._replace(_ESCAPED, _unescaped)
        self._replace(_UNSEEN, lambda _: "")
        self._replace(_APART, lambda match: unicodedata.normalize("NFC", match.group()))
        self._replace(_ODD, _plain)
        self._replace(_PICTURES, _without_picture)
        self._replace(_SPACES, _one_space)
        self._replace(_LIGATURE, _ligature)

    @property
    def same(self) -> bool:
        """Whether the view is the text itself."""
        return isinstance(self._starts, range)

    def _recase(self) -> None:
        from fact_extractors.capitals import Capitals, is_shouted

        capitals = Capitals(self.text)
        self._replace(
            _SHOUTED,
            lambda match: (
                capitals.lowered(match.group()) if is_shouted(match.group()) else match.group()
            ),
        )

    def _replace(self, pattern: re.Pattern[str], replacement: Replacement) -> None:
        """Put ``replacement`` for each match of ``pattern``; all of it stands for all of the match."""
        parts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for match in pattern.finditer(self.text):
            new = replacement(match)
            begin, end = match.span()
            if new == match.group():
                continue
            parts += (self.text[done:begin], new)
            starts += self._starts[done:begin]
            ends += self._ends[done:begin]
            if len(new) == end - begin:
                starts += self._starts[begin:end]
                ends += self._ends[begin:end]
            elif new:
                starts += [self._starts[begin]] * len(new)
                ends += [self._ends[end - 1]] * len(new)
            done = end
        if parts:
            self._starts = [*starts, *self._starts[done:]]
            self._ends = [*ends, *self._ends[done:]]
            self.text = "".join((*parts, self.text[done:]))

    @overload
    def back(self, span: Span) -> Span: ...
    @overload
    def back(self, span: None) -> None: ...
    def back(self, span: Span | None) -> Span | None:
        """The stretch of the original that ``span`` of the view stands for, without spaces at its ends.

        A bullet that stands for a picture stands for the spaces around it too, which are no part of a fact.
        """
        if span is None:
            return None
        start, end = self._starts[span.start], self._ends[span.end - 1]
        found = self._original[start:end]
        if words := found.strip():
            start += found.index(words[0])
            end = start + len(words)
        return Span(start, end)

    def fact(self, fact: Fact) -> Fact:
        """A fact of the view as a fact of the original."""
        if self.same:
            return fact
        if isinstance(fact, Entity | Date):
            return replace(fact, span=self.back(fact.span))
        return replace(
            fact,
            content=tuple(self.back(span) for span in fact.content),
            speaker=self.back(fact.speaker),
            cue=self.back(fact.cue),
        )


def folded(article: Article) -> tuple[Article, Folded]:
    """The article as rules and models read it, and the way back."""
    view = Folded(article.text)
    return (article if view.same else replace(article, text=view.text)), view


def _is_clean(text: str) -> bool:
    spaced = text.replace("\xa0", " ").replace("\u202f", " ")
    return (
        _CLEAN.fullmatch(text) is not None
        and not any(pair in spaced for pair in _LOOSE)
        # Few texts have these letters side by side, and the pattern is slow.
        and not (("oe" in text or "Oe" in text or "OE" in text) and _LIGATURE.search(text))
    )


def _unescaped(match: re.Match[str]) -> str:
    """The characters of an HTML entity, also of one that was escaped twice (``&amp;eacute;``)."""
    plain = match.group()
    for _ in range(3):
        plain = unescape(plain)
    return plain


def _plain(match: re.Match[str]) -> str:
    odd = match.group()
    if odd in "\u2010\u2011":
        return "-"
    if "\ufb00" <= odd <= "\ufb06":
        return unicodedata.normalize("NFKC", odd)
    return " " if odd == "\t" or "\u2000" <= odd <= "\u200a" or odd in "\u205f\u3000" else "\n"


def _without_picture(match: re.Match[str]) -> str:
    """Nothing in place of a picture, or a bullet where a name may start behind it, to keep it apart from a name
    before it."""
    found = match.group()
    if match[1].isupper() and match.start() > 0 and match.string[match.start() - 1] != "\n":
        return " • "
    return " " if found[0] in " \xa0" or found[-1] in " \xa0" else ""


def _one_space(match: re.Match[str]) -> str:
    spaces = match.group()
    if "\n" in spaces:
        return "\n" * min(2, spaces.count("\n"))
    return " " if match.start() > 0 and match.end() < len(match.string) else ""


def _ligature(match: re.Match[str]) -> str:
    return match.group().replace("oe", "œ").replace("OE", "Œ").replace("Oe", "Œ")


def _cut_lines(text: str) -> set[int]:
    """The line ends that part no paragraphs: inside a sentence, or in a block that is cut at a width."""
    found: set[int] = set()
    start = 0
    for block in text.split("\n\n"):
        lines = block.split("\n")
        fits = _fits_width(lines)
        end = start
        for line, following in pairwise(lines):
            end += len(line)
            if following and (fits or _goes_on(line, following)):
                found.add(end)
            end += 1
        start += len(block) + 2
    return found


def _goes_on(line: str, following: str) -> bool:
    """Whether the sentence of a line goes on in the next one."""
    if _DANGLING.search(line, max(0, len(line) - 8)):
        return True
    return not line.endswith(".") and (following[0].islower() or _parts_name(line, following))


def _fits_width(lines: list[str]) -> bool:
    """Whether each line of three or more ends because the next word does not fit any more."""
    widest = max(map(len, lines))
    return (
        len(lines) > 2
        and 30 < widest <= _WIDEST
        and all(
            len(line) + 1 + len(following.split(" ", 1)[0]) > widest
            for line, following in pairwise(lines)
        )
    )


def _parts_name(line: str, following: str) -> bool:
    """Whether a line ends with a given name whose surname starts the next, and the sentence goes on there."""
    from fact_extractors.rules.lexicon import is_given_name

    given = line.rpartition(" ")[2]
    surname, _, after = following.partition(" ")
    return (
        given[:1].isupper()
        and surname[:1].isupper()
        and after[:1].islower()
        and is_given_name(given)
    )
