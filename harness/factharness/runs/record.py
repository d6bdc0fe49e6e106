"""The types of a run: the manifest, the scores, the results of every back end on every article, and ``Run``.

The columns of ``scores.csv`` and ``Run.to_frame`` are here, too (:data:`COLUMNS`); those of the printed tables
are in :mod:`factharness.runs.tables`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct, field, structs

from factharness.backends.environment import Hardware
from factharness.errors import HarnessError, OutputError, unknown
from factharness.facts import (
    Article,
    Date,
    Fact,
    Kind,
    Prediction,
    Quote,
    Span,
    label_of,
    spans_of,
)
from factharness.runs.suite import GateSpec
from factharness.scheme import FR_NEWS, Scheme
from factharness.score import ALL, CountRow, Match, ScoreRow
from factharness.score.quote_regimes import ALIASES
from factharness.score.rows import ArticleCounts, rows_of
from factharness.signature import Signature, digest

if TYPE_CHECKING:
    import pandas as pd

    from factharness.runs.mistakes import Mistakes
    from factharness.runs.tables.block import Tables


class SkippedArticle(Struct, frozen=True):
    """A gold article that was left out, and what to do about it."""

    id: str
    reason: str
    remedy: str


# A run holds one for each of its articles, and they cannot form a reference cycle.
class ArticleRecord(Struct, frozen=True, gc=False):
    """A gold article as it was in this run: its file, a digest of its gold, its slices."""

    id: str
    path: str
    digest: str
    text: str
    """The :func:`text_digest`, a hash of what back ends see of the article."""
    meta: dict[str, str]
    characters: int
    prelabel: str = "none"
    lang: str = ""
    unconfirmed: bool = False
    """Whether a back end proposed facts in it that nobody has confirmed."""
    withheld: bool = False
    """Whether its gold file holds no text, because it may not be passed on."""
    phenomena: tuple[str, ...] = ()
    """The tags of its header that say what occurs in it, such as ``relative-date``."""


class GoldSetRecord(Struct, frozen=True):
    """A gold set as it was in this run. ``digest`` is over all of its articles, also those of other shards."""

    name: str
    version: str
    scheme: str
    digest: str
    articles: tuple[ArticleRecord, ...]
    skipped: tuple[SkippedArticle, ...] = ()
    own: Scheme | None = None
    """The labels that the set declares; None when they are those of ``fr-news-1``."""

    @property
    def labels(self) -> Scheme:
        """The labels of the set."""
        return self.own or FR_NEWS


class BackendRecord(Struct, frozen=True):
    """A back end as it was in this run; ``unavailable`` says why it could not be built at all."""

    name: str
    use: str
    options: dict[str, Any] = field(default_factory=dict)
    parts: dict[Kind, str] = field(default_factory=dict)
    """The kinds that come from one other back end, with its name."""
    of: tuple[str, ...] = ()
    """The back ends that it combines."""
    combines: dict[Kind, tuple[str, ...]] = field(default_factory=dict)
    """By kind, those of them that find it, where there are several."""
    missing: dict[str, str] = field(default_factory=dict)
    """Those of them that are unavailable, with the reason; the others decide without them."""
    kinds: tuple[Kind, ...] = ()
    map: str | dict[str, str] = ""
    fingerprint: dict[str, str] = field(default_factory=dict)
    load_seconds: float = 0
    memory: float | None = None
    """By how many MB the peak memory of the process grew while it was loaded and ran; None when it did not run
    in this process, or everything was cached."""
    unavailable: str | None = None
    languages: tuple[str, ...] = ()
    """The languages that it claims to read; empty when it claims none."""
    borrows: dict[Kind, str] = field(default_factory=dict)
    """The kinds that it takes from another back end, with its name; of a hybrid, its parts."""
    deterministic: bool = False
    """Whether it says that it gives the same answer every time."""
    repeats: str = ""
    """The back end that this is another run of; empty for the first run, and for one that is run once."""

    @property
    def composed(self) -> bool:
        """Whether it is made of other back ends and runs nothing itself."""
        return bool(self.parts or self.of)


def reads(languages: Collection[str], lang: str) -> bool:
    """Whether a back end that claims ``languages`` reads ``lang``, an article's.

    It does when it claims it, for any region, or claims none, or when ``lang`` is empty.
    """
    main = {name.partition("-")[0].casefold() for name in languages}
    return not (main and lang) or lang.partition("-")[0].casefold() in main


class Manifest(Struct, frozen=True):
    """The content of ``run.json``: what was run, on what, where and when."""

    format: int
    id: str
    suite: str
    suite_path: str
    regimes: tuple[str, ...]
    slices: tuple[str, ...]
    gate: GateSpec
    started: str
    seconds: float
    version: str
    python: str
    platform: str
    commit: str | None
    libraries: dict[str, str]
    hardware: Hardware
    goldsets: tuple[GoldSetRecord, ...]
    backends: tuple[BackendRecord, ...]
    shard: tuple[int, int] | None = None
    """The number of this shard and how many there are; None when the run is not a shard."""
    narrowed: tuple[str, ...] = ()
    """The options that narrowed the suite, such as ``--limit 3``; empty when all of it was run."""
    variants: tuple[str, ...] = ()
    """The variants in which the articles were read as well; each is a run, see :meth:`Run.variant`."""
    variant: str = ""
    """The variant that the articles of this run are in; empty when they are as in their files."""

    def main_regime(self, kind: Kind) -> str:
        """The suite's first regime, by the name a kind stores it under."""
        return stored_regime(kind, self.regimes[0])


