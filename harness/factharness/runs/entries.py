"""Mistakes as people read them: an entry per fact, in the order of the text, with what each back end said.

Back ends that err alike on the same fact share an answer of its entry.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from msgspec import Struct

from factharness.errors import HarnessError, Inconclusive
from factharness.escape import brief
from factharness.facts import KINDS, Kind, Span
from factharness.runs.filters import Filter
from factharness.runs.mistakes import Mistake, What
from factharness.runs.record import FactRef, MatchRecord, Run
from factharness.runs.side_by_side import SideBySide, side_by_side
from factharness.runs.texts import Texts

AROUND = 100
"""How many characters of a text are given before and after a fact, at most."""
LONGEST = 400
"""How many characters of a stretch of a fact are given; of a longer one, its beginning and its end."""

_SPACE = re.compile(r"[ \t\n]+")


class WordsAround(Struct, frozen=True):
    """The words of a fact in their text, on one line.

    ``parts`` are in turn words of the fact and words between these; only a quote has more than one part. What
    is ``before`` and ``after`` them is of the same paragraph; where it is cut, between words, there is a ``…``.
    """

    before: str
    parts: tuple[str, ...]
    after: str


class Wrong(Struct, frozen=True):
    """One thing that is wrong with an answer, what was expected, and what was found instead."""

    what: What
    expected: str
    found: str


class EntryAnswer(Struct, frozen=True):
    """A wrong answer, and the back ends that gave it; one that gave it twice is there twice.

    ``mistakes`` says what is wrong with it. ``pred`` is the prediction of the first of the back ends, None
    where they missed the fact.
    """

    backends: tuple[str, ...]
    mistakes: tuple[Wrong, ...]
    pred: FactRef | None


class Entry(Struct, frozen=True):
    """A fact that some back end got wrong: a gold fact, or one that is predicted and not in gold.

    ``path`` is the gold file. ``line`` is that of the gold fact, or of the paragraph around a prediction; 0
    where it is not known. ``label`` is the counted label of the gold fact. ``right`` are the back ends that
    have the fact right. ``context`` is None where the text cannot be had, and ``note`` then says why; it also
    says when the labels in the file have changed since the run.
    """

    goldset: str
    article: str
    path: str
    line: int
    kind: Kind
    label: str | None
    gold: FactRef | None
    answers: tuple[EntryAnswer, ...]
    right: tuple[str, ...]
    context: WordsAround | None = None
    note: str = ""

    @property
    def shown(self) -> FactRef:
        """The gold fact, or the prediction where there is none."""
        fact = self.gold or self.answers[0].pred
        assert fact is not None
        return fact

    @property
    def place(self) -> str:
        """``file:line``; the file alone where the line is not known."""
        return f"{self.path}:{self.line}" if self.line else self.path


def answering(run: Run, backend: str = "") -> tuple[str, ...]:
    """The back ends whose facts can be listed: this one, or all that have results.

    Raises ``HarnessError`` for one that could not be built, and ``Inconclusive`` when there is no article on
    which any of them did not fail.
    """
    records = {one.name: one for one in run.manifest.backends if backend in ("", one.name)}
    scored = [one for one in run.scores.backends if one.backend in records]
    if backend and not scored:
        why = records[backend].unavailable or "it was not scored"
        raise HarnessError(f"{backend} has no results: {why}", file=run.path, remedy="run again")
    if not any(one.articles for one in scored):
        failures = [
            f"{one.backend}: {brief(e, 200)}" for one in scored for e in one.errors.values()
        ]
        reasons = failures or [f"{n}: {r.unavailable}" for n, r in records.items() if r.unavailable]
        first = f"; the first error is: {reasons[0]}" if reasons else ""
        raise Inconclusive(
            f"no back end was scored on any article{first}", file=run.path, remedy="run again"
        )
    return tuple(dict.fromkeys(one.backend for one in scored))


def entries(
    run: Run, texts: Texts, wanted: Filter, backends: Collection[str] | None = None
) -> Iterator[Entry]:
    """The facts that some back end got wrong, article by article, in the order of the text."""
    for article in side_by_side(run, backends, wanted.articles):
        yield from of_article(article, texts, wanted)


def of_article(article: SideBySide, texts: Texts, wanted: Filter) -> Iterator[Entry]:
    """The facts of one article that some back end got wrong, in the order of the text."""
    mistakes = [
        mistake
        for by_backend in article.mistakes.values()
        for mistake in by_backend
        if wanted.admits(mistake)
    ]
    by_fact: dict[Identity, list[Mistake]] = {}
    for mistake in sorted(mistakes, key=position):
        by_fact.setdefault(identity_of(mistake), []).append(mistake)
    right = _right(article) if by_fact else {}
    for identity, members in by_fact.items():
        yield entry(members, right.get(identity, ()), texts)


def entry(mistakes: list[Mistake], right: tuple[str, ...], texts: Texts) -> Entry:
    """The entry of one fact; ``mistakes`` are all of this fact."""
    first = mistakes[0]
    name = first.goldset, first.article
    spans = first.shown.spans
    text = texts.of(*name)
    note = texts.reason(*name)
    if texts.relabelled(*name):
        note = "the labels of the file have changed since the run, so lines may have moved"
    return Entry(
        *name,
        str(texts.file(*name)),
        first.gold.line if first.gold else texts.line(*name, spans[0].start),
        first.kind,
        first.label,
        first.gold,
        tuple(_answers(mistakes)),
        right,
        None if text is None else context(text, spans),
        note,
    )


def context(text: str, spans: tuple[Span, ...]) -> WordsAround:
    """The words at ``spans`` in their text."""
    start, end = spans[0].start, spans[-1].end
    _, opening, before = text[max(0, start - AROUND) : start].rpartition("\n\n")
    after, closing, _ = text[end : end + AROUND].partition("\n\n")
    if not opening and start > AROUND:
        before = f"… {before.partition(' ')[2]}"
    if not closing and end + AROUND < len(text):
        after = f"{after.rpartition(' ')[0]} …"
    parts = [_line(_cut(spans[0].of(text)))]
    for left, right in pairwise(spans):
        parts += [_line(_cut(text[left.end : right.start])), _line(_cut(right.of(text)))]
    return WordsAround(_line(before), tuple(parts), _line(after))


def _line(text: str) -> str:
    return _SPACE.sub(" ", text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"


Identity = tuple[Kind, FactRef | None, tuple[Span, ...]]
"""Kind, gold fact, and the spans of a prediction without gold."""


def identity_of(mistake: Mistake | MatchRecord) -> Identity:
    """What tells the fact of a mistake or a match from the others of its article."""
    kind = mistake.kind if isinstance(mistake, Mistake) else mistake.match.kind
    spans = mistake.pred.spans if mistake.gold is None and mistake.pred is not None else ()
    return kind, mistake.gold, spans


def position(mistake: Mistake) -> tuple[int, int, int, bool]:
    """The order of facts in a list: that of the text, the longer of two that begin together first."""
    spans = mistake.shown.spans
    return spans[0].start, -spans[-1].end, KINDS.index(mistake.kind), mistake.gold is None


def _right(article: SideBySide) -> dict[Identity, tuple[str, ...]]:
    """The back ends that have each gold fact right, that is, without any mistake in it."""
    right: dict[Identity, tuple[str, ...]] = {}
    for backend, records in article.matches.items():
        wrong = {identity_of(mistake) for mistake in article.mistakes[backend]}
        for record in records:
            identity = identity_of(record)
            if record.gold and identity not in wrong:
                right[identity] = (*right.get(identity, ()), backend)
    return right


def _answers(mistakes: Iterable[Mistake]) -> Iterator[EntryAnswer]:
    """The different answers to one fact, in the order of the first back end that gave each."""
    by_backend: dict[tuple[str, FactRef | None], list[Mistake]] = {}
    for mistake in mistakes:
        by_backend.setdefault((mistake.backend, mistake.pred), []).append(mistake)
    answers: dict[object, EntryAnswer] = {}
    for (backend, pred), members in by_backend.items():
        wrong = tuple(Wrong(one.what, one.expected, one.found) for one in members)
        invented = pred.value if pred is not None and members[0].gold is None else None
        key = wrong, invented
        known = answers.get(key, EntryAnswer((), wrong, pred))
        answers[key] = EntryAnswer((*known.backends, backend), wrong, known.pred)
    yield from answers.values()
