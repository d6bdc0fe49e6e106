"""The part "Articles": every article with gold and what each back end said, under its words.

The articles are embedded one by one, so that the page reads only those that are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import msgspec
from msgspec import Struct

from factharness.escape import visible
from factharness.facts import Kind
from factharness.report.html.facts import WHATS, ByKind, Changes, Labels, article
from factharness.report.html.page import Part
from factharness.report.html.sentences import KIND_WORDS
from factharness.report.html.sides import Side, in_step
from factharness.runs.record import ArticleRecord
from factharness.runs.side_by_side import Name, SideBySide
from factharness.runs.texts import Texts

SHOWN_AT_ONCE = 5
"""How many back ends fit under a line of text."""


class ListedArticle(Struct, frozen=True, omit_defaults=True):
    """An article as the list of articles has it; its facts are in an element of their own."""

    goldset: str
    id: str
    path: str
    meta: str
    mistakes: tuple[ByKind | None, ...]
    """How many mistakes each back end makes in it, by kind; None where it was not scored."""
    seen: str = ""
    """Which back ends were made with it in sight, and for which kinds where not for all; empty: none."""
    changes: Changes | None = None
    """On the page of a difference, how many facts differ."""
    reason: str = ""
    """Why there is no text, and what to do."""
    relabelled: bool = False


def part(sides: Sequence[Side], *, difference: bool = False) -> Part:
    """The part of the page; a run of the first format has no gold facts to draw."""
    context = {
        "backends": [visible(side.name) for side in sides],
        "most": SHOWN_AT_ONCE,
        "drawn": drawn(sides),
        "difference": difference,
    }
    return Part(
        "articles",
        "Articles",
        context,
        shared=("marked.css", "marked.js"),
        own=("facts.js", "arrows.js", "copy.js", "view.js", "article.js", "popup.js", "legend.js"),
    )


def drawn(sides: Sequence[Side]) -> bool:
    """Whether articles can be drawn: a run of the first format does not hold the gold facts."""
    return bool(sides) and all(side.run.manifest.format > 1 for side in sides)


def data(
    sides: Sequence[Side],
    texts: Texts,
    *,
    with_texts: bool = False,
    difference: bool = False,
    only: Collection[Name] | None = None,
    listeners: Sequence[Callable[[SideBySide], None]] = (),
) -> dict[str, bytes]:
    """What the scripts read: ``facts``, a list of articles, and an entry ``article-N`` for each of them.

    ``only``: some of the articles; all without it. To read a large run takes long, so it is done once: every
    article is also given to the ``listeners``.
    """
    if not drawn(sides):
        return {}
    labels = Labels()
    listed: list[ListedArticle] = []
    entries: dict[str, bytes] = {}
    encode = msgspec.json.Encoder().encode
    in_sight = _in_sight(sides)
    for one, answers in in_step(sides, only):
        for listener in listeners:
            listener(one)
        assert one.gold is not None
        name = one.goldset, one.article.id
        text, reason = _text(texts, *name, with_texts=with_texts)
        words = with_texts or not texts.withheld(*name)
        facts = article(one.gold, sides, answers, labels, text, words=words)
        counts = tuple(
            facts.mistakes(place, labels) if isinstance(votes, tuple) else None
            for place, votes in enumerate(facts.votes)
        )
        entries[f"article-{len(listed)}"] = encode(facts)
        listed.append(
            ListedArticle(
                *name,
                visible(one.article.path),
                _meta(one.article),
                counts,
                in_sight.get(name, ""),
                facts.changes(labels) if difference else None,
                visible(reason),
                texts.relabelled(*name),
            )
        )
    index = {
        "backends": [
            {"name": visible(side.name), "kinds": side.kinds, "hybrid": side.hybrid}
            for side in sides
        ],
        "labels": labels.listed(),
        "whats": WHATS,
        "difference": difference,
        "articles": listed,
    }
    return {"facts": encode(index), **entries}


def _in_sight(sides: Sequence[Side]) -> dict[Name, str]:
    """``rules (entities, dates), spacy``: the back ends that were developed or trained with each article.

    The kinds of a back end are named where that is not so for all the kinds that it finds by itself.
    """
    found: dict[Name, list[str]] = {}
    for side in sides:
        own = side.own_kinds
        kinds_of: dict[Name, list[Kind]] = {}
        for on_set in side.run.scores.backends:
            if on_set.backend == side.backend:
                for kind in own:
                    for article in on_set.seen.get(kind, ()):
                        kinds_of.setdefault((on_set.goldset, article), []).append(kind)
        for name, kinds in kinds_of.items():
            some = "" if kinds == own else f" ({', '.join(KIND_WORDS[kind] for kind in kinds)})"
            found.setdefault(name, []).append(visible(side.name) + some)
    return {name: ", ".join(backends) for name, backends in found.items()}


def _text(texts: Texts, goldset: str, name: str, *, with_texts: bool) -> tuple[str | None, str]:
    """The text that the page may hold, or why it holds none."""
    text = texts.of(goldset, name)
    if text is None:
        return None, texts.reason(goldset, name)
    if texts.withheld(goldset, name) and not with_texts:
        return None, "its text may not be passed on; --with-texts puts it into a file of your own"
    return text, ""


def _meta(record: ArticleRecord) -> str:
    return visible(", ".join(value for value in record.meta.values() if value))
