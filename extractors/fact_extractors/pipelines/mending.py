"""Corrects names for the bundled models: the spelling before a model reads, the ends of its mentions after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fact_extractors.pipelines.reading import ModelMention
from fact_extractors.rules.lexicon import with_accents
from fact_extractors.rules.lines import ends_of_line
from fact_extractors.rules.nationalities import is_nationality

_ELISION = re.compile(r"\b([NMKT])['’](?=[A-Z][a-zà-ÿ]+ [A-ZÀ-Þ])")
_PLAIN = re.compile(r"\b[EIC][a-zà-ÿ]{3,}")
_SISTER = re.compile(r"\bSœur(?= [A-ZÀ-Þ])")
_TOWN = re.compile(
    r"(?<![\w-])[A-ZÀ-Þ][\w’']*(?:-[\w’']+)*-(?:le|la|les|lès|lez|sur|sous|en|de|du|des|au|aux|et|d['’]|l['’])-?(?:-?[\w’']+)+"
)
_SMALL = re.compile(r"(?:à|en|de|du|des|le|la|les|au|aux|l['’]|d['’])[ \u00a0]?(?=[A-ZÀ-Þ])")


def readable(text: str) -> str:
    """A text with names that the models know how to read; same length.

    *N’Dolo Kassi* has a letter for the apostrophe, where tokenizers part it, *Egypte* has its accent, and the
    title of *Sœur Amandine* is one that they have met.
    """
    text = _SISTER.sub("Mère", _ELISION.sub(r"\1a", text))
    return _PLAIN.sub(lambda match: with_accents().get(match.group(), match.group()), text)


def mended(text: str, mentions: Iterable[ModelMention]) -> list[ModelMention]:
    """The mentions without what is no name, and over the whole of the words they stand for.

    Nothing is left of words in small letters and of the noun of nationality before a person (*le Suisse Anton
    Brel*). A town has all of its hyphens, and the ends of a line are two (*la ligne Paris-Lyon*).
    """
    towns = [match.span() for match in _TOWN.finditer(text)]
    found: list[ModelMention] = []
    for mention in sorted(mentions):
        for start, end, label in _parts(text, _whole(_trimmed(text, mention), towns)):
            if any(c.isupper() or c.isdigit() for c in text[start:end]):
                if found and found[-1].end >= end:
                    continue
                found.append(ModelMention(start, end, label))
    following = [*found[1:], None] if found else []
    return [
        mention
        for mention, after in zip(found, following, strict=True)
        if not _is_origin(text, mention, after)
    ]


def _trimmed(text: str, mention: ModelMention) -> ModelMention:
    """Without a preposition or an article in small letters, and without a nationality before a person."""
    start, end, label = mention
    if small := _SMALL.match(text, start, end):
        start = small.end()
    first, gap, rest = text[start:end].partition(" ")
    if label == "PER" and gap and rest[:1].isupper() and is_nationality(first.lower()):
        start += len(first) + 1
    return ModelMention(start, end, label)


def _whole(mention: ModelMention, towns: list[tuple[int, int]]) -> ModelMention:
    for start, end in towns:
        if start <= mention.start and mention.end <= end:
            return mention._replace(start=start, end=end)
    return mention


def _parts(text: str, mention: ModelMention) -> Iterator[ModelMention]:
    ends = ends_of_line(text, mention.start, mention.end)
    if not ends:
        yield mention
    for start, end in ends:
        yield ModelMention(start, end, "LOC")


def _is_origin(text: str, mention: ModelMention, after: ModelMention | None) -> bool:
    """Whether a mention is the nationality of the person behind it."""
    return (
        after is not None
        and after.label == "PER"
        and mention.label != "PER"
        and text[mention.end : after.start] in (" ", "\u00a0")
        and is_nationality(text[mention.start : mention.end].lower())
    )