Confusion: TypeAlias = dict[str, dict[str, int]]
"""How often gold of a label was matched with a prediction of a label. Rows are gold labels, columns predicted
labels; ``none`` is for facts without a partner. Cells that are 0 are left out."""


class BackendOnSet(Struct, frozen=True):
    """The results of one back end on one gold set other than scores: times, failures, notes of the scorer."""

    goldset: str
    backend: str
    signature: Signature
    articles: int
    seconds: float
    errors: dict[str, str]
    unmapped: dict[str, int]
    duplicates: int
    ignored: int
    cached: int = 0
    """How many predictions, and their times, are from the cache and were not made in this run."""
    detectable: dict[Kind, float] = field(default_factory=dict)
    """Per kind, about the difference of F1 this set can tell apart (``score.stats.detectable``)."""
    confusion: dict[Kind, Confusion] = field(default_factory=dict)
    """Per kind: rows sum to the counted gold of a label, columns to the counted predictions."""
    used: dict[str, float] = field(default_factory=dict)
    """What it says that it used for these articles, by name: tokens, money."""
    unread: tuple[str, ...] = ()
    """The articles that it was not given, since it does not read their language."""
    without: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of a back end that combines others: those that failed on articles, by name the error on each article. The
    others decided there."""
    unresolved: int = 0
    """How many predicted dates have no value, such as relative ones without a day of publication."""
    seen: dict[Kind, tuple[str, ...]] = field(default_factory=dict)
    """Per kind, the articles that it was developed or trained with, or the back end that it borrows from."""


class Lead(Struct, frozen=True):
    """By how much the best back end of a column is ahead of each other one, and whether that may be chance.

    A column is the F1 of a kind (of quotes: of the direct and mixed ones, or of the indirect ones) under a
    regime. ``p`` has the p value of the paired test against each other back end, after Holm's correction over
    them. Back ends that borrow the kind do not take part.
    """

    goldset: str
    kind: Kind
    label: str
    regime: str
    backend: str
    p: dict[str, float]


class ScoreRecord(Struct, frozen=True):
    """A row of a table, with its gold set and back end."""

    goldset: str
    backend: str
    row: ScoreRow
    signature: str

    @property
    def over_all_articles(self) -> bool:
        """Whether it is from the sum of the counts of all articles: of no slice, and no average."""
        return (self.row.slice, self.row.average) == (ALL, "micro")

    @property
    def whole(self) -> bool:
        """Whether it is over all articles and all labels."""
        return self.over_all_articles and self.row.label == ALL


class PredictionRecord(Struct, frozen=True):
    """What a back end answered for an article."""

    goldset: str
    prediction: Prediction
    seconds: float
    cached: bool = False


class CountRecord(Struct, frozen=True):
    """Counts of an article, and where they belong."""

    goldset: str
    backend: str
    row: CountRow


Words: TypeAlias = tuple[str, ...]
"""The words of a fact, shortened: of an entity or a date its own; of a quote the content, speaker and cue."""


class FactRef(Struct, frozen=True):
    """A fact as it is shown to a reader: its label, spans, words, and its line in the gold file.

    ``words`` are shortened; for a quote they are its content. ``line`` is 0 for a prediction. Only a date has
    ``value``. Only a quote has ``speaker`` and ``cue`` (words of the text) and ``speaker_name``.
    """

    label: str
    spans: tuple[Span, ...]
    words: str
    line: int = 0
    value: str | None = None
    speaker: str = ""
    speaker_name: str | None = None
    cue: str = ""

    @classmethod
    def of(cls, fact: Fact, words: Words, line: int = 0) -> FactRef:
        """The reference to a fact with these words."""
        label, spans = label_of(fact), spans_of(fact)
        if isinstance(fact, Quote):
            content, speaker, cue = (*words, "", "")[:3]
            name = fact.speaker_name
            return cls(label, spans, content, line, None, speaker, name, cue)
        value = fact.value if isinstance(fact, Date) else None
        return cls(label, spans, words[0] if words else "", line, value)


class GoldFacts(Struct, frozen=True, omit_defaults=True):
    """The gold facts of an article, in the order of its file, with their words and lines.

    ``groups`` has for each fact the groups, as ``origin=Turkish``, by which a variant of the names shows
    recall; it is empty when no fact is in one.
    """

    goldset: str
    id: str
    facts: tuple[Fact, ...]
    words: tuple[Words, ...]
    lines: tuple[int, ...]
    groups: tuple[tuple[str, ...], ...] = ()


class ArticleResult(Struct, frozen=True):
    """The result of one back end on one article: its answer, the words of its facts, counts and matches."""

    goldset: str
    prediction: Prediction
    seconds: float
    cached: bool
    words: tuple[Words, ...]
    numbers: ArticleCounts
    matches: tuple[Match, ...]

    @property
    def counts(self) -> tuple[CountRow, ...]:
        """The counts as rows, made anew at each call."""
        return tuple(rows_of(self.prediction.article_id, self.numbers))


class MatchRecord(Struct, frozen=True):
    """A matched pair of a gold and a predicted fact, or a fact without a partner."""

    goldset: str
    backend: str
    match: Match
    gold: FactRef | None
    pred: FactRef | None


ALSO: dict[Kind, str] = {"date": "value", "quote": "joint"}
"""The regime of a kind whose difference is measured besides that of the suite's first regime."""


