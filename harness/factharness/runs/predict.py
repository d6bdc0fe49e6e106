"""Gets the predictions of a plan: from the cache or an earlier run, else by running the back ends.

:mod:`factharness.runs.composed` makes the back ends that are made of others from these.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from factharness.backends import workers
from factharness.backends.cache import Cache, key
from factharness.backends.environment import peak_memory
from factharness.backends.execute import problem_of
from factharness.backends.recipe import Recipe
from factharness.errors import BackendError
from factharness.escape import brief
from factharness.extractor import (
    borrows,
    claims,
    deterministic,
    label_scheme,
    languages,
    load,
    seen,
)
from factharness.facts import Article, Kind, Prediction
from factharness.kept import NOTHING, Kept
from factharness.runs.composed import composed
from factharness.runs.extracted import Extracted, ordered
from factharness.runs.plan import Plan, variant_of
from factharness.runs.record import BackendRecord, PredictionRecord, Run, reads, text_digest
from factharness.runs.seen import (
    own_origins,
    seen_articles,
    with_lenders,
)
from factharness.runs.suite import BackendSpec


class Listener(Protocol):
    """Is told of the progress of a run."""

    def started(self, backend: str, articles: int) -> None:
        """A back end will now run on that many articles."""

    def predicted(self, prediction: Prediction) -> None:
        """One more article is done."""

    def finished(self) -> None:
        """The back end has finished."""

    def warned(self, message: str) -> None:
        """A warning for the user; the run goes on."""


class Means(Struct, frozen=True):
    """How to extract: in which processes, with which cache, and how many seconds an article may take.

    ``resume`` is an earlier run; its predictions are used for articles and back ends that have not changed.
    ``kept`` has what was worked out from predictions before.
    """

    place: workers.Placement
    cache: Cache
    timeout: float | None = None
    resume: Run | None = None
    kept: Kept = NOTHING


def extract(plan: Plan, means: Means, listener: Listener) -> list[Extracted]:
    """The predictions of every back end that is shown.

    Each plug-in runs once; those that are made of others take facts from these.
    """
    plugins: dict[str, Extracted] = {}
    again: dict[str, list[Extracted]] = {}
    for spec in plan.needed:
        plugins[spec.name] = _plugin(plan, spec, means, listener)
        again[spec.name] = list(_repeated(plan, spec, plugins[spec.name], means, listener))
    made = [*plugins.values(), *(one for more in again.values() for one in more)]
    lent = with_lenders([(one.backend, one.origins) for one in made])
    for plugin, origins in zip(made, lent, strict=True):
        plugin.origins = origins
    known = {spec.name: spec for spec in plan.suite.backends}
    everything = dict(plugins)

    def make(name: str) -> Extracted:
        if name not in everything:
            for part in known[name].taken_from:
                make(part)
            everything[name] = composed(plan, known[name], everything, listener.warned, means.kept)
        return everything[name]

    shown = [one for spec in plan.shown for one in (make(spec.name), *again.get(spec.name, ()))]
    for one in shown:
        one.seen = {goldset.name: seen_articles(goldset, one.origins) for goldset in plan.goldsets}
    return shown


def _repeated(
    plan: Plan, spec: BackendSpec, first: Extracted, means: Means, listener: Listener
) -> Iterator[Extracted]:
    """The second and further runs of a back end that its suite repeats; none of a deterministic one."""
    if spec.repeat == 1 or first.backend.unavailable:
        return
    if first.backend.deterministic:
        listener.warned(f"{spec.name} gives the same answer every time: it is run once")
        return
    for number in range(2, spec.repeat + 1):
        yield _plugin(plan, spec, means, listener, number)


def _plugin(
    plan: Plan, spec: BackendSpec, means: Means, listener: Listener, repetition: int = 1
) -> Extracted:
    name = spec.name if repetition == 1 else f"{spec.name}.{repetition}"
    of = spec.name if repetition > 1 else ""
    record = BackendRecord(name, spec.use or "", spec.options, repeats=of)
    try:
        return _run(plan, spec, means, listener, record)
    except BackendError as error:
        listener.warned(f"{name} is unavailable: {brief(str(error))}")
        return Extracted(replace(record, unavailable=str(error)), {})
    finally:
        listener.finished()


def _run(
    plan: Plan, spec: BackendSpec, means: Means, listener: Listener, record: BackendRecord
) -> Extracted:
    recipe = Recipe(spec.use or "", spec.options, str(plan.suite.folder), means.timeout)
    start, peak = time.perf_counter(), peak_memory()
    extractor = recipe.build()  # some load their model already here, to know its labels
    building = time.perf_counter() - start
    identity = recipe.identity(extractor)
    if record.repeats:
        # Each repetition has cache entries of its own.
        identity = {**identity, "repetition": record.name.rpartition(".")[2]}
    spoken = languages(extractor)
    articles = [
        (name, article)
        for name, some in plan.articles.items()
        for article in some
        if reads(spoken, article.lang)
    ]
    keys = [key(article, identity) for _, article in articles]
    kinds = claims(extractor)
    stored = means.cache.get(keys)
    if means.resume is not None:
        stored |= _resumed(means.resume, record.name, identity, plan)
    known = {
        name: stored[name]
        for (_, article), name in zip(articles, keys, strict=True)
        if name in stored and _is_of(stored[name][0], article, kinds)
    }
    missing = [
        article for (_, article), name in zip(articles, keys, strict=True) if name not in known
    ]
    loading = 0.0
    here = bool(missing) and means.place.here
    if here:
        start = time.perf_counter()
        load(extractor)
        loading = building + time.perf_counter() - start
    record = replace(
        record,
        use=recipe.use,
        kinds=ordered(kinds),
        map=spec.map or label_scheme(extractor),
        fingerprint=identity,
        load_seconds=round(loading, 3),
        languages=spoken,
        borrows=borrows(extractor),
        deterministic=deterministic(extractor),
    )
    made = Extracted(
        record, {name: [] for name in plan.articles}, own_origins(record, seen(extractor))
    )
    listener.started(record.name, len(missing))
    kept = []
    try:
        with closing(workers.run(recipe, extractor, missing, means.place)) as fresh:
            for (goldset, _), name in zip(articles, keys, strict=True):
                if name in known:
                    prediction, seconds = known[name]
                else:
                    prediction, seconds = next(fresh)
                    means.cache.put(name, prediction, seconds)
                    kept.append(name)
                    listener.predicted(prediction)
                made.predictions[goldset].append(
                    PredictionRecord(goldset, prediction, round(seconds, 6), cached=name in known)
                )
            next(fresh, None)  # reach the end of the generator, which stops the workers
    except BackendError:
        means.cache.forget(kept)  # these predictions may belong to other articles
        raise
    means.cache.flush()
    if here and peak is not None:
        grown = round((peak_memory() or peak) - peak, 1)
        made.backend = replace(made.backend, memory=grown)
    return made


def _is_of(prediction: Prediction, article: Article, kinds: Collection[Kind]) -> bool:
    """Whether a back end that claims these kinds can have made this stored prediction for the article."""
    return (
        prediction.article_id == article.id
        and prediction.facts is not None
        and problem_of(prediction.facts, article, kinds) is None
    )


def _resumed(
    run: Run, backend: str, identity: Mapping[str, str], plan: Plan
) -> dict[bytes, workers.Timed]:
    """The predictions of an earlier run that can be used, by their cache key; errors are tried again."""
    then = {one.name: one.fingerprint for one in run.manifest.backends if not one.unavailable}
    if then.get(backend) != identity:
        return {}
    now = {(name, article.id): article for name, some in plan.articles.items() for article in some}
    found = {}
    for part in (run, *run.variants()):
        variant = part.manifest.variant
        texts = {
            (goldset.name, article.id): article.text
            for goldset in part.manifest.goldsets
            for article in goldset.articles
        }
        for line in part.predictions(backend):
            name = variant_of(line.goldset, variant) if variant else line.goldset
            article = now.get((name, line.prediction.article_id))
            if (
                article is not None
                and line.prediction.error is None
                and text_digest(article) == texts.get((line.goldset, article.id))
            ):
                found[key(article, identity)] = line.prediction, line.seconds
    return found
