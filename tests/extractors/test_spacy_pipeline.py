"""Back end ``spacy``, with the bundled pipeline and with small ones made here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factharness.errors import BackendError, BackendUnavailable, ExtractionError
from factharness.facts import Article, Date, Entity, Fact, Quote, Span, spans_of
from factharness.testing import AWKWARD, check_extractor

spacy = pytest.importorskip("spacy")

from fact_extractors import spacy_pipeline  # noqa: E402
from fact_extractors.spacy_pipeline import SpacyExtractor, build  # noqa: E402

DAY = date(2024, 3, 5)
NEWS = (
    "Le président Emmanuel Macron a rencontré Angela Merkel à Berlin, le 12 mai 2018.",
    "« Rien n’est joué », a déclaré Jean Martin devant l’ONU.",
    "Selon l’Insee, le chômage a baissé en France en janvier 2017.",
    "Le Paris Saint-Germain a battu l'Olympique lyonnais dimanche à 21 h.",
)
ARTICLE = Article("news", "\n\n".join(NEWS), DAY)


@pytest.fixture(scope="module")
def bundled() -> SpacyExtractor:
    return build()


def facts(extractor: SpacyExtractor, *articles: Article) -> list[list[Fact]]:
    outcomes = list(extractor.extract(articles))
    assert not any(isinstance(outcome, ExtractionError) for outcome in outcomes), outcomes
    return [list(outcome) for outcome in outcomes if not isinstance(outcome, ExtractionError)]


def entities(found: Iterable[Fact], text: str) -> set[tuple[str, str]]:
    return {(f.span.of(text), f.label) for f in found if isinstance(f, Entity)}


def test_the_bundled_pipeline_keeps_the_contract() -> None:
    check_extractor(build)


def test_it_finds_well_known_names_and_absolute_dates(bundled: SpacyExtractor) -> None:
    (found,) = facts(bundled, ARTICLE)
    names = entities(found, ARTICLE.text)
    assert {("Emmanuel Macron", "PER"), ("Angela Merkel", "PER"), ("Berlin", "LOC")} <= names
    assert ("ONU", "ORG") in names
    values = {f.value for f in found if isinstance(f, Date)}
    assert {"2018-05-12", "2017-01"} <= values
    assert any(isinstance(f, Quote) and f.type == "direct" for f in found)


def test_only_the_kinds_asked_for_are_found() -> None:
    extractor = build(kinds=["date"])
    assert extractor.kinds == {"date"}
    (found,) = facts(extractor, ARTICLE)
    assert found
    assert all(isinstance(fact, Date) for fact in found)
    with pytest.raises(BackendError, match="date"):
        build(kinds=["dates"])


TEXT = st.lists(
    st.sampled_from(
        [
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
    ),
    max_size=8,
).map(" ".join)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(TEXT, max_size=4))
def test_spans_lie_in_the_text_and_are_trimmed(bundled: SpacyExtractor, texts: list[str]) -> None:
    articles = [Article(str(n), text, DAY) for n, text in enumerate(texts)]
    for article, found in zip(articles, facts(bundled, *articles), strict=True):
        for fact in found:
            for span in spans_of(fact):
                words = span.of(article.text)
                assert words
                assert words == words.strip()
        starts = [f.span.start for f in found if not isinstance(f, Quote)]
        assert starts == sorted(starts)


def test_the_batch_size_changes_nothing(bundled: SpacyExtractor) -> None:
    articles = [*AWKWARD, ARTICLE] * 2
    assert facts(build(batch_size=1), *articles) == facts(build(batch_size=8), *articles)


def test_a_long_article_is_stitched(bundled: SpacyExtractor) -> None:
    text = "\n\n".join(NEWS * 12)
    article = Article("long", text, DAY)
    whole = facts(bundled, article)
    assert len(whole[0]) > 40
    assert facts(build(max_length=900), article) == whole


@pytest.mark.slow
def test_worker_processes_change_nothing(bundled: SpacyExtractor) -> None:
    articles = [ARTICLE, *AWKWARD]
    assert facts(build(n_process=2, batch_size=4), *articles) == facts(bundled, *articles)


def test_typography_is_folded_without_moving_offsets(bundled: SpacyExtractor) -> None:
    plain = "Le maire de Lyon, Jean Martin, a quitté l'ONU à Paris."
    fancy = plain.replace("'", "’").replace("de Lyon", "de\u00a0Lyon").replace(" à ", "\u202fà ")
    first, second = facts(bundled, Article("a", plain), Article("b", fancy))
    assert [(f.span, f.label) for f in first if isinstance(f, Entity)] == [
        (f.span, f.label) for f in second if isinstance(f, Entity)
    ]


# --- pipelines of the user's own ---------------------------------------------------------------


def saved(folder: Path, nlp: Any) -> str:
    nlp.to_disk(folder)
    return str(folder)


def ruled(*patterns: tuple[str, str], lang: str = "fr") -> Any:
    nlp = spacy.blank(lang)
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"pattern": text, "label": label} for text, label in patterns])
    return nlp


def test_an_entity_ruler_is_enough_and_other_labels_are_mapped(tmp_path: Path) -> None:
    model = saved(tmp_path / "m", ruled(("Lyon", "GPE"), ("mardi", "DATE")))
    extractor = build(model)
    assert extractor.label_scheme == "ontonotes"
    (found,) = facts(extractor, Article("a", "À Lyon, mardi.", DAY))
    assert Entity(Span(2, 6), "GPE") in found
    assert any(isinstance(f, Date) and f.span == Span(8, 13) for f in found)
    (found,) = facts(
        build(model, labels={"GPE": "LOC", "DATE": ""}), Article("a", "À Lyon, mardi.")
    )
    assert found == [Entity(Span(2, 6), "LOC")]


def test_span_groups_count_as_mentions(tmp_path: Path) -> None:
    nlp = spacy.blank("fr")
    nlp.add_pipe("span_ruler").add_patterns([{"pattern": "Lyon", "label": "LOC"}])
    (found,) = facts(build(saved(tmp_path / "m", nlp)), Article("a", "À Lyon."))
    assert found == [Entity(Span(2, 6), "LOC")]


def test_components_that_nobody_needs_are_not_run(tmp_path: Path) -> None:
    nlp = ruled(("Lyon", "LOC"))
    nlp.add_pipe("sentencizer")
    assert build(saved(tmp_path / "m", nlp)).nlp.pipe_names == ["entity_ruler"]


def test_an_article_that_breaks_the_pipeline_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    extractor = build(batch_size=4)
    make_doc = extractor.nlp.make_doc

    def fragile(text: str) -> Any:
        if "boum" in text:
            raise ValueError("boum")
        return make_doc(text)

    monkeypatch.setattr(extractor.nlp, "make_doc", fragile)
    articles = [Article(str(n), text) for n, text in enumerate(["Lyon", "boum", "", "Paris"] * 3)]
    outcomes: Sequence[Any] = list(extractor.extract(articles))
    assert len(outcomes) == len(articles)
    for article, outcome in zip(articles, outcomes, strict=True):
        assert isinstance(outcome, ExtractionError) == (article.text == "boum")


# --- models that cannot be used ----------------------------------------------------------------


def test_a_pipeline_that_is_not_installed_says_how_to_get_it() -> None:
    with pytest.raises(BackendUnavailable, match=r"python -m spacy download fr_no_such_model"):
        build("fr_no_such_model")


def test_an_unknown_bundled_name_is_told_the_known_ones() -> None:
    with pytest.raises(BackendError, match="fr_news"):
        build("bundled:fr_new")


def test_a_folder_that_is_no_pipeline(tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="cannot load"):
        build(str(tmp_path))


@pytest.mark.parametrize("file", ["config.cfg", "ner/model", "tokenizer", "meta.json"])
def test_a_damaged_pipeline(tmp_path: Path, file: str) -> None:
    source = Path(spacy_pipeline.__file__).parent / "models" / "spacy_fr_news"
    shutil.copytree(source, tmp_path / "m")
    (tmp_path / "m" / file).write_bytes(b"\x00\xff not what it was")
    with pytest.raises(BackendError, match="cannot load"):
        build(str(tmp_path / "m"))


def test_a_pipeline_without_entities(tmp_path: Path) -> None:
    nlp = spacy.blank("fr")
    nlp.add_pipe("sentencizer")
    with pytest.raises(BackendError, match="no component that finds entities"):
        build(saved(tmp_path / "m", nlp))


def test_a_pipeline_of_another_language(tmp_path: Path) -> None:
    model = saved(tmp_path / "m", ruled(("Lyon", "LOC"), lang="en"))
    with pytest.raises(BackendError, match="is for 'en'"):
        build(model)
    assert build(model, lang="en").kinds == {"entity", "quote"}


def test_a_gpu_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise ValueError("no GPU")

    monkeypatch.setattr(spacy, "require_gpu", none)
    with pytest.raises(BackendUnavailable, match="GPU"):
        build(gpu=True).load()


def test_the_bundled_pipeline_is_not_loaded_before_it_is_needed() -> None:
    code = (
        "import sys; from fact_extractors.spacy_pipeline import build\n"
        "made = build(); made.fingerprint(); print(sorted(made.kinds), 'spacy' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split("] ")[1] == "False\n"


def test_the_fingerprint_follows_model_and_options(tmp_path: Path) -> None:
    one = saved(tmp_path / "one", ruled(("Lyon", "LOC")))
    two = saved(tmp_path / "two", ruled(("Paris", "LOC")))
    prints = [build(one), build(two), build(one, parse=False)]
    assert len({tuple(sorted(e.fingerprint().items())) for e in prints}) == 3
    assert build(one, batch_size=2).fingerprint() == build(one, batch_size=9).fingerprint()
