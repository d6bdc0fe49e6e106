"""Gets the predictions of a plan: from the cache or an earlier run, else by running the back ends.

:mod:`factharness.runs.composed` makes the back ends that are made of others from these.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Protocol, TypeAlias, overload

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
from factharness.gold.articles import ArticleEntry, ArticleTexts
from factharness.kept import NOTHING, Kept
from factharness.runs.composed import composed
from factharness.runs.extracted import Extracted, ordered
from factharness.runs.plan import Plan, variant_of
from factharness.runs.predictions import Predictions, Spill
from factharness.runs.record import BackendRecord, PredictionRecord, Run, reads, text_digest
from factharness.runs.seen import (
    own_origins,
    seen_articles,
    with_lenders,
)
from factharness.runs.suite import BackendSpec

BLOCK = 500
"""How many articles are looked for in the cache at a time."""


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


def extract(plan: Plan, means: Means, listener: Listener, spill: Spill) -> list[Extracted]:
    """The predictions of every back end that is shown, kept in ``spill``.

    Each plug-in runs once; those that are made of others take facts from these.
    """
    plugins: dict[str, Extracted] = {}
    again: dict[str, list[Extracted]] = {}
    for spec in plan.needed:
        plugins[spec.name] = _plugin(plan, spec, means, listener, spill)
        again[spec.name] = list(_repeated(plan, spec, plugins[spec.name], means, listener, spill))
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
            everything[name] = composed(
                plan, known[name], everything, spill, listener.warned, means.kept
            )
        return everything[name]

    shown = [one for spec in plan.shown for one in (make(spec.name), *again.get(spec.name, ()))]
    for one in shown:
        one.seen = {goldset.name: seen_articles(goldset, one.origins) for goldset in plan.goldsets}
    return shown


def _repeated(
    plan: Plan,
    spec: BackendSpec,
    first: Extracted,
    means: Means,
    listener: Listener,
    spill: Spill,
) -> Iterator[Extracted]:
    """The second and further runs of a back end that its suite repeats; none of a deterministic one."""
    if spec.repeat == 1 or first.backend.unavailable:
        return
    if first.backend.deterministic:
        listener.warned(f"{spec.name} gives the same answer every time: it is run once")
        return
    for number in range(2, spec.repeat + 1):
        yield _plugin(plan, spec, means, listener, spill, number)


def _plugin(
    plan: Plan,
    spec: BackendSpec,
    means: Means,
    listener: Listener,
    spill: Spill,
    repetition: int = 1,
) -> Extracted:
    name = spec.name if repetition == 1 else f"{spec.name}.{repetition}"
    of = spec.name if repetition > 1 else ""
    record = BackendRecord(name, spec.use or "", spec.options, repeats=of)
    try:
        return _run(plan, spec, means, listener, spill, record)
    except BackendError as error:
        listener.warned(f"{name} is unavailable: {brief(str(error))}")
        return Extracted(replace(record, unavailable=str(error)), {})
    finally:
        listener.finished()


def _run(
    plan: Plan,
    spec: BackendSpec,
    means: Means,
    listener: Listener,
    spill: Spill,
    record: BackendRecord,
) -> Extracted:
    recipe = Recipe(spec.use or "", spec.options, str(plan.suite.folder), means.timeout)
    start, peak = time.perf_counter(), peak_memory()
    extractor = recipe.build()  # some load their model already here, to know its labels
    building = time.perf_counter() - start
    identity = recipe.identity(extractor)
    if record.repeats:
        # Each repetition has cache entries of its own.
        identity = {**identity, "repetition": record.name.rpartition(".")[2]}
    kinds, spoken = claims(extractor), languages(extractor)
    read = {
        (name, place): entry
        for name, articles in plan.articles.items()
        for place, entry in enumerate(articles.entries)
        if reads(spoken, entry.lang)
    }
    found = _Found(plan.articles, kinds, identity, spill)
    if means.resume is not None:
        found.take(read, _resumed(means.resume, record.name, identity, plan))
    keys = found.take_cached(read, means.cache)
    missing = _Articles(plan.articles, list(keys))
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
    made = Extracted(record, found.predictions, own_origins(record, seen(extractor)))
    listener.started(record.name, len(missing))
    done = []
    try:
        with closing(workers.run(recipe, extractor, missing, means.place)) as fresh:
            for (at, name), (prediction, seconds) in zip(keys.items(), fresh, strict=True):
                means.cache.put(name, prediction, seconds)
                done.append(name)
                listener.predicted(prediction)
                found.put(at, prediction, seconds)
    except BackendError:
        means.cache.forget(done)  # these predictions may belong to other articles
        raise
    means.cache.flush()
    if here and peak is not None:
        grown = round((peak_memory() or peak) - peak, 1)
        made.backend = replace(made.backend, memory=grown)
    return made


_Place: TypeAlias = tuple[str, int]
"""A key of :attr:`factharness.runs.plan.Plan.articles`, and the place of an article there."""


class _Articles(Sequence[Article]):
    """The articles at ``places``, each read every time that it is asked for."""

    def __init__(self, articles: Mapping[str, ArticleTexts], places: Sequence[_Place]) -> None:
        self._articles, self._places = articles, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, number: int) -> Article: ...

    @overload
    def __getitem__(self, number: slice) -> _Articles: ...

    def __getitem__(self, number: int | slice) -> Article | _Articles:
        if isinstance(number, slice):
            return _Articles(self._articles, self._places[number])
        name, place = self._places[number]
        return self._articles[name][place]


class _Found:
    """The predictions of a back end that claims ``kinds``, as they are found or made."""

    def __init__(
        self,
        articles: Mapping[str, ArticleTexts],
        kinds: Collection[Kind],
        identity: Mapping[str, str],
        spill: Spill,
    ) -> None:
        self._articles, self._kinds, self._identity = articles, kinds, identity
        self.predictions = {
            name: Predictions(spill, name, len(some)) for name, some in articles.items()
        }

    def put(
        self, at: _Place, prediction: Prediction, seconds: float, *, cached: bool = False
    ) -> None:
        """Keep the prediction on the article at ``at``."""
        name, place = at
        record = PredictionRecord(name, prediction, round(seconds, 6), cached)
        self.predictions[name].put(place, record)

    def take(
        self,
        read: dict[_Place, ArticleEntry],
        stored: Iterable[tuple[_Place, workers.Timed]],
    ) -> None:
        """Keep the ``stored`` predictions that are of articles of ``read``, and remove these from it."""
        for at, (prediction, seconds) in stored:
            if at in read and _is_of(prediction, read[at], self._kinds):
                self.put(at, prediction, seconds, cached=True)
                del read[at]

    def take_cached(self, read: dict[_Place, ArticleEntry], cache: Cache) -> dict[_Place, bytes]:
        """As :meth:`take`, from the cache; returns what is left of ``read``, with the cache keys."""
        if not cache.usable:
            return dict.fromkeys(read, b"")
        keys: dict[_Place, bytes] = {}
        places = list(read)
        for start in range(0, len(places), BLOCK):
            some = places[start : start + BLOCK]
            articles = _Articles(self._articles, some)
            names = [key(article, self._identity) for article in articles]
            stored = cache.get(names)
            self.take(
                read,
                (
                    (at, stored[name])
                    for at, name in zip(some, names, strict=True)
                    if name in stored
                ),
            )
            keys |= {at: name for at, name in zip(some, names, strict=True) if at in read}
        return keys


def _is_of(prediction: Prediction, entry: ArticleEntry, kinds: Collection[Kind]) -> bool:
    """Whether a back end that claims these kinds can have made this stored prediction for the article."""
    return (
        prediction.article_id == entry.id
        and prediction.facts is not None
        and problem_of(prediction.facts, entry.characters, kinds) is None
    )


def _resumed(
    run: Run, backend: str, identity: Mapping[str, str], plan: Plan
) -> Iterator[tuple[_Place, workers.Timed]]:
    """The predictions of an earlier run that can be used; errors are tried again."""
    then = {one.name: one.fingerprint for one in run.manifest.backends if not one.unavailable}
    if then.get(backend) != identity:
        return
    articles = plan.articles
    now = {
        (name, entry.id): place
        for name, some in articles.items()
        for place, entry in enumerate(some.entries)
    }
    for part in (run, *run.variants()):
        variant = part.manifest.variant
        texts = {
            (goldset.name, article.id): article.text
            for goldset in part.manifest.goldsets
            for article in goldset.articles
        }
        for line in part.predictions(backend):
            name = variant_of(line.goldset, variant) if variant else line.goldset
            place = now.get((name, line.prediction.article_id))
            if place is None or line.prediction.error is not None:
                continue
            article = articles[name][place]
            if text_digest(article) == texts.get((line.goldset, article.id)):
                yield (name, place), (line.prediction, line.seconds)
