"""Makes the predictions of hybrids and combinations of back ends from the predictions of their parts.

Their parts have run already, each once. Whether one can be used, and with which kinds, languages, label map and
fingerprint, is decided here; :mod:`factharness.backends.combination` joins the predictions.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from factharness.backends.combination import Composition, joined, label_map
from factharness.errors import BackendError
from factharness.escape import brief
from factharness.facts import Article, Kind, Prediction
from factharness.kept import NOTHING, Kept
from factharness.runs.extracted import Extracted, ordered
from factharness.runs.plan import Plan, variant_of
from factharness.runs.predictions import InOrder, Predictions, Spill
from factharness.runs.record import BackendRecord, PredictionRecord
from factharness.runs.seen import Provenance, part_origins
from factharness.runs.suite import BackendSpec
from factharness.scheme import Scheme
from factharness.score.ensemble import Source

BLOCK = 500
"""How many articles are joined together."""

Lines = dict[str, PredictionRecord]
"""By the name of a part, what it says of an article."""

Reading = Mapping[str, tuple[Sequence[Article], Scheme]]
"""By the name of a gold set or of its variant, the articles and the labels of their gold."""


def composed(
    plan: Plan,
    spec: BackendSpec,
    made: Mapping[str, Extracted],
    spill: Spill,
    warn: Callable[[str], None],
    kept: Kept,
) -> Extracted:
    """The predictions of a back end that is made of others, which are all in ``made``.

    ``warn`` is called with a message about missing parts. ``kept`` has results of earlier runs.
    """
    composition = spec.composition
    record = BackendRecord(spec.name, spec.how or "", parts=spec.parts, of=spec.combined)
    taken = {name: made[name] for name in spec.taken_from}
    try:
        whole = combine(composition, record, taken, _reading(plan), spill, kept)
    except BackendError as error:
        warn(f"{spec.name} is unavailable: {brief(str(error))}")
        asked = {*composition.kinds, *composition.apart}
        kinds = ordered(asked) if composition.kinds or not composition.of else ()
        return Extracted(replace(record, kinds=kinds, unavailable=str(error)), {})
    for part in whole.backend.missing:
        warn(f"{spec.name} is combined without {part}, which is unavailable")
    return whole


def _reading(plan: Plan) -> Reading:
    schemes = {one.name: one.scheme for one in plan.goldsets}
    for variant, goldsets in plan.variants.items():
        schemes |= {variant_of(one.name, variant): one.scheme for one in goldsets}
    return {name: (articles, schemes[name]) for name, articles in plan.articles.items()}


def combine(
    composition: Composition,
    record: BackendRecord,
    taken: Mapping[str, Extracted],
    reading: Reading,
    spill: Spill,
    kept: Kept = NOTHING,
) -> Extracted:
    """Join the predictions of the parts, ``taken`` by name; the result is held in ``spill``.

    ``kept`` has results of earlier runs. Raises ``BackendError`` when these parts are not enough.
    """
    gone = {name: why for name, one in taken.items() if (why := one.backend.unavailable)}
    there = {name: one for name, one in taken.items() if name not in gone}
    sources = composition.sources({name: one.backend.kinds for name, one in there.items()}, gone)
    maps = {name: one.backend.map for name, one in there.items()}
    backend = replace(
        record,
        kinds=ordered(sources),
        borrows={kind: one.of[0] for kind, one in sources.items() if len(one.of) == 1},
        combines={kind: one.of for kind, one in sources.items() if len(one.of) > 1},
        languages=_languages(sources, there),
        map=label_map(composition, sources, maps),
        fingerprint=composition.fingerprint(
            {name: one.backend.fingerprint for name, one in there.items()}
        ),
        missing=gone,
        deterministic=all(one.backend.deterministic for one in there.values()),
    )
    nowhere = Provenance(frozenset())
    origins = {
        kind: [there[name].origins.get(kind, nowhere) for name in source.of]
        for kind, source in sources.items()
    }

    def join(name: str, articles: Sequence[Article], scheme: Scheme) -> Predictions:
        predictions = Predictions(spill, name, len(articles))
        before = kept.of_few(len(articles))
        reading = _read(name, articles, sources, there)
        while read := list(itertools.islice(reading, BLOCK)):
            for (place, _, lines), prediction in zip(
                read, joined_block(read, scheme, before), strict=True
            ):
                seconds = round(sum(line.seconds for line in lines.values()), 6)
                cached = all(line.cached for line in lines.values())
                predictions.put(place, PredictionRecord(name, prediction, seconds, cached))
        return predictions

    def joined_block(
        read: Sequence[tuple[int, Article, Lines]], scheme: Scheme, before: Kept
    ) -> list[Prediction]:
        articles = [article for _, article, _ in read]
        answers = [{part: line.prediction for part, line in lines.items()} for *_, lines in read]
        return before.of(
            "joined",
            lambda: (composition, sources, maps, scheme, articles, answers),
            list[Prediction],
            lambda: [
                joined(composition, sources, maps, article, said, scheme)
                for article, said in zip(articles, answers, strict=True)
            ],
        )

    return Extracted(
        backend,
        {name: join(name, *of_set) for name, of_set in reading.items()},
        part_origins(record.name, origins),
    )


def _languages(sources: Mapping[Kind, Source], parts: Mapping[str, Extracted]) -> tuple[str, ...]:
    """The languages in which each kind is found by at least one part; a part without languages reads all."""
    needed = []
    for source in sources.values():
        claimed = [set(parts[name].backend.languages) for name in source.of]
        if all(claimed):
            needed.append(set.union(*claimed))
    return tuple(sorted(set.intersection(*needed))) if needed else ()


def _read(
    goldset: str,
    articles: Sequence[Article],
    sources: Mapping[Kind, Source],
    made: Mapping[str, Extracted],
) -> Iterator[tuple[int, Article, Lines]]:
    """The articles that at least one part reads for each kind: the place of each, the article, and
    the predictions of the parts that read it."""
    names = dict.fromkeys(name for source in sources.values() for name in source.of)
    readers = {name: InOrder(made[name].predictions[goldset]) for name in names}
    for place, article in enumerate(articles):
        lines = {name: line for name, reader in readers.items() if (line := reader.of(article.id))}
        if all(any(name in lines for name in source.of) for source in sources.values()):
            yield place, article, lines
