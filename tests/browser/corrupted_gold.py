"""Predictions made from the gold by breaking some of its facts, so that every kind of mistake is there.

The same seed always breaks the same facts in the same way. They are stored as the back end ``replay`` reads
them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from factharness.facts import DATE_TYPES, Date, Entity, Fact, GoldArticle, Quote, Span
from factharness.labels import ENTITY_LABELS


def store(
    path: Path,
    articles: Iterable[GoldArticle],
    seed: str,
    share: float = 0.3,
    also: Mapping[str, Fact] | None = None,
) -> Path:
    """Write a file for ``replay``: the gold facts of each article, about ``share`` of them broken.

    ``also`` has a fact to add, as it is, to the article of that id.
    """
    lines = []
    for gold in articles:
        name = gold.article.id
        more = [also[name]] if also and name in also else []
        lines.append({"id": name, "facts": [*corrupted(gold, seed, share), *more]})
    path.write_bytes(msgspec.json.Encoder().encode_lines(lines))
    return path


def corrupted(gold: GoldArticle, seed: str, share: float) -> Iterator[Fact]:
    """The gold facts, about ``share`` of them missed or changed, and as many again made up of other words."""
    chance = random.Random(f"{seed} {gold.article.id}")
    words = [Span(*found.span()) for found in re.finditer(r"\w{4,}", gold.article.text)]
    for labelled in gold.facts:
        if chance.random() >= share:
            yield labelled.fact
            continue
        if changed := _changed(labelled.fact, chance, words):
            yield changed
        if chance.random() < 0.5:
            yield Entity(chance.choice(words), chance.choice(ENTITY_LABELS))


def _changed(fact: Fact, chance: random.Random, words: list[Span]) -> Fact | None:
    if isinstance(fact, Quote):
        other = chance.choice(words)
        return chance.choice(
            [
                None,
                replace(fact, content=(*fact.content[:-1], _shorter(fact.content[-1]))),
                replace(fact, speaker=other, speaker_name=None),
                replace(fact, cue=None if fact.cue else other),
            ]
        )
    shorter = replace(fact, span=_shorter(fact.span))
    if isinstance(fact, Date):
        type_ = chance.choice([name for name in DATE_TYPES if name != fact.type])
        value = chance.choice([None, "1999", "2031-12-24"])
        return chance.choice([None, shorter, replace(fact, type=type_), replace(fact, value=value)])
    label = chance.choice([name for name in ENTITY_LABELS if name != fact.label])
    return chance.choice([None, shorter, replace(fact, label=label), replace(shorter, label=label)])


def _shorter(span: Span) -> Span:
    """All but the last fifth, which leaves a quote near enough to be matched."""
    return replace(span, end=max(span.start + 1, span.end - max(1, len(span) // 5)))
