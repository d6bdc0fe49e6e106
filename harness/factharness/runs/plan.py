"""Plans a run: which back ends read which articles, given a suite and the filters of the command line."""

from __future__ import annotations

import inspect
import random
from collections import Counter
from collections.abc import Sequence
from functools import partial

from msgspec import Struct, structs

from factharness.backends.registry import factory, targets
from factharness.errors import BackendError, SuiteError, unknown
from factharness.gold.articles import ArticleTexts, digest, entry_of, in_memory
from factharness.gold.sets import GoldSet, Skipped, load_set
from factharness.labels import DATE_LABELS, DROPPED
from factharness.resources import find
from factharness.runs.composites import needed
from factharness.runs.one_line import with_backends
from factharness.runs.suite import BackendSpec, Suite
from factharness.variants import Emptied, vary


class Selection(Struct, frozen=True):
    """The filters of the command line; an empty field filters nothing.

    ``goldsets`` are read in place of the suite's. ``backends`` are names of the suite's back ends, or others
    as :mod:`factharness.runs.one_line` reads them. ``limit`` takes the first articles of each set, ``sample``
    random ones (from ``seed``), ``articles`` those with these ids. Of these, ``shard`` (K, N) takes every N-th,
    beginning with the K-th; signatures do not depend on the shard, since all shards are combined later. With
    ``unconfirmed``, articles are taken even if they have facts that a back end proposed and nobody has
    confirmed.
    """

    goldsets: tuple[str, ...] = ()
    backends: tuple[str, ...] = ()
    limit: int | None = None
    sample: int | None = None
    seed: int = 0
    articles: tuple[str, ...] = ()
    shard: tuple[int, int] | None = None
    unconfirmed: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        """The options that were given, as they are typed, without ``--shard``; ``Plan.shard`` has that."""
        given = [f"--gold {name}" for name in self.goldsets]
        given += [f"-b {name}" for name in self.backends]
        if self.limit is not None:
            given.append(f"--limit {self.limit}")
        if self.sample is not None:
            given.append(f"--sample {self.sample}")
        return (*given, *(f"--article {name}" for name in self.articles))


class Plan(Struct, frozen=True):
    """Which back ends read which articles.

    ``shown`` are the back ends of the tables. ``needed`` are the plug-ins that must run: those that are shown,
    and those of which a shown one is made, however deep. ``digests`` maps the name of a gold set to its digest,
    that of the whole set when this is a shard. ``narrowed`` are the filters, see :attr:`Selection.options`.
    ``variants`` has, by the name of a variant, each gold set with its articles in that variant.
    """

    suite: Suite
    goldsets: tuple[GoldSet, ...]
    digests: dict[str, str]
    shown: tuple[BackendSpec, ...]
    needed: tuple[BackendSpec, ...]
    shard: tuple[int, int] | None = None
    narrowed: tuple[str, ...] = ()
    variants: dict[str, tuple[GoldSet, ...]] = {}

    @property
    def articles(self) -> dict[str, ArticleTexts]:
        """The articles, without their gold, by the name of their gold set, or :func:`variant_of` it."""
        named = [(one.name, one) for one in self.goldsets]
        for variant, goldsets in self.variants.items():
            named += [(variant_of(one.name, variant), one) for one in goldsets]
        return {name: in_memory(one.articles).texts for name, one in named}


def variant_of(goldset: str, variant: str) -> str:
    """The name of a gold set in a variant; no gold set has such a name itself."""
    return f"{goldset}/{variant}"


def plan(suite: Suite, selection: Selection) -> Plan:
    """Load the gold and choose the back ends. Raises ``SuiteError`` or ``GoldError``."""
    suite, names = with_backends(suite, selection.backends)
    suite = suite.on(selection.goldsets)
    sets = [load_set(find("goldsets", name, beside=suite.folder)) for name in suite.suite.goldsets]
    for name, times in Counter(goldset.name for goldset in sets).items():
        if times > 1:
            raise suite.mistake(
                "goldsets",
                f"{times} gold sets are called {name!r}",
                "name each set once, and give each a name of its own in its set.toml",
            )
    if not selection.unconfirmed:
        sets = [confirmed(goldset) for goldset in sets]
    shown = tuple(spec for spec in suite.backends if not names or spec.name in names)
    _check_uses(suite)
    _check_maps(suite, sets)
    wanted = needed([spec.name for spec in shown], {spec.name: spec for spec in suite.backends})
    narrowed = _narrowed(sets, selection)
    goldsets = tuple(_sharded(goldset, selection.shard) for goldset in narrowed)
    return Plan(
        suite=suite,
        goldsets=goldsets,
        digests={goldset.name: goldset.digest for goldset in narrowed},
        shown=shown,
        needed=tuple(spec for spec in suite.backends if spec.plugin and spec.name in wanted),
        shard=selection.shard,
        narrowed=selection.options,
        variants={
            name: tuple(varied(goldset, name) for goldset in goldsets)
            for name in suite.suite.variants
        },
    )


