"""What the back ends ``spacy`` and ``stanza`` promise alike, with the models that come with them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from news_articles import ARTICLE, DAY, NEWS, entities, facts

from fact_extractors.pipelines import spacy as spacy_pipeline
from fact_extractors.pipelines import stanza as stanza_pipeline
from fact_extractors.pipelines.batches import Batch
from fact_extractors.pipelines.common import Common, Lazy, PipelineExtractor
from fact_extractors.pipelines.reading import ModelMention, ModelReading
from factharness.errors import BackendError, ExtractionError
from factharness.extractor import Outcome
from factharness.facts import Article, Date, Entity, Quote, Span, spans_of
from factharness.testing import AWKWARD, check_extractor

Bundled = PipelineExtractor[Any]
BUILDS: dict[str, Callable[..., Bundled]] = {
    "spacy": spacy_pipeline.build,
    "stanza": stanza_pipeline.build,
}
MODEL_OPTION = {"spacy": "model", "stanza": "model_dir"}


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.needs(name)) for name in BUILDS],
)
def library(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def build(library: str) -> Callable[..., Bundled]:
    return BUILDS[library]


@pytest.fixture(scope="module")
def bundled(build: Callable[..., Bundled]) -> Bundled:
    return build()


def test_the_bundled_model_keeps_the_contract(build: Callable[..., Bundled]) -> None:
    check_extractor(build)


def test_it_finds_well_known_names_and_absolute_dates(bundled: Bundled) -> None:
    (found,) = facts(bundled, ARTICLE)
    names = entities(found, ARTICLE.text)
    assert {("Emmanuel Macron", "PER"), ("Angela Merkel", "PER"), ("Berlin", "LOC")} <= names
    assert ("ONU", "ORG") in names
    values = {f.value for f in found if isinstance(f, Date)}
    assert {"2018-05-12", "2017-01"} <= values
    assert any(isinstance(f, Quote) and f.type == "direct" for f in found)


@pytest.mark.parametrize("mark", ["😀", "!", "—", "l’"])
def test_no_run_of_marks_is_too_long(bundled: Bundled, mark: str) -> None:
    text = mark * 10_000 + f" {ARTICLE.text}"
    (found,) = facts(bundled, Article("a", text, DAY))
    assert ("Angela Merkel", "PER") in entities(found, text)


def test_only_the_kinds_asked_for_are_found(build: Callable[..., Bundled]) -> None:
    extractor = build(kinds=["date"])
    assert extractor.kinds == {"date"}
    (found,) = facts(extractor, ARTICLE)
    assert found
    assert all(isinstance(fact, Date) for fact in found)
    with pytest.raises(BackendError, match="date"):
        build(kinds=["dates"])


PIECES = [
    *NEWS,
    "M. Dupont",
    "l’État",
    "«",
    "»",
    "\u00a0",
    "\u202f!",
    "😀",
    "\n",
    "\n\n",
    " ",
    "12 h",
]
TEXT = st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join)


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(TEXT, max_size=4))
def test_spans_lie_in_the_text_and_are_trimmed(bundled: Bundled, texts: list[str]) -> None:
    articles = [Article(str(n), text, DAY) for n, text in enumerate(texts)]
    for article, found in zip(articles, facts(bundled, *articles), strict=True):
        for fact in found:
            for span in spans_of(fact):
                words = span.of(article.text)
                assert words
                assert words == words.strip()
        starts = [f.span.start for f in found if not isinstance(f, Quote)]
        assert starts == sorted(starts)


def test_offsets_survive_breaks_and_no_break_spaces(bundled: Bundled) -> None:
    text = "\n\nÀ\u00a0Paris,\u202fAngela Merkel\n\n\n parle de\u2009la\u00a0France. "
    (found,) = facts(bundled, Article("a", text))
    assert {"Paris", "Angela Merkel", "France"} <= {name for name, _ in entities(found, text)}


def test_typography_is_folded_without_moving_offsets(bundled: Bundled) -> None:
    plain = "Le maire de Lyon, Jean Martin, a quitté l'ONU à Paris."
    fancy = plain.replace("'", "’").replace("de Lyon", "de\u00a0Lyon").replace(" à ", "\u202fà ")
    first, second = facts(bundled, Article("a", plain), Article("b", fancy))
    assert [(f.span, f.label) for f in first if isinstance(f, Entity)] == [
        (f.span, f.label) for f in second if isinstance(f, Entity)
    ]


def test_an_endless_word_does_not_shift_what_follows(bundled: Bundled) -> None:
    text = "a" * 30_000 + " Angela Merkel a quitté Paris."
    (found,) = facts(bundled, Article("a", text))
    assert ("Paris", "LOC") in entities(found, text)


def test_the_batch_size_changes_nothing(build: Callable[..., Bundled]) -> None:
    articles = [*AWKWARD, ARTICLE] * 2
    assert facts(build(batch_size=1), *articles) == facts(build(batch_size=8), *articles)


def test_a_long_article_is_stitched(build: Callable[..., Bundled], bundled: Bundled) -> None:
    article = Article("long", "\n\n".join(NEWS * 12), DAY)
    whole = facts(bundled, article)
    assert len(whole[0]) > 40
    assert facts(build(max_length=900), article) == whole


class Capitals(PipelineExtractor[str]):
    """A pipeline that knows one name and that no library is needed for."""

    library = "none"

    def read(self, batch: Batch) -> list[Outcome]:
        """The first word of each article."""
        assert batch
        return [self.facts(article, ModelReading([ModelMention(0, 4, "LOC")])) for article in batch]


@given(lengths=st.lists(st.integers(4, 12)), longest=st.integers(1, 12), size=st.integers(1, 4))
def test_articles_that_are_too_long_fail_alone(lengths: list[int], longest: int, size: int) -> None:
    common = Common.checked(["entity"], False, None, False, False, 100)
    extractor = Capitals(
        Lazy(str, list, ["LOC"]),
        common,
        batch_size=size,
        longest=longest,
        languages={"fr"},
        identity={},
    )
    articles = [Article(str(n), "Lyon".ljust(length)) for n, length in enumerate(lengths)]
    for length, outcome in zip(lengths, extractor.extract(articles), strict=True):
        if length > longest:
            assert isinstance(outcome, ExtractionError)
            assert f"{length} characters, and at most {longest} are read" in str(outcome)
            assert "option `longest`" in str(outcome)
        else:
            assert outcome == [Entity(Span(0, 4), "LOC")]


def test_nothing_is_loaded_for_an_article_that_is_too_long(
    build: Callable[..., Bundled], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PipelineExtractor, "pipeline", property(lambda _: pytest.fail("loaded")))
    (outcome,) = build(longest=len(ARTICLE.text) - 1).extract([ARTICLE])
    assert isinstance(outcome, ExtractionError)


def test_the_limit_is_no_part_of_the_fingerprint(
    build: Callable[..., Bundled], bundled: Bundled
) -> None:
    assert build(longest=10).fingerprint() == bundled.fingerprint()
    with pytest.raises(BackendError, match="longest = 0 is not a whole number from 1"):
        build(longest=0)


def test_an_unknown_bundled_name_is_told_the_known_ones(library: str) -> None:
    with pytest.raises(BackendError, match="fr_news"):
        BUILDS[library](**{MODEL_OPTION[library]: "bundled:fr_new"})


def test_the_bundled_model_is_not_loaded_before_it_is_needed(library: str) -> None:
    code = (
        f"import sys; from fact_extractors.pipelines.{library} import build\n"
        "made = build(); made.fingerprint()\n"
        "print(sorted(made.kinds), {'spacy', 'torch'}.isdisjoint(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split("] ")[1] == "True\n"
