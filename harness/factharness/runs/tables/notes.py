"""What stands under the tables of a gold set: what a reader must know of the numbers, a sentence each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol

from factharness.escape import brief
from factharness.facts import KINDS, Kind
from factharness.labels import MAPS
from factharness.runs.record import BackendOnSet, BackendRecord
from factharness.runs.tables.block import BORROWED_SIGN, SEEN_SIGN
from factharness.runs.tables.cells import count
from factharness.runs.tables.kinds import CHANCE, View
from factharness.score import ALL
from factharness.score.counts import FEW_ARTICLES

_PLURAL: dict[Kind, str] = {"entity": "entities", "date": "dates", "quote": "quotes"}


def notes(view: View) -> Iterator[str]:
    """The notes of a gold set."""
    articles = view.goldset.articles
    yield from few_articles(len(articles))
    yield from _power(view)
    proposed = sum(article.unconfirmed for article in articles)
    if proposed:
        yield (
            f"Of these articles, {proposed} with facts that a back end proposed and nobody has confirmed: "
            "all scores depend on them."
        )
    yield from _unknown_labels(view)
    yield from _seen(view)
    yield from _borrowed(view)
    yield from _against_parts(view)
    for backend, on_set in view.backends:
        yield from (f"{backend.name}: {note}" for note in _of_backend(view, backend, on_set))


def left_out(view: View) -> Iterator[str]:
    """The articles that were left out and the back ends that could not run, with what to do about it."""
    yield from skip_lines(view.goldset.skipped)
    for backend in view.run.manifest.backends:
        if backend.unavailable:
            yield f"{backend.name} is unavailable: {brief(backend.unavailable)}"
        for part, why in backend.missing.items():
            yield f"{backend.name} is combined without {part}, which is unavailable: {brief(why)}"


def signatures(view: View) -> Iterator[str]:
    """What the numbers of each back end are signed with; ``*`` stands for metric and regime."""
    for backend, on_set in view.backends:
        yield f"{backend.name}: {on_set.signature.of('*', '*')}"


def few_articles(articles: int) -> Iterator[str]:
    """The note under a table of scores on few articles; nothing when there are enough."""
    if articles < FEW_ARTICLES:
        yield f"Fewer than {FEW_ARTICLES} articles: only large differences can be told apart."


class Skip(Protocol):
    """An article that was left out, of a gold set or of a run.

    That is a :class:`~factharness.gold.sets.Skipped` or a :class:`~factharness.runs.record.SkippedArticle`.
    """

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def reason(self) -> str:
        """Why it was left out."""

    @property
    def remedy(self) -> str:
        """What to do about it."""


def skip_lines(skipped: Iterable[Skip]) -> Iterator[str]:
    """The articles that were left out, one line per reason and remedy."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in skipped:
        groups.setdefault((one.reason, one.remedy), []).append(one.id)
    for (reason, remedy), ids in groups.items():
        named = ids[0] if len(ids) == 1 else f"{len(ids)} articles, {ids[0]} the first"
        yield f"Skipped {named}: {reason}; {remedy}"


def _power(view: View) -> Iterator[str]:
    """What differences the set can show, by the back end that varies least from article to article."""
    known = [on_set.detectable for _, on_set in view.backends]
    least = {kind: [one[kind] for one in known if kind in one] for kind in KINDS}
    told = [f"±{min(values):.2f} for {kind}" for kind, values in least.items() if values]
    if told:
        yield (
            f"This set can tell apart differences of F1 of about {', '.join(told)}; two systems that agree "
            "more need less."
        )


def _unknown_labels(view: View) -> Iterator[str]:
    """Gold under labels that its scheme does not have, which no back end can be right about by its map."""
    known = view.goldset.labels.entities
    gold: dict[str, float] = {}
    for (goldset, _, kind, label, _), row in view.scores.items():
        if goldset == view.goldset.name and kind == "entity" and label not in (ALL, *known):
            gold[label] = max(gold.get(label, 0), row.counts.gold)
    found = ", ".join(f"{label} ({count(times)})" for label, times in sorted(gold.items()) if times)
    if found:
        yield (
            f"Gold has labels that are not in its scheme {view.goldset.labels.name}: {found}; "
            "`factharness gold check` lists them."
        )


