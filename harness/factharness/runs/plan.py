"""From a suite and what the command line narrows it to, to what will be run on what."""

from __future__ import annotations

import inspect
import random
from collections import Counter
from collections.abc import Collection, Sequence

import msgspec
from msgspec import Struct

from factharness.backends.registry import factory, targets
from factharness.errors import BackendError, SuiteError, unknown
from factharness.facts import Article
from factharness.gold.checks import unconfirmed
from factharness.gold.sets import GoldSet, Skipped, digest, load_set
from factharness.resources import find
from factharness.runs.suite import BackendSpec, Suite


class Selection(Struct, frozen=True):
    """What the command line narrows a suite to; an empty field narrows nothing.

    ``limit`` takes the first articles of each set, ``sample`` a seeded random choice, ``articles`` those ids.
    ``shard`` (K, N) then takes every N-th of what is left, from the K-th on; the signature stays that of the
    whole, since the parts are put together again. ``unconfirmed`` takes the articles with facts that a back end
    proposed and nobody has confirmed, too.
    """

    backends: tuple[str, ...] = ()
    limit: int | None = None
    sample: int | None = None
    seed: int = 0
    articles: tuple[str, ...] = ()
    shard: tuple[int, int] | None = None
    unconfirmed: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        """The options that were given, as they are typed; without ``--shard``, which has a field of its own."""
        given = [f"-b {name}" for name in self.backends]
        if self.limit is not None:
            given.append(f"--limit {self.limit}")
        if self.sample is not None:
            given.append(f"--sample {self.sample}")
        return (*given, *(f"--article {name}" for name in self.articles))


class Plan(Struct, frozen=True):
    """What to run on what.

    ``needed`` are the plug-ins that must run: those that are shown, and those that only lend parts.
    ``digests`` are those of the whole gold sets, by name, also where this is a shard. ``narrowed`` are the
    options that narrowed the suite, see :attr:`Selection.options`.
    """

    suite: Suite
    goldsets: tuple[GoldSet, ...]
    digests: dict[str, str]
    shown: tuple[BackendSpec, ...]
    needed: tuple[BackendSpec, ...]
    shard: tuple[int, int] | None = None
    narrowed: tuple[str, ...] = ()

    @property
    def articles(self) -> dict[str, list[Article]]:
        """Gold set name to its articles, without their gold."""
        return {one.name: [gold.article for gold in one.articles] for one in self.goldsets}


def plan(suite: Suite, selection: Selection) -> Plan:
    """Load the gold and choose the back ends. Raises ``SuiteError`` or ``GoldError``."""
    sets = [load_set(find("goldsets", name, beside=suite.folder)) for name in suite.suite.goldsets]
    for name, times in Counter(goldset.name for goldset in sets).items():
        if times > 1:
            raise suite.mistake(
                "goldsets",
                f"{times} gold sets are called {name!r}",
                "name each set once, and give each a name of its own in its set.toml",
            )
    if not selection.unconfirmed:
        sets = [_confirmed(goldset) for goldset in sets]
    shown = _chosen(suite, selection.backends)
    _check_uses(suite)
    wanted = {spec.name for spec in shown} | {
        part for spec in shown for part in spec.parts.values()
    }
    narrowed = _narrowed(sets, selection)
    return Plan(
        suite=suite,
        goldsets=tuple(_sharded(goldset, selection.shard) for goldset in narrowed),
        digests={goldset.name: goldset.digest for goldset in narrowed},
        shown=shown,
        needed=tuple(spec for spec in suite.backends if spec.use and spec.name in wanted),
        shard=selection.shard,
        narrowed=selection.options,
    )


def _confirmed(goldset: GoldSet) -> GoldSet:
    """The set without the articles with unconfirmed facts, which are skipped."""
    skipped = [
        Skipped(
            gold.article.id,
            gold.path,
            "a back end proposed facts in it that nobody has confirmed",
            "`factharness gold check` lists them; --unconfirmed scores them as they are",
        )
        for gold in goldset.articles
        if unconfirmed(gold.facts)
    ]
    return msgspec.structs.replace(
        goldset,
        articles=tuple(gold for gold in goldset.articles if not unconfirmed(gold.facts)),
        skipped=(*goldset.skipped, *skipped),
    )


def _sharded(goldset: GoldSet, shard: tuple[int, int] | None) -> GoldSet:
    if shard is None:
        return goldset
    part, parts = shard
    return msgspec.structs.replace(goldset, articles=goldset.articles[part - 1 :: parts])


def _check_uses(suite: Suite) -> None:
    """Refuse a name that is registered nowhere, and an option that its back end does not have.

    What is registered but cannot be imported or built is not the suite's mistake: the others still run.
    """
    known = targets()
    for spec in suite.backends:
        if spec.use is None:
            continue
        if not spec.use.startswith("file:") and spec.use not in known:
            raise suite.mistake(spec.use, *unknown("back end", spec.use, known))
        try:
            signature = inspect.signature(factory(spec.use, folder=suite.folder))
        except (BackendError, TypeError, ValueError):
            continue
        open_ended = any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())
        for option in spec.options:
            if option not in signature.parameters and not open_ended:
                message, remedy = unknown(f"option of {spec.name}", option, signature.parameters)
                raise suite.mistake(option, message, remedy)


def _chosen(suite: Suite, names: Collection[str]) -> tuple[BackendSpec, ...]:
    known = {spec.name for spec in suite.backends}
    for name in names:
        if name not in known:
            message, remedy = unknown("back end", name, known)
            raise SuiteError(f"{message} in suite {suite.name!r}", remedy=remedy)
    return tuple(spec for spec in suite.backends if not names or spec.name in names)


def _narrowed(sets: Sequence[GoldSet], selection: Selection) -> list[GoldSet]:
    ids = {gold.article.id for goldset in sets for gold in goldset.articles}
    for name in selection.articles:
        if name not in ids:
            for skipped in (one for goldset in sets for one in goldset.skipped if one.id == name):
                raise SuiteError(f"{name}: {skipped.reason}", remedy=skipped.remedy)
            message, remedy = unknown("article", name, ids)
            raise SuiteError(message, remedy=remedy)
    narrowed = []
    for goldset in sets:
        chosen = list(goldset.articles)
        if selection.articles:
            chosen = [gold for gold in chosen if gold.article.id in selection.articles]
        if selection.sample is not None and selection.sample < len(chosen):
            picked = random.Random(selection.seed).sample(range(len(chosen)), selection.sample)
            chosen = [chosen[index] for index in sorted(picked)]
        if selection.limit is not None:
            chosen = chosen[: selection.limit]
        narrowed.append(
            msgspec.structs.replace(goldset, articles=tuple(chosen), digest=digest(chosen))
        )
    return narrowed