def varied(goldset: GoldSet, variant: str) -> GoldSet:
    """A gold set in a variant. An article of which the variant leaves nothing is moved to ``skipped``."""
    articles = in_memory(goldset.articles)
    entries, skipped = [], []
    for gold in articles:
        try:
            entries.append(entry_of(vary(gold, variant)))
        except Emptied as error:
            skipped.append(
                Skipped(
                    gold.article.id,
                    gold.path,
                    f"not in the variant {variant}: {error}",
                    "it is scored as it is, and has no part in the difference",
                )
            )
    changed = articles.changed(entries, partial(vary, name=variant))
    return structs.replace(goldset, articles=changed, skipped=tuple(skipped))


def confirmed(goldset: GoldSet) -> GoldSet:
    """The set with its articles that have unconfirmed facts moved to ``skipped``."""
    articles = in_memory(goldset.articles)
    skipped = [
        Skipped(
            entry.id,
            entry.path,
            "a back end proposed facts in it that nobody has confirmed",
            "`factharness gold check` lists them; --unconfirmed scores them as they are",
        )
        for entry in articles.entries
        if entry.unconfirmed
    ]
    if not skipped:
        return goldset
    left = articles.chosen(n for n, entry in enumerate(articles.entries) if not entry.unconfirmed)
    return structs.replace(
        goldset, articles=left, digest=digest(left), skipped=(*goldset.skipped, *skipped)
    )


def _sharded(goldset: GoldSet, shard: tuple[int, int] | None) -> GoldSet:
    if shard is None:
        return goldset
    part, parts = shard
    return structs.replace(goldset, articles=goldset.articles[part - 1 :: parts])


def _check_maps(suite: Suite, sets: Sequence[GoldSet]) -> None:
    """Raise ``SuiteError`` for a map to a label that no gold set of the run has."""
    known = {*DATE_LABELS, *(label for one in sets for label in one.scheme.entities)}
    for spec in suite.backends:
        for label in spec.map.values() if isinstance(spec.map, dict) else ():
            if label != DROPPED and label.partition(".")[0] not in known:
                message, remedy = unknown(f"label in the map of {spec.name}", label, known)
                raise suite.mistake(label, message, remedy)


def _check_uses(suite: Suite) -> None:
    """Raise ``SuiteError`` for an unknown back end, and for an option that its back end does not have.

    A back end that is registered but cannot be imported or built is no error here: the others still run.
    """
    known = targets()
    for spec in suite.backends:
        if spec.use is None or not spec.plugin:
            continue
        if not spec.use.startswith("file:") and spec.use not in known:
            raise suite.mistake(spec.use, *unknown("back end", spec.use, known))
        if not spec.options:  # nothing to compare, so its module need not be imported
            continue
        try:
            signature = inspect.signature(factory(spec.use, folder=suite.folder))
        except (BackendError, TypeError, ValueError):
            continue
        open_ended = any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())
        for option in spec.options:
            if option not in signature.parameters and not open_ended:
                message, remedy = unknown(f"option of {spec.name}", option, signature.parameters)
                raise suite.mistake(option, message, remedy)


def _narrowed(sets: Sequence[GoldSet], selection: Selection) -> list[GoldSet]:
    ids = {entry.id for goldset in sets for entry in in_memory(goldset.articles).entries}
    for name in selection.articles:
        if name not in ids:
            for skipped in (one for goldset in sets for one in goldset.skipped if one.id == name):
                raise SuiteError(f"{name}: {skipped.reason}", remedy=skipped.remedy)
            message, remedy = unknown("article", name, ids)
            raise SuiteError(message, remedy=remedy)
    narrowed = []
    for goldset in sets:
        articles = chosen = in_memory(goldset.articles)
        if selection.articles:
            named = (n for n, entry in enumerate(chosen.entries) if entry.id in selection.articles)
            chosen = chosen.chosen(named)
        if selection.sample is not None and selection.sample < len(chosen):
            picked = random.Random(selection.seed).sample(range(len(chosen)), selection.sample)
            chosen = chosen.chosen(sorted(picked))
        if selection.limit is not None:
            chosen = chosen[: selection.limit]
        if len(chosen) < len(articles):
            goldset = structs.replace(goldset, articles=chosen, digest=digest(chosen))
        narrowed.append(goldset)
    return narrowed
