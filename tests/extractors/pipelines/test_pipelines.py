"""What the back ends ``spacy`` and ``stanza`` promise alike, with the models that come with them."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from news_articles import ARTICLE, DAY, NEWS, entities, facts

from fact_extractors.pipelines import spacy as spacy_pipeline
from fact_extractors.pipelines import stanza as stanza_pipeline
from fact_extractors.pipelines.common import Common, Known, Lazy, PipelineExtractor, headless
from fact_extractors.pipelines.reading import ModelMention, ParsedWord
from factharness.errors import BackendError, ExtractionError
from factharness.facts import Article, Date, Entity, Quote, Span, kind_of, spans_of
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
    if "quote" in bundled.kinds:
        assert any(isinstance(f, Quote) and f.type == "direct" for f in found)


@pytest.mark.slow
@pytest.mark.parametrize("mark", ["😀", "!", "—", "l’"])
def test_no_run_of_marks_is_too_long(bundled: Bundled, mark: str) -> None:
    text = mark * 10_000 + f" {ARTICLE.text}"
    (found,) = facts(bundled, Article("a", text, DAY))
    assert ("Angela Merkel", "PER") in entities(found, text)


OPTIONS: tuple[dict[str, Any], ...] = (
    {"kinds": ["entity"]},
    {"kinds": ["date"]},
    {"kinds": ["entity", "quote"]},
    {"kinds": ["quote"]},
    {"quotes": "none"},
    {"quotes": "rules"},
)


@pytest.fixture(scope="module")
def variants(build: Callable[..., Bundled]) -> list[Bundled]:
    return [build(**options) for options in OPTIONS]


@pytest.mark.slow
def test_what_a_kind_finds_does_not_depend_on_the_kinds_asked_for(
    bundled: Bundled, variants: list[Bundled]
) -> None:
    @settings(max_examples=15, deadline=None)
    @given(texts=st.lists(TEXT, min_size=1, max_size=3))
    def check(texts: list[str]) -> None:
        articles = [Article(str(n), text, DAY) for n, text in enumerate(texts)]
        whole = facts(bundled, *articles)
        for options, variant in zip(OPTIONS, variants, strict=True):
            skipped = {"quote"} if options.get("quotes") == "rules" else set()
            for all_kinds, found in zip(whole, facts(variant, *articles), strict=True):
                for kind in variant.kinds - skipped:
                    mine = [fact for fact in found if kind_of(fact) == kind]
                    assert mine == [fact for fact in all_kinds if kind_of(fact) == kind]

    check()


ODD = (
    "e\u0301",
    "\u200b",
    "\u00ad",
    "👩\u200d👩\u200d👧",
    "\ufeff",
    "&amp;",
    "&nbsp;",
    "&eacute;",
    "Angela Merkel",
    "Paris",
    "«",
    "»",
    "a dit",
    " ",
    "\n",
)


def test_spans_lie_on_whole_characters_of_odd_text(bundled: Bundled) -> None:
    @settings(max_examples=25, deadline=None)
    @given(text=st.lists(st.sampled_from(ODD), max_size=14).map("".join))
    def check(text: str) -> None:
        (found,) = facts(bundled, Article("a", text, DAY))
        for fact in found:
            for span in spans_of(fact):
                for at in (span.start, span.end):
                    assert not unicodedata.combining(text[at : at + 1] or "a")
                    inside = re.compile("&(?:amp|nbsp|eacute);").finditer(text)
                    assert not any(match.start() < at < match.end() for match in inside)

    check()


@pytest.mark.parametrize(
    "name",
    [
        "Angela\u200b Merkel",
        "An\u00adgela Merkel",
        "Ange\u0300la Merkel".replace("\u0300", "\u200d"),
    ],
)
def test_a_name_is_found_through_what_nobody_sees(bundled: Bundled, name: str) -> None:
    text = f"\ufeffLa chancelière {name} est arrivée à Paris&nbsp;mardi."
    (found,) = facts(bundled, Article("a", text, DAY))
    assert {(name, "PER"), ("Paris", "LOC")} <= entities(found, text)


@pytest.mark.parametrize("length", [4_000, 20_000])
@pytest.mark.parametrize("marks", ["!", "«", "😀", "?!…»😀"])
def test_marks_are_no_words_however_many(bundled: Bundled, marks: str, length: int) -> None:
    text = f"Angela Merkel est à Paris. {(marks * length)[:length]} Angela Merkel est à Paris."
    (found,) = facts(bundled, Article("a", text, DAY))
    starts = {fact.span.start for fact in found if isinstance(fact, Entity) and fact.label == "PER"}
    assert starts == {0, text.rindex("Angela")}


@pytest.mark.slow
def test_a_sentence_of_two_thousand_words(bundled: Bundled) -> None:
    text = "Angela Merkel a dit " + "que Paris est là et " * 500 + "partie."
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


@pytest.mark.slow
def test_an_endless_word_does_not_shift_what_follows(bundled: Bundled) -> None:
    text = "a" * 30_000 + " Angela Merkel a quitté Paris."
    (found,) = facts(bundled, Article("a", text))
    assert ("Paris", "LOC") in entities(found, text)


@pytest.mark.slow
def test_the_batch_size_changes_nothing(build: Callable[..., Bundled]) -> None:
    articles = [*AWKWARD, ARTICLE] * 2
    assert facts(build(batch_size=1), *articles) == facts(build(batch_size=8), *articles)


@pytest.mark.slow
def test_a_long_article_is_stitched(build: Callable[..., Bundled], bundled: Bundled) -> None:
    article = Article("long", "\n\n".join(NEWS * 12), DAY)
    whole = facts(bundled, article)
    assert len(whole[0]) > 40
    assert facts(build(max_length=900), article) == whole


class Capitals(PipelineExtractor[str]):
    """A pipeline that knows one name and that no library is needed for."""

    library = "none"

    def mentions(self, texts: Sequence[str]) -> list[list[ModelMention]]:
        """The first word of each text."""
        assert texts
        return [[ModelMention(0, 4, "LOC")] for _ in texts]

    def trees(self, texts: Sequence[str]) -> list[list[ParsedWord]]:
        """As many words as the text has letters, without heads."""
        return [
            [ParsedWord(n, n + 1, letter, "", "", n, "", 0) for n, letter in enumerate(text)]
            for text in texts
        ]


def capitals(
    kinds: Sequence[str] | None = None, quotes: str | None = None, **options: int
) -> Capitals:
    """One with a parser that sets no heads."""
    known = Known(["LOC"], has_parser=True)
    return Capitals(
        Lazy(str, lambda _: known, known),
        Common.checked(kinds, quotes, None, False, False, 100),
        languages={"fr"},
        identity={},
        **{"batch_size": 2, "longest": 1000} | options,
    )


@pytest.mark.parametrize("text", ["a", "Lyon dort, " * 9])
def test_a_parser_that_sets_no_heads_is_an_error_of_the_article(text: str) -> None:
    (outcome,) = capitals().extract([Article("a", text)])
    assert isinstance(outcome, ExtractionError)
    assert "the parser of the pipeline sets no heads" in str(outcome)
    assert 'quotes = "rules" or "none"' in str(outcome)
    assert [*capitals(quotes="rules").extract([Article("a", "Lyon dort.")])] == [
        [Entity(Span(0, 4), "LOC")]
    ]


@pytest.mark.parametrize(("words", "wrong"), [(0, False), (19, False), (20, True)])
def test_words_of_which_none_hangs_on_another(words: int, wrong: bool) -> None:
    roots = [ParsedWord(n, n + 1, "a", "", "", n, "root", 0) for n in range(words)]
    assert (headless([roots]) is not None) == wrong
    assert headless([roots, [ParsedWord(0, 1, "a", "", "", 1, "det", 0), *roots[:1]]]) is None


def test_quotations_that_cannot_be_found_as_asked() -> None:
    none = Common.checked(None, "tree", None, False, False, 100)
    with pytest.raises(BackendError, match="needs a parser, and the pipeline has none; say quotes"):
        none.source(has_parser=False, french=True)
    with pytest.raises(BackendError, match="in French only"):
        none.source(has_parser=True, french=False)
    asked = Common.checked(["quote"], None, None, False, False, 100)
    with pytest.raises(BackendError, match='the pipeline has no parser; say quotes = "rules"'):
        asked.source(has_parser=False, french=True)
    with pytest.raises(BackendError, match=r'asked for .kinds., and quotes = "none"'):
        asked._replace(quotes="none").source(has_parser=True, french=True)
    assert asked.source(has_parser=True, french=True) == "tree"
    assert none._replace(quotes=None).source(has_parser=False, french=True) == "none"


@given(lengths=st.lists(st.integers(4, 12)), longest=st.integers(1, 12), size=st.integers(1, 4))
def test_articles_that_are_too_long_fail_alone(lengths: list[int], longest: int, size: int) -> None:
    extractor = capitals(["entity"], "none", batch_size=size, longest=longest)
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
