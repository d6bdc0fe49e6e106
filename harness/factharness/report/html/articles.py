"""The part "Articles": every article with gold and what each back end said, under its words.

The articles are embedded one by one, so that the page reads only those that are looked at.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from factharness.escape import visible
from factharness.report.html.facts import WHATS, Answer, Labels, Side, article
from factharness.report.html.page import Part
from factharness.runs.record import ArticleRecord, Run
from factharness.runs.side_by_side import side_by_side
from factharness.runs.texts import Texts

SHOWN_AT_ONCE = 5
"""How many back ends fit under a line of text."""


class ListedArticle(Struct, frozen=True, omit_defaults=True):
    """An article as the list of articles has it; its facts are in an element of their own."""

    goldset: str
    id: str
    path: str
    meta: str
    mistakes: tuple[int | None, ...]
    """How many mistakes each back end makes in it; None where it was not scored."""
    reason: str = ""
    """Why there is no text, and what to do."""
    relabelled: bool = False


def sides(run: Run) -> list[Side]:
    """The back ends of a run that have results, in the order of the suite."""
    scored = {one.backend for one in run.scores.backends}
    return [Side(one.name, run, one.name) for one in run.manifest.backends if one.name in scored]


def part(run: Run) -> Part:
    """The part of the page; a run of the first format has no gold facts to draw."""
    names = [visible(side.name) for side in sides(run)]
    context: dict[str, Any] = {
        "backends": names,
        "most": SHOWN_AT_ONCE,
        "drawn": run.manifest.format > 1,
    }
    return Part(
        "articles",
        "Articles",
        context,
        shared=("marked.css", "marked.js"),
        own=("facts.js", "article.js", "popup.js", "legend.js"),
    )


def data(run: Run, texts: Texts, *, with_texts: bool = False) -> dict[str, bytes]:
    """What the scripts read: ``facts``, a list of articles, and an entry ``article-N`` for each of them."""
    if run.manifest.format == 1:
        return {}
    shown = sides(run)
    labels = Labels()
    listed: list[ListedArticle] = []
    entries: dict[str, bytes] = {}
    encode = msgspec.json.Encoder().encode
    for one in side_by_side(run):
        assert one.gold is not None
        name = one.goldset, one.article.id
        text, reason = _text(texts, *name, with_texts=with_texts)
        words = with_texts or not texts.withheld(*name)
        answers = [Answer.of(side, one) for side in shown]
        facts = article(one.gold, shown, answers, labels, text, words=words)
        counts = tuple(
            facts.mistakes(place) if isinstance(votes, tuple) else None
            for place, votes in enumerate(facts.votes)
        )
        entries[f"article-{len(listed)}"] = encode(facts)
        listed.append(_listed(one.article, one.goldset, counts, reason, texts.relabelled(*name)))
    return {"facts": encode(_index(shown, labels, listed)), **entries}


def _text(texts: Texts, goldset: str, name: str, *, with_texts: bool) -> tuple[str | None, str]:
    """The text that the page may hold, or why it holds none."""
    text = texts.of(goldset, name)
    if text is None:
        return None, texts.reason(goldset, name)
    if texts.withheld(goldset, name) and not with_texts:
        return None, "its text may not be passed on; --with-texts puts it into a file of your own"
    return text, ""


def _listed(
    record: ArticleRecord,
    goldset: str,
    counts: tuple[int | None, ...],
    reason: str,
    relabelled: bool,
) -> ListedArticle:
    meta = ", ".join(value for value in record.meta.values() if value)
    return ListedArticle(
        goldset, record.id, visible(record.path), visible(meta), counts, visible(reason), relabelled
    )


def _index(shown: list[Side], labels: Labels, listed: list[ListedArticle]) -> dict[str, object]:
    return {
        "backends": [
            {"name": visible(side.name), "kinds": side.kinds, "hybrid": side.hybrid}
            for side in shown
        ],
        "labels": labels.listed(),
        "whats": WHATS,
        "articles": listed,
    }