class VariantCost(Struct, frozen=True):
    """What a variant costs a back end: a number on the plain articles, on their variants, and the difference.

    Both are over the same ``articles``. Without a ``group`` it is the F1 of a kind of facts; with one, as
    ``origin=Turkish``, it is the recall of the entities whose names the variant has replaced by such names, the
    plain number being that of the same facts under their old names. ``low`` and ``high`` are the paired
    interval of the difference, ``p`` is that of a paired test.
    """

    goldset: str
    backend: str
    variant: str
    kind: Kind
    regime: str
    group: str
    articles: int
    gold: float
    plain: float | None
    varied: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float


class RunScores(Struct, frozen=True):
    """The content of ``scores.json``: a summary per gold set and back end, the rows of tables, who leads."""

    backends: tuple[BackendOnSet, ...]
    scores: tuple[ScoreRecord, ...]
    leads: tuple[Lead, ...] = ()
    """Empty in runs that were stored without."""
    costs: tuple[VariantCost, ...] = ()
    """What the variants cost; empty in a run without variants."""
    parts: tuple[Lead, ...] = ()
    """Each back end that combines others against these, the p of the same test; empty without one."""


def of_variant(manifest: Manifest, name: str, goldsets: tuple[GoldSetRecord, ...]) -> Manifest:
    """The manifest of a variant of a run: no gate, since its rules are about the plain articles."""
    return structs.replace(
        manifest,
        id=f"{manifest.id}~{name}",
        goldsets=goldsets,
        gate=GateSpec(),
        variants=(),
        variant=name,
    )


