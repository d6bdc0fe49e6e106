"""Labels the same name in the same way all over an article.

A recogniser reads a sentence at a time. It knows *Verdane* in *la société Verdane* and not two paragraphs
further on, where nothing beside it tells. Here the mentions of an article are seen together.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from fact_extractors.pipelines.reading import ModelMention

_NAMES = frozenset(("PER", "ORG", "LOC", "MISC"))
_PLACED = re.compile(r"(?:\b[ÀàEe]n?|\bvers|\bdepuis)[ \u00a0]$")
_PARTICLE = re.compile(
    r"(?:de|du|des|van|von|den|der|di|da|le|la|el|al|ben|d['’]|l['’])\b[ \u00a0]?"
)


def consistent(text: str, mentions: Iterable[ModelMention]) -> list[ModelMention]:
    """The mentions of an article in agreement with each other, and those that were missed beside them.

    - A family name is a person's wherever it stands, unless a preposition of place stands before it.
    - A name with several labels has the one that two thirds of its mentions have.
    - A name of several words that was found once, and one of a single word that was found twice with one label,
      is found wherever it stands again.
    """
    found = sorted(mentions)
    found = _by_majority(text, found)
    surnames = _surnames(text, found)
    found = [_as_person(text, mention, surnames) for mention in found]
    labels = dict(_repeated(text, found)) | dict.fromkeys(surnames, "PER")
    return sorted([*found, *_missed(text, found, labels, surnames)])


def _surnames(text: str, found: Sequence[ModelMention]) -> set[str]:
    """The family names of the persons whose full name the article gives."""
    names = set()
    for start, end, label in found:
        if label == "PER":
            _first, gap, rest = re.sub("\u00a0", " ", text[start:end]).partition(" ")
            while particle := _PARTICLE.match(rest):
                rest = rest[particle.end() :]
            if (
                gap
                and " " not in rest
                and len(rest) > 3
                and rest[:1].isupper()
                and "\n" not in rest
            ):
                names.add(rest)
    return names


def _is_placed(text: str, start: int) -> bool:
    """Whether a preposition of place stands before ``start``."""
    return _PLACED.search(text, max(0, start - 8), start) is not None


def _as_person(text: str, mention: ModelMention, surnames: set[str]) -> ModelMention:
    words = text[mention.start : mention.end]
    if mention.label in _NAMES and words in surnames and not _is_placed(text, mention.start):
        return mention._replace(label="PER")
    return mention


def _by_majority(text: str, found: Sequence[ModelMention]) -> list[ModelMention]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for start, end, label in found:
        if label in _NAMES:
            counts[text[start:end]][label] += 1
    sure = {}
    for words, labels in counts.items():
        ((label, count),) = labels.most_common(1)
        if len(labels) > 1 and 3 * count >= 2 * labels.total():
            sure[words] = label
    return [
        mention._replace(label=sure.get(text[mention.start : mention.end], mention.label))
        if mention.label in _NAMES
        else mention
        for mention in found
    ]


def _repeated(text: str, found: Sequence[ModelMention]) -> Iterator[tuple[str, str]]:
    """The names that are sure enough to be looked for elsewhere, with their label."""
    labels: dict[str, list[str]] = defaultdict(list)
    for start, end, label in found:
        if label in _NAMES:
            labels[text[start:end]].append(label)
    for words, seen in labels.items():
        is_name = len(words) > 2 and words[0].isupper() and "\n" not in words
        if is_name and len(set(seen)) == 1 and (len(seen) > 1 or " " in words):
            yield words, seen[0]


def _missed(
    text: str, found: Sequence[ModelMention], labels: dict[str, str], surnames: set[str]
) -> Iterator[ModelMention]:
    if not labels:
        return
    starts = [mention.start for mention in found]
    longest_first = sorted(labels, key=lambda words: (-len(words), words))
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")
    for match in pattern.finditer(text):
        place = bisect_right(starts, match.start())
        before = found[place - 1] if place else None
        after = found[place] if place < len(found) else None
        if (before and before.end > match.start()) or (after and after.start < match.end()):
            continue
        if match.group() in surnames and _is_placed(text, match.start()):
            continue
        yield ModelMention(match.start(), match.end(), labels[match.group()])
