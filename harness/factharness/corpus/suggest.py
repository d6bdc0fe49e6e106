"""Which articles of a corpus to label next, and why: where back ends differ most, and where a gold set is poor.

Every reason has a weight between 0 and 1. An article is worth the sum of its reasons; the articles are taken
one after the other, and each one that is taken makes its own reasons worth less for those that follow, so that
ten suggestions are not ten articles of one kind.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct, field

from factharness.corpus.profiles import Profile
from factharness.facts import KINDS, Kind
from factharness.gold.stats import FEW, Stats

PLURALS: Mapping[Kind, str] = {"entity": "entities", "date": "dates", "quote": "quotes"}
BANDS = ((0, "under 150 words"), (150, "150 to 399 words"), (400, "400 to 799 words"))
LAST_BAND = (800, "800 words or more")
TOLD = 4
"""How many reasons are told of an article."""
AGAIN = 0.5
"""What a disagreement of a kind is still worth after an article was taken for it."""
ENOUGH = 3
"""With so many facts of a rare label, an article is worth no more for it."""
OF_A_TAG, OF_A_BAND = 0.5, 0.5
"""The weights of a phenomenon and of a length; those of a disagreement and of a label are 1."""

Sort: TypeAlias = Literal["disagreement", "label", "phenomenon", "length"]


class Reason(Struct, frozen=True):
    """Why an article is worth labelling: the sort of reason, what it is about, its weight, and in words."""

    sort: Sort
    about: str
    weight: float
    says: str


class SuggestedArticle(Struct, frozen=True):
    """An article to label, with its reasons, the weightiest first."""

    id: str
    words: int
    worth: float
    reasons: tuple[Reason, ...]


class Holdings(Struct):
    """What a gold set has: articles by length, facts by label, articles by phenomenon, digests of its texts."""

    lengths: Counter[str] = field(default_factory=Counter)
    labels: dict[str, float] = field(default_factory=dict)
    tags: Counter[str] = field(default_factory=Counter)
    digests: frozenset[str] = frozenset()

    @staticmethod
    def of(stats: Stats, digests: Iterable[str]) -> Holdings:
        """What the counts of a set say."""
        return Holdings(
            Counter(band(words) for words in stats.words),
            {row.label: float(row.facts) for row in stats.rows},
            Counter({tag: len(articles) for tag, articles in stats.phenomena.items()}),
            frozenset(digests),
        )

    def copy(self) -> Holdings:
        """The same, to be added to."""
        return Holdings(Counter(self.lengths), dict(self.labels), Counter(self.tags), self.digests)

    def add(self, profile: Profile) -> None:
        """Count an article as if it had been labelled."""
        self.lengths[band(profile.words)] += 1
        self.tags.update(profile.tags)
        for label, count in profile.labels.items():
            if label in self.labels:
                self.labels[label] += count


def band(words: int) -> str:
    """The name of the length of an article."""
    return next(name for least, name in reversed((*BANDS, LAST_BAND)) if words >= least)


def suggest(
    profiles: Sequence[Profile], number: int, holdings: Holdings | None = None
) -> list[SuggestedArticle]:
    """At most ``number`` articles, the first to label first.

    Without ``holdings``, only disagreements count. Articles whose text the set has, and second copies of a
    text, are left out. The order of ``profiles`` does not matter: equal articles are taken by id.
    """
    given = holdings or Holdings()
    held = given.copy()
    digests = set(given.digests)
    waiting: list[Profile] = []
    for profile in sorted(profiles, key=lambda one: one.id):
        if profile.digest not in digests:
            digests.add(profile.digest)
            waiting.append(profile)
    ranks = {kind: sorted(one.rate(kind) for one in profiles) for kind in KINDS}
    factors: dict[Kind, float] = dict.fromkeys(KINDS, 1.0)
    chosen: list[SuggestedArticle] = []
    while waiting and len(chosen) < number:
        weighed = [
            sorted(_reasons(one, ranks, factors, given, held), key=lambda reason: -reason.weight)
            for one in waiting
        ]
        worths = [sum(reason.weight for reason in reasons) for reasons in weighed]
        best = max(range(len(waiting)), key=lambda place: (worths[place], -place))
        profile, reasons = waiting.pop(best), weighed[best]
        chosen.append(
            SuggestedArticle(profile.id, profile.words, worths[best], tuple(reasons[:TOLD]))
        )
        main = next((reason for reason in reasons if reason.sort == "disagreement"), None)
        if main is not None:
            factors[main.about] *= AGAIN  # type: ignore[index]
        if holdings is not None:
            held.add(profile)
    return chosen


def _counted(number: float, kind: Kind) -> str:
    """``1 entity``, ``2.5 entities``."""
    return f"{number:.3g} {kind if number == 1 else PLURALS[kind]}"


def _reasons(
    profile: Profile,
    ranks: Mapping[Kind, Sequence[float]],
    factors: Mapping[Kind, float],
    given: Holdings,
    held: Holdings,
) -> Iterator[Reason]:
    """Why to label an article: ``given`` is what the set has, ``held`` that and the articles taken so far."""
    for kind in KINDS:
        below = bisect_left(ranks[kind], profile.rate(kind)) / len(ranks[kind])
        if below > 0:
            yield Reason(
                "disagreement",
                kind,
                below * factors[kind],
                f"the back ends are apart on {_counted(profile.apart[kind], kind)},"
                f" {profile.rate(kind):.2g} per 100 words, more than in {below:.0%} of the corpus",
            )
    for label, facts in held.labels.items():
        seen = profile.labels.get(label, 0.0)
        if facts < FEW and seen:
            yield Reason(
                "label",
                label,
                (1 - facts / FEW) * min(1.0, seen / ENOUGH),
                f"about {seen:.2g} {label}, of which the set has {given.labels[label]:g}",
            )
    if not given.lengths:
        return
    for tag in sorted(profile.tags):
        if held.tags[tag] < 2:
            weight = OF_A_TAG / (1 + held.tags[tag])
            where = "one article" if given.tags[tag] else "no article"
            yield Reason("phenomenon", tag, weight, f"{tag}: in {where} of the set")
    length, fair = band(profile.words), 1 / (len(BANDS) + 1)
    share = held.lengths[length] / held.lengths.total()
    if share < fair:
        has = given.lengths[length] / given.lengths.total()
        weight = OF_A_BAND * (1 - share / fair)
        yield Reason("length", length, weight, f"{length}: {has:.0%} of the set")
