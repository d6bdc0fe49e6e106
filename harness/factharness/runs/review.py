"""Lists gold to look at again: facts that no back end has right, and facts that all find and gold lacks.

Only back ends that answer for themselves have a voice: a hybrid repeats what its parts say. Where fewer than
two have a voice on a kind of fact, nothing of that kind is listed, as one back end agrees with itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeAlias, TypeVar

from msgspec import Struct, structs

from factharness.facts import DATE_TYPES, KINDS, Date, Entity, Fact, GoldFact, Kind, Quote
from factharness.runs.entries import Entry, Identity, entry, identity_of, position
from factharness.runs.filters import Filter
from factharness.runs.gold_lines import GoldLines
from factharness.runs.mistakes import Mistake
from factharness.runs.record import MatchRecord, Run
from factharness.runs.side_by_side import SideBySide, side_by_side
from factharness.runs.texts import Texts

T = TypeVar("T")

Verdict: TypeAlias = Literal["unfound", "otherwise", "unlabelled"]
"""``unfound``: no back end has the gold fact right, and they do not all say the same; it is hard, or the gold
is wrong. ``otherwise``: all give the same other answer. ``unlabelled``: all find a fact that gold lacks."""


class Suggestion(Struct, frozen=True):
    """A fact that an annotator should look at.

    ``entry`` is the fact with what the back ends said. ``stands`` are the lines of the gold file that hold it
    now, ``proposed`` the lines that would hold what all back ends say, in their place or under the paragraph.
    ``doubts`` are what ``gold check`` would say of these, or why there are none.
    """

    verdict: Verdict
    entry: Entry
    stands: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def voices(run: Run) -> dict[Kind, tuple[str, ...]]:
    """The back ends that answer for themselves, by the kinds of facts that they claim.

    A hybrid repeats its parts, a repetition its first run, and a back end that borrows a kind its lender. Of
    several that borrow from one that is not in the run, the first answers.
    """
    scored = {on_set.backend for on_set in run.scores.backends}
    own = [
        one
        for one in run.manifest.backends
        if one.name in scored and not one.composed and not one.repeats
    ]
    answering: dict[Kind, tuple[str, ...]] = {}
    for kind in KINDS:
        by_source: dict[str, str] = {}
        claiming = [one for one in own if kind in one.kinds]
        for one in sorted(claiming, key=lambda one: kind in one.borrows):
            by_source.setdefault(one.borrows.get(kind, one.name), one.name)
        answering[kind] = tuple(one.name for one in claiming if one.name in by_source.values())
    return answering


def suggestions(run: Run, texts: Texts, wanted: Filter) -> Iterator[Suggestion]:
    """What should be looked at, article by article, in the order of the text. Raises ``HarnessError``."""
    by_kind = voices(run)
    names = {name for of_kind in by_kind.values() for name in of_kind}
    for article in side_by_side(run, names, wanted.articles):
        yield from of_article(article, by_kind, texts, wanted)


def of_article(
    article: SideBySide, by_kind: Mapping[Kind, Sequence[str]], texts: Texts, wanted: Filter
) -> Iterator[Suggestion]:
    """What should be looked at in one article; ``by_kind`` are the :func:`voices` of its run."""
    found = [
        one for kind in KINDS for one in _found(article, kind, by_kind[kind]) if one.passes(wanted)
    ]
    if found:
        lines = GoldLines(article.goldset, article.article.id, texts)
        for one in sorted(found, key=lambda one: one.position):
            suggestion = _suggestion(one, article, texts, lines)
            if suggestion is not None:
                yield suggestion


class _Found(Struct):
    """A fact that no voice has right: its match and its mistakes by back end, and whether all say the same."""

    records: dict[str, MatchRecord]
    mistakes: list[Mistake]
    agreed: bool

    @property
    def position(self) -> tuple[int, int, int, bool]:
        return position(self.mistakes[0])

    def passes(self, wanted: Filter) -> bool:
        return any(map(wanted.admits, self.mistakes))


def _found(article: SideBySide, kind: Kind, voices: Sequence[str]) -> Iterator[_Found]:
    """The facts of a kind that every voice got wrong; of those without gold, only what all say alike."""
    heard = [
        name
        for name in voices
        if name in article.results and article.results[name].prediction.error is None
    ]
    if len(heard) < 2:
        return
    by_fact: dict[Identity, dict[str, MatchRecord]] = {}
    mistakes: dict[Identity, dict[str, list[Mistake]]] = {}
    for name in heard:
        for record in article.matches[name]:
            if record.match.kind == kind:
                by_fact.setdefault(identity_of(record), {})[name] = record
        for mistake in article.mistakes[name]:
            if mistake.kind == kind:
                by_backend = mistakes.setdefault(identity_of(mistake), {})
                by_backend.setdefault(name, []).append(mistake)
    for identity, by_backend in mistakes.items():
        if len(by_backend) < len(heard):
            continue
        said = {_answer(by_backend[name], by_fact[identity][name]) for name in heard}
        agreed = len(said) == 1 and None not in said
        if agreed or identity[1] is not None:
            listed = [mistake for name in heard for mistake in by_backend[name]]
            yield _Found(by_fact[identity], listed, agreed)


def _answer(mistakes: Sequence[Mistake], record: MatchRecord) -> object:
    """What a back end said of a fact, as far as it is wrong; None where it missed it."""
    if record.pred is None:
        return None
    # What is said twice is said once, as far as others agree with it.
    found = tuple(dict.fromkeys((mistake.what, mistake.found) for mistake in mistakes))
    return record.pred.spans, record.match.predicted, found


def _suggestion(
    found: _Found, article: SideBySide, texts: Texts, lines: GoldLines
) -> Suggestion | None:
    """What to look at; None where the gold file has been changed there since the run."""
    listed = entry(found.mistakes, (), texts)
    verdict: Verdict = "otherwise" if found.agreed else "unfound"
    if listed.gold is None:
        verdict = "unlabelled"
    if not lines.readable:
        return Suggestion(verdict, listed, doubts=(listed.note,) if listed.note else ())
    held = lines.held(listed.kind, listed.shown, gold=listed.gold is not None)
    if (held is None) != (listed.gold is None):
        return None
    if held is not None:
        listed = structs.replace(listed, line=held.line)
    stands = lines.of(held) if held else ()
    if not found.agreed:
        return Suggestion(verdict, listed, stands)
    fact = _agreed(found, article, held)
    proposed, doubts = lines.propose(fact, held)
    return Suggestion(verdict, listed, stands, proposed, doubts)


def _agreed(found: _Found, article: SideBySide, held: GoldFact | None) -> Fact:
    """The fact as all back ends say it, under the label that is counted.

    What they differ in, a value or a speaker, is that of the gold, else left open.
    """
    said = []
    for name, record in found.records.items():
        facts, number = article.results[name].prediction.facts, record.match.pred
        assert facts is not None
        assert number is not None
        said.append(_relabelled(facts[number], record.match.predicted))
    first, gold = said[0], held.fact if held else None
    if isinstance(first, Date):
        value = _shared([one.value for one in said if isinstance(one, Date)])
        return structs.replace(
            first, value=value or (gold.value if isinstance(gold, Date) else None)
        )
    if isinstance(first, Quote):
        quotes = [one for one in said if isinstance(one, Quote)]
        speaker, speaker_name = _shared([(one.speaker, one.speaker_name) for one in quotes]) or (
            (gold.speaker, gold.speaker_name) if isinstance(gold, Quote) else (None, None)
        )
        cue = _shared([one.cue for one in quotes]) or (
            gold.cue if isinstance(gold, Quote) else None
        )
        return structs.replace(first, speaker=speaker, speaker_name=speaker_name, cue=cue)
    return first


def _relabelled(fact: Fact, label: str | None) -> Fact:
    if not isinstance(fact, Entity) or label is None:
        return fact
    date = next((name for name in DATE_TYPES if name == label), None)
    return Date(fact.span, date) if date else Entity(fact.span, label)


def _shared(values: Sequence[T]) -> T | None:
    """What all of ``values`` are; None where they differ."""
    return values[0] if all(value == values[0] for value in values) else None


COLUMNS = (
    "verdict", "goldset", "article", "kind", "place", "words", "backends", "stands", "proposed", "doubts",
)  # fmt: skip
"""The columns of ``factharness mistakes --review --csv``."""


def cells(suggestion: Suggestion) -> tuple[str, ...]:
    """A suggestion as a row, in the order of :data:`COLUMNS`; several lines or back ends with ``;`` between."""
    listed = suggestion.entry
    backends = (name for answer in listed.answers for name in answer.backends)
    return (
        suggestion.verdict, listed.goldset, listed.article, listed.kind, listed.place, listed.shown.words,
        *map("; ".join, (backends, suggestion.stands, suggestion.proposed, suggestion.doubts)),
    )  # fmt: skip
