"""The headline and the lead of the overview: who leads, by how much, whether by chance, what cannot be told.

The sentences are made from the numbers alone, so that they are right for every run: with one back end, with
none, with gold of one kind only, when all fail. Names are put in by ``Markup.format``, which escapes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from markupsafe import Markup
from msgspec import Struct, field

from factharness.facts import Kind
from factharness.report.html.differences import BackendPair, ComparedMeasure
from factharness.report.html.numerals import number_word, p_value, plural, score
from factharness.score.counts import FEW_ARTICLES

KIND_WORDS: dict[Kind, str] = {"entity": "entities", "date": "dates", "quote": "quotes"}

Result: TypeAlias = Literal["no gold", "unclaimed", "alone", "equal", "close", "led"]


class KindResult(Struct, frozen=True):
    """What is known of one kind on one gold set: F1 by back end, and the tested differences.

    ``borrowed`` says from which other back end some take this kind.
    """

    kind: Kind
    gold: float
    regime: str
    f1: Mapping[str, float]
    measure: ComparedMeasure | None = None
    borrowed: Mapping[str, str] = field(default_factory=dict)
    detectable: float | None = None

    @property
    def word(self) -> str:
        """``entities``, ``dates`` or ``quotes``."""
        return KIND_WORDS[self.kind]

    @property
    def result(self) -> Result:
        """Whether a back end leads, or why none does."""
        if not self.gold:
            return "no gold"
        if len(self.f1) < 2 or self.measure is None:
            return "alone" if self.f1 else "unclaimed"
        if self.lead is None:
            return "equal"
        return "led" if self.lead.significant else "close"

    @property
    def lead(self) -> BackendPair | None:
        """The best against the next best."""
        return self.measure.lead if self.measure else None

    @property
    def best(self) -> list[str]:
        """The best back ends: the leader, and those that are alike or behind it by no more than chance.

        One that only borrows from another of them is left out.
        """
        if self.measure is None:
            return list(self.f1)
        head = self.measure.alike[0]
        names = list(head)
        for pair in self.measure.pairs:
            if pair.first == head and not pair.significant:
                names += pair.second
        own = [name for name in names if self.borrowed.get(name) not in names]
        return own or names


class Unseen(Struct, frozen=True):
    """F1 of a back end on the articles it has not seen, and that of the next best on the same ones."""

    kind: Kind
    f1: float
    other: str
    other_f1: float


class SeenGold(Struct, frozen=True):
    """A back end that is among the best, and was developed or trained with some of the articles.

    ``seen`` is how many articles it has seen for each of ``kinds``; these are empty where they are all its
    kinds.
    """

    backend: str
    seen: int
    unseen: Sequence[Unseen] = ()
    kinds: Sequence[Kind] = ()


class SetResult(Struct, frozen=True):
    """What is known of a gold set: its kinds, on how many articles each back end failed, what was seen."""

    name: str
    articles: int
    kinds: Sequence[KindResult]
    errors: Mapping[str, int] = field(default_factory=dict)
    seen: Sequence[SeenGold] = ()


def headline(sets: Sequence[SetResult], unavailable: Sequence[str]) -> Markup:
    """One sentence: who leads on what. ``unavailable`` are the back ends that could not be built."""
    scored = [one for one in sets if any(kind.f1 for kind in one.kinds)]
    if not scored:
        failed = {name for one in sets for name in one.errors}
        if failed:
            return Markup("Nothing was scored: {} failed on every article").format(named(failed))
        if unavailable:
            return Markup("Nothing was scored: no back end could run")
        return Markup("Nothing was scored")
    said = [_headline(one) for one in scored]
    if len(sets) == 1:
        return _sentence(said[0])
    if len(scored) > 1 and len(set(said)) == 1:
        sets_named = "both" if len(scored) == 2 else f"all {number_word(len(scored))}"
        return Markup("On {} gold sets {}").format(sets_named, said[0])
    largest = max(range(len(scored)), key=lambda place: scored[place].articles)
    return Markup("{}: {}").format(scored[largest].name, said[largest])


def lead(sets: Sequence[SetResult], unavailable: Mapping[str, str]) -> list[Markup]:
    """The paragraphs under the headline: one per gold set, and one on back ends that could not run."""
    paragraphs = []
    for one in sets:
        sentences = [_sentence(sentence) for sentence in _lead(one)]
        if len(sets) > 1:
            sentences.insert(0, Markup("{}:").format(one.name))
        paragraphs.append(Markup(" ").join(sentences))
    for name, reason in unavailable.items():
        paragraphs.append(Markup("{} could not run: {}.").format(named([name]), reason.rstrip(".")))
    return [paragraph for paragraph in paragraphs if paragraph]


def _headline(one: SetResult) -> Markup:
    names = {name for kind in one.kinds for name in kind.f1}
    if len(names) == 1:
        told = [kind for kind in one.kinds if kind.f1 and kind.gold]
        found = [
            Markup("{} with an F1 of {}" if kind is told[0] else "{} with {}").format(
                kind.word, score(kind.f1[next(iter(names))])
            )
            for kind in told
        ]
        if not found:
            return Markup("the gold has nothing that {} finds").format(named(names))
        return Markup("{} finds {}").format(named(names), _listed(found))
    groups: dict[tuple[Result, tuple[str, ...]], list[str]] = {}
    for kind in one.kinds:
        groups.setdefault((kind.result, tuple(sorted(kind.best))), []).append(kind.word)
    clauses = [
        _clause(result, best, words, len(names))
        for (result, best), words in sorted(groups.items(), key=lambda item: item[0][0] != "led")
        if result not in ("no gold", "unclaimed")
    ]
    return Markup("; ").join(clauses) if clauses else Markup("the gold has nothing to find")


def _clause(result: Result, best: Sequence[str], words: Sequence[str], everyone: int) -> Markup:
    on = _listed(words)
    if result == "led":
        return Markup("{} {} on {}").format(named(best), "leads" if len(best) == 1 else "lead", on)
    if result == "alone":
        return Markup("only {} finds {}").format(named(best), on)
    if result == "equal":
        many = "both" if everyone == 2 else f"all {number_word(everyone)}"
        return Markup("on {} {} are equal").format(on, many)
    return Markup("on {} {} are too close to call").format(on, named(best))


def _lead(one: SetResult) -> Iterator[Markup]:
    if not any(kind.f1 for kind in one.kinds):
        yield from _failures(one)
        return
    yield from _gains([kind for kind in one.kinds if kind.result == "led"])
    for kind in one.kinds:
        yield from _other(kind)
    if len({name for kind in one.kinds for name in kind.f1}) == 1:
        yield Markup("With one back end there is nothing to compare.")
    yield from _failures(one)
    yield from _flattered(one.seen, one.articles)
    if one.articles < FEW_ARTICLES:
        yield Markup("On {} only large differences can be told apart.").format(
            plural(one.articles, "article")
        )


def _gains(led: Sequence[KindResult]) -> Iterator[Markup]:
    """By how much each leader leads, a sentence per leader."""
    by_leader: dict[tuple[str, ...], list[tuple[KindResult, BackendPair]]] = {}
    for kind in led:
        if kind.lead is not None:
            by_leader.setdefault(tuple(kind.best), []).append((kind, kind.lead))
    for best, gains in by_leader.items():
        against: dict[tuple[str, ...], list[Markup]] = {}
        for kind, pair in gains:
            of = f"of {kind.regime} F1 " if kind is gains[0][0] else ""
            other = tuple(without_borrowers(pair.second, kind.borrowed))
            against.setdefault(other, []).append(
                Markup("{} {}on {}").format(score(pair.difference.difference), of, kind.word)
            )
        parts = [
            Markup("{} against {}").format(_listed(said), named(other))
            for other, said in against.items()
        ]
        worst = max(pair.adjusted for _, pair in gains)
        chance = ("this is not", "neither is", "none of it is")[min(len(gains), 3) - 1]
        yield Markup("{} {} {}, the next best; {} chance ({} after Holm).").format(
            named(best), "gains" if len(best) == 1 else "gain", _listed(parts), chance, _p(worst)
        )


def _other(kind: KindResult) -> Iterator[Markup]:
    """What is to be said of a kind on which nobody leads."""
    result, word = kind.result, kind.word
    if result == "no gold":
        yield Markup("The gold has no {}, so nothing is known about them.").format(word)
    elif result == "unclaimed":
        yield Markup("No back end finds {}.").format(word)
    elif result == "equal":
        lenders = set(kind.borrowed.values())
        borrowers = [name for name in kind.f1 if name in kind.borrowed]
        if len(lenders) == 1 and len(borrowers) == len(kind.f1) - 1:
            who = f"the other {number_word(len(borrowers))} take" if len(borrowers) > 1 else ""
            yield Markup("{} decide nothing here: {} them from {}.").format(
                word, who or Markup("{} takes").format(named(borrowers)), named(lenders)
            )
        elif len(lenders) == 1 and len(borrowers) == len(kind.f1):
            yield Markup("{} decide nothing here: all take them from {}.").format(
                word, named(lenders)
            )
        else:
            yield Markup("On {} they get the same in every article.").format(word)
    elif result == "close" and kind.lead is not None:
        yield _ahead(kind, kind.lead)


def _ahead(kind: KindResult, pair: BackendPair) -> Markup:
    """By how much the best is ahead where that may be chance."""
    first, second = (without_borrowers(side, kind.borrowed) for side in (pair.first, pair.second))
    gain = score(pair.difference.difference)
    if gain == score(0):
        return Markup("On {} {} have the same F1.").format(kind.word, named([*first, *second]))
    said = Markup("On {} {} {} ahead of {} by {}, which may be chance ({} after Holm)").format(
        kind.word,
        named(first),
        "is" if len(first) == 1 else "are",
        named(second),
        gain,
        _p(pair.adjusted),
    )
    if kind.detectable is None:
        return said + "."
    return said + f"; these articles can show differences of about {kind.detectable:.2f}."


def _flattered(seen: Sequence[SeenGold], articles: int) -> Iterator[Markup]:
    """A warning that numbers are on seen gold, with the numbers on the unseen articles, where there are any."""
    whole: dict[tuple[Kind, ...], list[str]] = {}
    for one in seen:
        if one.seen >= articles:
            whole.setdefault(tuple(one.kinds), []).append(one.backend)
        else:
            yield _partly_flattered(one, articles)
    for kinds, names in whole.items():
        said = "{} was made with all of these articles {}, which flatters it."
        if len(names) > 1:
            said = "{} were made with all of these articles {}, which flatters them."
        yield Markup(said).format(named(names), _in_sight(kinds))


def _in_sight(kinds: Sequence[Kind]) -> Markup:
    of = Markup(" for {}").format(_listed([Markup(KIND_WORDS[kind]) for kind in kinds]))
    return Markup("in sight") + (of if kinds else "")


def _partly_flattered(seen: SeenGold, articles: int) -> Markup:
    rest = number_word(articles - seen.seen)
    told = [
        Markup("{} on {} ({} {})").format(
            score(one.f1), KIND_WORDS[one.kind], named([one.other]), score(one.other_f1)
        )
        for one in seen.unseen
    ]
    end = Markup("; on the other {} it has {}").format(rest, _listed(told)) if told else ""
    return Markup("But {} was made with {} of these {} articles {}{}.").format(
        named([seen.backend]), seen.seen, articles, _in_sight(seen.kinds), end
    )


def _failures(one: SetResult) -> Iterator[Markup]:
    for name, failed in one.errors.items():
        if failed >= one.articles:
            yield Markup("{} failed on all {}.").format(
                named([name]), plural(one.articles, "article")
            )
        else:
            yield Markup("{} failed on {} of {}; its numbers are over the others.").format(
                named([name]), failed, plural(one.articles, "article")
            )


def alike(names: Sequence[str], borrowed: Mapping[str, str], articles: int) -> Markup:
    """A sentence on back ends that get the same counts in every article."""
    own = without_borrowers(names, borrowed)
    others = [name for name in names if name not in own]
    where = (
        f"in each of the {plural(articles, 'article')}" if articles > 1 else "in the one article"
    )
    if others and len(own) == 1:
        return Markup("{}: the same as {} {}").format(named(others), named(own), where)
    return Markup("{}: alike {}").format(named(names), where)


def without_borrowers(names: Sequence[str], borrowed: Mapping[str, str]) -> list[str]:
    """The names, without those that borrow from another of them."""
    return [name for name in names if borrowed.get(name) not in names] or list(names)


def named(names: Iterable[str]) -> Markup:
    """Names of back ends in italics; of more than four the first three."""
    shown = [Markup("<em>{}</em>").format(name) for name in sorted(names)]
    if len(shown) > 4:
        shown = [*shown[:3], Markup(f"{number_word(len(shown) - 3)} others")]
    return _listed(shown)


def _listed(items: Sequence[str]) -> Markup:
    """``a``, ``a and b``, ``a, b and c``."""
    parts = [Markup("{}").format(item) for item in items]
    if len(parts) < 2:
        return Markup("").join(parts)
    return Markup("{} and {}").format(Markup(", ").join(parts[:-1]), parts[-1])


def _p(value: float) -> Markup:
    shown = p_value(value)
    return Markup("p\N{NO-BREAK SPACE}{}").format(
        shown.replace(" ", "\N{NO-BREAK SPACE}") if shown.startswith("<") else f"= {shown}"
    )


def _sentence(said: Markup) -> Markup:
    """The sentence with a capital at its beginning, unless it begins with a name."""
    return said if said.startswith("<") else Markup(said[:1].upper()) + said[1:]