def _seen(view: View) -> Iterator[str]:
    """Which back ends have seen how many of the articles, those with equal numbers together."""
    groups: dict[int, list[str]] = {}
    for backend, on_set in view.backends:
        by_number: dict[int, list[Kind]] = {}
        for kind in backend.kinds:
            by_number.setdefault(view.seen(on_set, kind), []).append(kind)
        for seen, kinds in by_number.items():
            some = "" if len(by_number) == 1 else f" ({', '.join(_PLURAL[k] for k in kinds)})"
            groups.setdefault(seen, []).append(backend.name + some)
    for seen, who in sorted(groups.items()):
        if seen:
            yield (
                f"{SEEN_SIGN} developed, trained or pre-labelled with {seen} of the "
                f"{len(view.goldset.articles)} articles, so that its scores flatter it: {', '.join(who)}."
            )


def _borrowed(view: View) -> Iterator[str]:
    """Which kinds come from which other back end."""
    told = []
    for backend, _ in view.backends:
        lent: dict[str, list[str]] = {}
        for kind, lender in backend.borrows.items():
            lent.setdefault(lender, []).append(_PLURAL[kind])
        parts = [f"{' and '.join(kinds)} from {lender}" for lender, kinds in lent.items()]
        if parts:
            told.append(f"{backend.name} ({', '.join(parts)})")
    if told:
        yield f"{BORROWED_SIGN} borrowed from another back end, and never marked as best: {', '.join(told)}."


def _against_parts(view: View) -> Iterator[str]:
    """On which columns each combination is better than every part, on which worse than one, and the others."""
    told: dict[str, dict[str, list[str]]] = {}
    for test in view.run.scores.parts:
        if test.goldset != view.goldset.name:
            continue
        names = (test.backend, *test.p)
        rows = {name: view.score(name, test.kind, test.label, test.regime) for name in names}
        f1 = {name: row.f1 or 0.0 for name, row in rows.items() if row is not None}
        best = max(test.p, key=lambda name: f1.get(name, 0.0))
        ahead = all(f1.get(test.backend, 0.0) > f1.get(name, 0.0) for name in test.p)
        behind = f1.get(test.backend, 0.0) < f1.get(best, 0.0) and test.p[best] < CHANCE
        verdict = "no clear difference from" if not behind else "worse than"
        if ahead and max(test.p.values()) < CHANCE:
            verdict, best = "better than", "each"
        p = max(test.p.values()) if best == "each" else test.p[best]
        what = _PLURAL[test.kind] if test.label == ALL else f"{test.label} {_PLURAL[test.kind]}"
        if test.regime != view.run.manifest.main_regime(test.kind):
            what += f" ({test.regime})"
        shown = f"p {p:.3f}" if p >= 0.001 else "p < 0.001"
        told.setdefault(test.backend, {}).setdefault(f"{verdict} {best}", []).append(
            f"{what} {f1.get(test.backend, 0.0):.3f} ({shown})"
        )
    for backend, verdicts in told.items():
        parts = "; ".join(f"{verdict} on {', '.join(on)}" for verdict, on in verdicts.items())
        yield f"{backend} against its parts (paired test, Holm): {parts}."


def _of_backend(view: View, backend: BackendRecord, on_set: BackendOnSet) -> Iterator[str]:
    if on_set.unmapped:
        unmapped = ", ".join(f"{label} ({n})" for label, n in sorted(on_set.unmapped.items()))
        yield f"labels without a place in the gold's, counted as wrong: {unmapped}."
        own = view.goldset.own
        if own is not None and isinstance(backend.map, str):
            theirs = [label for label in sorted(on_set.unmapped) if label in MAPS[backend.map]]
            if theirs:
                yield (
                    f"give such a label its place in set.toml: {backend.map} = {theirs[0]!r} beside a label "
                    f"of {own.name}, or leaves-out = {{ {backend.map} = {theirs} }}."
                )
            if len(theirs) < len(on_set.unmapped):
                first = next(label for label in sorted(on_set.unmapped) if label not in theirs)
                yield f"map the labels of its own in the suite: map = {{ {first} = {own.entities[0]!r}, … }}."
    for part, failed in on_set.without.items():
        articles = f"{len(failed)} article{'s' * (len(failed) != 1)}"
        yield f"{part} failed on {articles}, where its other parts decided."
    if on_set.duplicates:
        yield f"{on_set.duplicates} duplicate predictions, counted as wrong."
    if on_set.unresolved:
        yield f"{on_set.unresolved} date{'s' * (on_set.unresolved != 1)} without a value."
    if on_set.unread:
        unread = Counter(a.lang for a in view.goldset.articles if a.id in on_set.unread)
        counted = ", ".join(f"{lang} ({n})" for lang, n in sorted(unread.items()))
        yield (
            f"reads {', '.join(backend.languages)} and no other language; was not given the articles in "
            f"{counted}."
        )