class Run(Struct, frozen=True):
    """A run in memory; the long files are read only when their method is called.

    ``transient``: whether its directory is removed when the program ends, so that no message names it.
    """

    manifest: Manifest
    scores: RunScores
    path: Path | None = None
    transient: bool = False

    def results(self, backend: str) -> Iterator[ArticleResult]:
        """What one back end did, article by article."""
        from factharness.runs import parts, shared_files

        names = [one.name for one in self.manifest.backends]
        if backend not in names:
            message, remedy = unknown("back end", backend, names)
            raise HarnessError(message, file=self.path, remedy=remedy)
        goldsets = {one.name for one in self.manifest.goldsets}
        reader = shared_files if self.manifest.format == 1 else parts
        for result in reader.read_results(self.folder, backend):
            if result.goldset not in goldsets:
                raise HarnessError(
                    f"{backend} has a line of {result.goldset!r}, which run.json does not have",
                    file=self.path,
                    remedy="run again",
                )
            yield result

    def gold(self) -> Iterator[GoldFacts]:
        """The gold facts, article by article. A run of the first format does not have them."""
        from factharness.runs.parts import read_gold

        if self.manifest.format == 1:
            raise HarnessError(
                "a run of the first format does not hold the gold facts",
                file=self.path,
                remedy="run again",
            )
        return read_gold(self.folder)

    def predictions(self, backend: str) -> Iterator[PredictionRecord]:
        """What one back end answered, article by article."""
        for result in self.results(backend):
            yield PredictionRecord(result.goldset, result.prediction, result.seconds, result.cached)

    def counts(self, backend: str | None = None) -> Iterator[CountRecord]:
        """The counts of one back end, or of all."""
        for name in self._scored(backend):
            for result in self.results(name):
                for row in result.counts:
                    yield CountRecord(result.goldset, name, row)

    def matches(self, backend: str | None = None) -> Iterator[MatchRecord]:
        """The matches of one back end, or of all."""
        from factharness.runs import parts, shared_files

        reader = shared_files if self.manifest.format == 1 else parts
        for name in self._scored(backend):
            yield from reader.with_gold(self.folder, name, self.results(name))

    def timeless(self) -> Manifest:
        """The manifest without what may differ when the results are the same: id, times, memory, commit."""
        backends = tuple(
            structs.replace(one, load_seconds=0.0, memory=None) for one in self.manifest.backends
        )
        return structs.replace(
            self.manifest, id="", started="", seconds=0.0, commit=None, backends=backends
        )

    def hashes(self) -> dict[str, bytes]:
        """The large files of the run by name, with a hash of their bytes."""
        from factharness.runs.parts import GOLD, backend_file

        names = dict.fromkeys(one.backend for one in self.scores.backends)
        files = [self.folder / GOLD, *(backend_file(self.folder, name) for name in names)]
        return {file.name: hashlib.blake2b(file.read_bytes()).digest() for file in files}

    def rows(self) -> list[ScoreRecord]:
        """The scores that people quote: a row per gold set, back end and kind, over all articles and labels."""
        return [
            score
            for score in self.scores.scores
            if score.whole and score.row.regime == self.manifest.main_regime(score.row.kind)
        ]

    def over_all_articles(self) -> dict[tuple[str, str, Kind, str, str], ScoreRow]:
        """The scores over all articles by gold set, back end, kind, label and regime; no averages."""
        return {
            (
                score.goldset,
                score.backend,
                score.row.kind,
                score.row.label,
                score.row.regime,
            ): score.row
            for score in self.scores.scores
            if score.over_all_articles
        }

    def to_frame(self, *, averages: bool = False) -> pd.DataFrame:
        """Every score: a row per gold set, back end, kind, label, regime and slice, as in ``scores.csv``.

        ``averages`` adds the rows of macro, weighted and article averages, which are no sums of counts.
        Undefined scores are missing values.
        """
        import pandas as pd

        scores = self.scores.scores
        rows = [score_cells(s) for s in scores if averages or s.row.average == "micro"]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def tables(self) -> Tables:
        """The tables of the run: per gold set the blocks that are compared and what is behind them; the cost.

        ``run.tables().sections[0]["entity"].frame`` is one as a pandas frame.
        """
        from factharness.runs.tables import of_run

        return of_run(self)

    def mistakes(
        self,
        backend: str | None = None,
        *,
        kind: str | Sequence[str] | None = None,
        label: str | Sequence[str] | None = None,
        what: str | Sequence[str] | None = None,
        article: str | Sequence[str] | None = None,
        grep: str | Sequence[str] | None = None,
    ) -> Mistakes:
        """Everything that was missed, made up or got wrong, by one back end or by all.

        Each of the other arguments keeps the mistakes that have this value, or one of these: a kind of fact; a
        label, of gold or of the prediction; what is wrong (``missed``, ``spurious``, ``boundary``, ``label``,
        ``value``, ``speaker``, ``cue``); the id of an article; a regular expression that is in the words.
        Raises ``HarnessError`` for a value that nothing in this run has.
        """
        from factharness.runs.filters import narrowed
        from factharness.runs.mistakes import Mistakes, of_run

        wanted = narrowed(self, kind=kind, label=label, what=what, article=article, grep=grep)
        return Mistakes(filter(wanted.admits, of_run(self, backend)))

    def variant(self, name: str) -> Run:
        """The run on the articles in a variant: the same back ends, the same articles under the same ids."""
        from factharness.runs.directory import load, of_variant

        if name not in self.manifest.variants:
            message, remedy = unknown("variant", name, self.manifest.variants)
            raise HarnessError(message, file=self.path, remedy=remedy)
        return load(of_variant(self.folder, name))

    def variants(self) -> list[Run]:
        """The runs on all variants; none for a suite without them."""
        return [self.variant(name) for name in self.manifest.variants]

    @property
    def errors(self) -> dict[str, dict[str, str]]:
        """The articles on which each back end failed, with the error; empty where none failed."""
        errors: dict[str, dict[str, str]] = {}
        for on_set in self.scores.backends:
            if on_set.errors:
                errors.setdefault(on_set.backend, {}).update(on_set.errors)
        return errors

    @property
    def folder(self) -> Path:
        """The run directory. Raises ``OutputError`` when the run was not written."""
        if self.path is None:
            raise OutputError("this run was not written anywhere")
        return self.path

    def _scored(self, backend: str | None) -> list[str]:
        if backend is not None:
            return [backend]
        scored = {on_set.backend for on_set in self.scores.backends}
        return [one.name for one in self.manifest.backends if one.name in scored]

    def __repr__(self) -> str:
        scores = ", ".join(
            f"{score.backend} {score.row.kind} "
            + ("–" if score.row.f1 is None else f"{score.row.f1:.3f}")
            for score in self.rows()
        )
        sets = ", ".join(
            f"{one.name}@{one.version} ({len(one.articles)} articles)"
            for one in self.manifest.goldsets
        )
        return f"<Run {self.manifest.suite} on {sets}: F1 {scores}>"

    def _repr_html_(self) -> str:
        from factharness.runs.tables.notebook import html

        return html(self)


