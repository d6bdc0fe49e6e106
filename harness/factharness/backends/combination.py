"""Back ends that are made of others: hybrids take a kind of fact from one of them, combinations from several.

Nothing here runs a back end. A run has the predictions of the parts (:mod:`factharness.runs.composed`), an
extraction has the parts themselves (:class:`Combined`); both join them by :func:`joined`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct, field

from factharness.errors import BackendError
from factharness.extractor import Extractor, claims, label_scheme, load
from factharness.facts import KINDS, Article, Kind, Prediction
from factharness.labels import SCHEME
from factharness.scheme import FR_NEWS, Scheme
from factharness.score.ensemble import How, Source, combined, in_scheme

RULE = "1"
"""The version of the rules by which predictions are joined; it is raised when one changes."""

LabelMap = str | dict[str, str]


class Composition(Struct, frozen=True):
    """How a back end is made of others: which kinds of facts come from which of them.

    ``apart`` has the kinds that come from back ends of their own. All other ``kinds`` (empty: all that any of
    them finds) are combined from the back ends ``of``, in the way ``how``. ``map`` is the label map of the
    result, for parts with the same labels.
    """

    how: How = "vote"
    of: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    apart: dict[Kind, Source] = field(default_factory=dict)
    map: LabelMap | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The parts, each once."""
        more = (name for source in self.apart.values() for name in source.of)
        return tuple(dict.fromkeys((*self.of, *more)))

    def sources(
        self, found: Mapping[str, Collection[Kind]], missing: Mapping[str, str]
    ) -> dict[Kind, Source]:
        """From which parts each kind comes; ``found`` are the kinds that each part finds.

        ``missing`` are the parts that cannot be used, with the reason; those that are combined with them
        decide. Raises ``BackendError`` when nobody is left to decide, and for a part that does not find what it
        is asked for.
        """
        for names in (self.of, *(source.of for source in self.apart.values())):
            gone = [missing[name] for name in names if name in missing]
            if gone and len(gone) == len(names):
                raise BackendError("; ".join(dict.fromkeys(gone)))
        wanted = self.kinds or tuple(kind for kind in KINDS if kind not in self.apart)
        told = [
            f"{name} does not find kind {kind!r}, only {_listed(found[name])}"
            for kind, source in self.apart.items()
            for name in source.of
            if name in found and kind not in found[name]
        ]
        told += [
            f"{name} finds {_listed(found[name])}, and none of {_listed(wanted)}; leave it out of its `of`"
            for name in self.of
            if name in found and not set(wanted) & set(found[name])
        ]
        asked = self.apart | {kind: Source(self.how, self.of) for kind in wanted}
        there = {
            kind: Source(
                asked[kind].how,
                tuple(name for name in asked[kind].of if kind in found.get(name, ())),
            )
            for kind in KINDS
            if kind in asked
        }
        told += [
            f"no back end of its `of` finds kind {kind!r}; leave it out of its `kinds`"
            for kind in self.kinds
            if not there[kind].of
        ]
        if told:
            raise BackendError("; ".join(told))
        return {kind: source for kind, source in there.items() if source.of}

    def fingerprint(self, parts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        """All that can change the output, by name; ``parts`` has the fingerprints of the parts there are."""
        made: dict[str, str] = {}
        for kind, source in self.apart.items():
            if len(source.of) == 1:
                made |= {f"{kind}.{name}": value for name, value in parts[source.of[0]].items()}
            else:
                made |= _fingerprint(kind, source, parts)
        if self.of:
            made |= _fingerprint("of", Source(self.how, self.of), parts)
            made["kinds"] = _listed(self.kinds) if self.kinds else "all"
        return made


def _fingerprint(
    what: str, source: Source, parts: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    made = {what: f"{source.how}/{RULE} of {', '.join(source.of)}"}
    for part in source.of:
        own = parts.get(part)
        if own is None:
            made[f"{what}.{part}"] = "unavailable"
        else:
            made |= {f"{what}.{part}.{name}": value for name, value in own.items()}
    return made


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"


def joined(
    composition: Composition,
    sources: Mapping[Kind, Source],
    maps: Mapping[str, LabelMap],
    article: Article,
    answers: Mapping[str, Prediction],
    scheme: Scheme = FR_NEWS,
) -> Prediction:
    """The prediction of a composition for an article; ``answers`` are those of the parts that read it.

    ``maps`` has the label maps of the parts. Where they label entities in different ways, their labels are led
    to those of ``scheme``.
    """
    if composition.map is None and _differ(_entity_maps(sources, maps)):
        answers = {
            name: in_scheme(answer, scheme.map_from(maps[name])) if name in maps else answer
            for name, answer in answers.items()
        }
    return combined(article, sources, answers)


def label_map(
    composition: Composition, sources: Mapping[Kind, Source], maps: Mapping[str, LabelMap]
) -> LabelMap:
    """The label map of the result.

    Parts with the same labels keep them. Those of parts with different ones have been led to the gold's.
    """
    own = _entity_maps(sources, maps)
    if composition.map is not None:
        return composition.map
    return own[0] if own and not _differ(own) else SCHEME


def _entity_maps(sources: Mapping[Kind, Source], maps: Mapping[str, LabelMap]) -> list[LabelMap]:
    return [maps[name] for name in sources["entity"].of] if "entity" in sources else []


def _differ(maps: Sequence[LabelMap]) -> bool:
    return any(one != maps[0] for one in maps)


class Combined:
    """A back end made of others that are built: what ``factharness extract`` runs.

    ``compositions`` are made of the ``extractors`` and of each other, each after its parts; the last is the
    back end itself. ``missing`` are the parts that cannot be used, with the reason; the others decide without
    them. Raises ``BackendError`` when they cannot.
    """

    def __init__(
        self,
        compositions: Mapping[str, Composition],
        extractors: Mapping[str, Extractor],
        missing: Mapping[str, str],
    ) -> None:
        self.extractors, self.missing = extractors, dict(missing)
        self._compositions = compositions
        self._sources: dict[str, dict[Kind, Source]] = {}
        found: dict[str, frozenset[Kind]] = {n: claims(one) for n, one in extractors.items()}
        self._maps: dict[str, LabelMap] = {n: label_scheme(one) for n, one in extractors.items()}
        for name, composition in compositions.items():
            try:
                sources = composition.sources(found, self.missing)
            except BackendError as error:
                if name == [*compositions][-1]:
                    raise
                self.missing[name] = str(error)
                continue
            self._sources[name], found[name] = sources, frozenset(sources)
            self._maps[name] = label_map(composition, sources, self._maps)
            self.kinds = found[name]

    def load(self) -> None:
        """Load the models of the parts. Raises ``BackendError``."""
        for one in self.extractors.values():
            load(one)

    def fingerprint(self, plugins: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        """All that can change the output, by name; ``plugins`` has what identifies those that are built."""
        known = {name: dict(own) for name, own in plugins.items()}
        for name in self._sources:
            known[name] = made = self._compositions[name].fingerprint(known)
        return made

    def join(self, article: Article, answers: Mapping[str, Prediction]) -> Prediction:
        """The prediction for an article by those of the plug-ins, see :func:`joined`."""
        said = dict(answers)
        for name, sources in self._sources.items():
            composition = self._compositions[name]
            said[name] = whole = joined(composition, sources, self._maps, article, said)
        return whole
