"""An extractor over the pipeline of a library: what those of spaCy and Stanza have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import ClassVar, Generic, Literal, NamedTuple, TypeAlias, TypeVar, get_args

from fact_extractors import digests
from fact_extractors.folded import Folded, folded
from fact_extractors.limit import too_long
from fact_extractors.options import flag, kinds_named, named, table, whole
from fact_extractors.pipelines import quotes
from fact_extractors.pipelines.batches import Batch, batched, isolated
from fact_extractors.pipelines.consistency import consistent
from fact_extractors.pipelines.evidence import with_evidence
from fact_extractors.pipelines.mending import mended, readable
from fact_extractors.pipelines.reading import (
    LabelView,
    ModelMention,
    ParsedWord,
    claimed,
    cleaned,
    entities_and_dates,
    identity,
    legible,
    prepare_dates,
    windows,
)
from factharness.errors import BackendError, ExtractionError
from factharness.extractor import Outcome
from factharness.facts import Article, Fact, Kind, Quote
from factharness.text import fold

_SHARED = (
    "pipelines/common.py",
    "pipelines/model_sources.py",
    "pipelines/batches.py",
    "pipelines/reading.py",
    "pipelines/mending.py",
    "pipelines/evidence.py",
    "pipelines/consistency.py",
    "pipelines/quotes.py",
    "pipelines/persons.py",
    "pipelines/tree_quotes",
    "folded.py",
    "capitals.py",
    "words.py",
    "tables.py",
    "speech",
    "rules",
)

Pipeline = TypeVar("Pipeline")
T = TypeVar("T")

Source: TypeAlias = Literal["tree", "rules", "none"]
"""Where the quotations of a pipeline come from: its parser, the rules, or nowhere."""

UNIT = 1_000
"""Characters that a parser is shown at a time: what Stanza's takes grows with the square of a sentence, and a
text without stops is one sentence."""

_ROOTS = 20
"""So many words or more of which none has a head were not parsed: no parser says so of a text."""


class Common(NamedTuple):
    """The options that every pipeline has and that its output depends on."""

    kinds: Sequence[Kind] | None
    quotes: Source | None
    labels: Mapping[str, str] | None
    gpu: bool
    fold_typography: bool
    max_length: int
    is_bundled: bool = False
    """Whether the model comes with this package."""
    mends: bool = False
    """Whether all names are those of a model that comes with this package: they are then mended."""

    @classmethod
    def checked(
        cls,
        kinds: Sequence[str] | None,
        quotes: str | None,
        labels: Mapping[str, str] | None,
        gpu: bool,
        fold_typography: bool,
        max_length: int,
    ) -> Common:
        """The options, checked. Raises ``BackendError`` for one that makes no sense."""
        return cls(
            None if kinds is None else sorted(kinds_named(kinds)),
            None if quotes is None else named(quotes, "quotes", get_args(Source)),  # type: ignore[arg-type]
            None if labels is None else table(labels, "labels", empty=True),
            flag(gpu, "gpu"),
            flag(fold_typography, "fold_typography"),
            whole(max_length, "max_length", 1),
        )

    @property
    def may_parse(self) -> bool:
        """Whether the parser of a pipeline that has one is used."""
        return self.quotes in (None, "tree") and (self.kinds is None or "quote" in self.kinds)

    def source(self, has_parser: bool, french: bool) -> Source:
        """Where the quotations come from. Raises ``BackendError`` when it is asked for what cannot be."""
        if not french:
            if self.quotes not in (None, "none"):
                raise BackendError(
                    "quotations are found in French only", remedy='say quotes = "none"'
                )
            return "none"
        if self.quotes == "tree" and not has_parser:
            raise BackendError(
                'quotes = "tree" needs a parser, and the pipeline has none',
                remedy='say quotes = "rules" or "none", or take a pipeline with a parser',
            )
        found = self.quotes or ("tree" if has_parser else "none")
        if found == "none" and self.kinds is not None and "quote" in self.kinds:
            lacking = "the pipeline has no parser" if self.quotes is None else 'quotes = "none"'
            raise BackendError(
                f"quotations are asked for (kinds), and {lacking}", remedy='say quotes = "rules"'
            )
        return found


class Known(NamedTuple):
    """What is known of a model before it reads: the labels of its mentions, and whether it has a parser."""

    labels: Sequence[str]
    has_parser: bool


class Lazy(Generic[Pipeline]):
    """A pipeline that is loaded when it is first needed, which may be never: predictions may be in the cache.

    ``known`` is what is known of its model before it is loaded. When that is None, the pipeline is loaded at
    once, and ``ask`` finds it out from the pipeline.
    """

    def __init__(
        self,
        load: Callable[[], Pipeline],
        ask: Callable[[Pipeline], Known],
        known: Known | None,
    ) -> None:
        self._load = load
        self.loaded: Pipeline | None = None
        self.known = ask(self.get()) if known is None else known

    def get(self) -> Pipeline:
        """The pipeline. Raises as ``load``."""
        if self.loaded is None:
            self.loaded = self._load()
        return self.loaded


class PipelineExtractor(ABC, Generic[Pipeline]):
    """See :class:`factharness.extractor.Extractor`.

    Not for two threads at once. ``identity`` is what the library and its model add to the fingerprint, see
    :func:`.model_sources.model_identity`.
    """

    library: ClassVar[str]
    code: ClassVar[tuple[str, ...]]
    """The files of this package that only this library's extractor uses."""

    deterministic = True

    def __init__(
        self,
        pipeline: Lazy[Pipeline],
        common: Common,
        *,
        batch_size: int,
        longest: int,
        languages: Iterable[str],
        identity: Mapping[str, str],
    ) -> None:
        self._pipeline = pipeline
        self.labels = LabelView(pipeline.known.labels, common.labels)
        self.label_scheme = self.labels.scheme
        self.languages = frozenset(languages)
        # Quotes and the values of dates are found by what is known of French.
        self._french = not self.languages or "fr" in self.languages
        self._source = common.source(pipeline.known.has_parser, self._french)
        self.kinds = claimed(self.labels, common.kinds, quotes=self._source != "none")
        self._common, self._batch_size = common, batch_size
        self._longest = whole(longest, "longest", 1)
        self._identity = dict(identity)

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline; loaded when it is first needed."""
        return self._pipeline.get()

    @property
    def borrows(self) -> dict[Kind, str]:
        """Quotations, borrowed from the rules where these find them; the pipeline adds who said them."""
        return {"quote": "rules"} if "quote" in self.kinds and self._source == "rules" else {}

    def load(self) -> None:
        """Load the pipeline now, and the rules that it needs. Raises as the function that built this."""
        self._pipeline.get()
        prepare_dates(self.kinds)
        if "quote" in self.kinds:
            quotes.prepare_quotes()

    def fingerprint(self) -> Mapping[str, str]:
        """Code, libraries, model and options."""
        return {"code": digests.code(*self.code, *_SHARED), **identity(), **self._identity}

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """Facts of each article; see the protocol."""
        for batch in batched(articles, self._batch_size):
            yield from self.outcomes(batch)

    def outcomes(self, batch: Batch) -> list[Outcome]:
        """The outcome of each article; one that is too long, or at which the pipeline raises, fails alone."""
        unasked = [self._unasked(article) for article in batch]
        asked = [
            folded(article) for article, known in zip(batch, unasked, strict=True) if known is None
        ]
        clean = [article for article, _ in asked]
        outcomes = isolated(self.read, clean, self.library) if asked else []
        back = iter(
            [_back(outcome, view) for outcome, (_, view) in zip(outcomes, asked, strict=True)]
        )
        return [next(back) if known is None else known for known in unasked]

    def _unasked(self, article: Article) -> Outcome | None:
        """The outcome of an article that the pipeline is not shown: it is too long, or has no word.

        Some components raise at a text of nothing but white space.
        """
        if problem := too_long(article, self._longest):
            return problem
        return None if self.shown(article.text).strip() else []

    def read(self, batch: Batch) -> list[Outcome]:
        """The facts of each article, by two passes of the pipeline that do not depend on each other.

        The recogniser reads the article; the parser, if any, reads the units of its quotations. So names do not
        depend on the sentences that a parser sets, nor one kind on the others that are asked for. Raises
        whatever the pipeline raises.
        """
        mentions = self._named(batch)
        found: list[list[Fact]] = [
            list(entities_and_dates(article, mine, self.labels, self.kinds, values=self._french))
            for article, mine in zip(batch, mentions, strict=True)
        ]
        if "quote" not in self.kinds:
            return list(found)
        said = self._said(batch, mentions)
        return [
            quoted if isinstance(quoted, ExtractionError) else [*named, *quoted]
            for named, quoted in zip(found, said, strict=True)
        ]

    @abstractmethod
    def mentions(self, texts: Sequence[str]) -> Iterable[list[ModelMention]]:
        """What the recogniser finds in each text, none of which is blank. Raises whatever it raises."""

    @abstractmethod
    def trees(self, texts: Sequence[str]) -> Iterable[list[ParsedWord]]:
        """The words of each text, none of which is blank, as the parser has it. Raises whatever it raises."""

    @property
    def limit(self) -> int:
        """Characters that the pipeline is shown at once."""
        return self._common.max_length

    def _named(self, batch: Batch) -> list[list[ModelMention]]:
        """The mentions of each article."""
        parts = [
            (n, part)
            for n, article in enumerate(batch)
            for part in windows(article.text, self.limit)
        ]
        texts = [self.shown(batch[n].text[part.start : part.end]) for n, part in parts]
        found: list[list[ModelMention]] = [[] for _ in batch]
        for (n, part), mentions in zip(parts, _shown_to(self.mentions, texts), strict=True):
            found[n] += [
                ModelMention(part.start + start, part.start + end, label)
                for start, end, label in mentions
                if part.core <= part.start + start < part.core_end
            ]
        clean = (cleaned(article.text, mine) for article, mine in zip(batch, found, strict=True))
        if not self._common.mends:
            return list(clean)
        return [
            consistent(article.text, with_evidence(article.text, mended(article.text, mine)))
            for article, mine in zip(batch, clean, strict=True)
        ]

    def _said(
        self, batch: Batch, mentions: Sequence[Sequence[ModelMention]]
    ) -> list[list[Quote] | ExtractionError]:
        """The quotations of each article, or the error that its words have no heads."""
        persons = [
            quotes.Persons(
                article.text,
                [(m.start, m.end) for m in mine if self.labels.gold_label(m.label) == "PER"],
            )
            for article, mine in zip(batch, mentions, strict=True)
        ]
        if self._source == "rules":
            return [quotes.rule_quotes(*each) for each in zip(batch, persons, strict=True)]
        units = [quotes.units(article.text, min(self.limit, UNIT)) for article in batch]
        texts = [self.shown(unit.text) for mine in units for unit in mine]
        trees = iter(_shown_to(self.trees, texts))
        found: list[list[Quote] | ExtractionError] = []
        for article, mine, known in zip(batch, units, persons, strict=True):
            parsed = list(islice(trees, len(mine)))
            found.append(headless(parsed) or quotes.tree_quotes(article.text, mine, parsed, known))
        return found

    def shown(self, text: str) -> str:
        """A text as the pipeline sees it, offset for offset."""
        text = fold(text) if self._common.fold_typography else text
        return legible(readable(text) if self._common.is_bundled else text)


def _shown_to(
    read: Callable[[Sequence[str]], Iterable[list[T]]], texts: Sequence[str]
) -> list[list[T]]:
    """What ``read`` returns for each text; an empty list for blank texts, at which some components raise."""
    answers = iter(read([text for text in texts if not text.isspace() and text]))
    return [next(answers) if text and not text.isspace() else [] for text in texts]


def headless(parsed: Sequence[Sequence[ParsedWord]]) -> ExtractionError | None:
    """The error of an article whose words have no heads, so that there is no tree; None when they have."""
    words = sum(map(len, parsed))
    related = any(word.dep for unit in parsed for word in unit)
    hanging = any(word.head != n for unit in parsed for n, word in enumerate(unit))
    if (related or not words) and (hanging or words < _ROOTS):
        return None
    return ExtractionError(
        "the parser of the pipeline sets no heads, so that there is no tree to find quotations in; "
        'train it, or say quotes = "rules" or "none"'
    )


def _back(outcome: Outcome, view: Folded) -> Outcome:
    """The outcome for the article itself: offsets into its view become offsets into its text."""
    return outcome if isinstance(outcome, Exception) else [view.fact(fact) for fact in outcome]