COLUMNS = (
    "goldset", "backend", "kind", "label", "regime", "slice", "articles",
    "gold", "pred", "tp", "fp", "fn", "precision", "recall", "f1",
    "low", "high", "average", "cor", "inc", "par", "mis", "spu", "signature",
)  # fmt: skip
"""The columns of :meth:`Run.to_frame` and of ``scores.csv``."""


def score_cells(score: ScoreRecord) -> tuple[str | float | None, ...]:
    """One row of a table, in the order of :data:`COLUMNS`."""
    row, counts = score.row, score.row.counts
    semeval = (None,) * 5 if row.semeval is None else structs.astuple(row.semeval)
    return (
        score.goldset, score.backend, row.kind, row.label, row.regime, row.slice, row.articles,
        counts.gold, counts.pred, counts.tp, counts.fp, counts.fn,
        row.precision, row.recall, row.f1, row.low, row.high, row.average, *semeval,
        score.signature,
    )  # fmt: skip


def text_digest(article: Article) -> str:
    """A digest of everything that a back end sees of an article."""
    return digest(article, 12)


def stored_regime(kind: Kind, asked: str) -> str:
    """The name under which a kind stores a regime: quotes have their own for ``strict`` and ``partial``."""
    return ALIASES.get(asked, asked) if kind == "quote" else asked
