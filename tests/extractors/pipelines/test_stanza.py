"""Back end ``stanza``, with the bundled models."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from news_articles import ARTICLE, DAY, entities, facts

from fact_extractors.pipelines import common, model_sources
from fact_extractors.pipelines import stanza as stanza_pipeline
from fact_extractors.pipelines.stanza import StanzaExtractor, build, sentences, words
from factharness.errors import BackendError, BackendUnavailable, ExtractionError
from factharness.facts import Article, Entity, Quote, Span
from factharness.testing import check_extractor

pytestmark = pytest.mark.needs("stanza")

MODELS = Path(stanza_pipeline.__file__).parents[1] / "models" / "stanza_fr_news"


@pytest.fixture(scope="module")
def bundled() -> StanzaExtractor:
    return build()


def test_words_of_a_fused_token_share_its_offsets() -> None:
    from stanza import Document

    told = [
        {"id": 1, "text": "fin", "start_char": 0, "end_char": 3, "head": 0, "deprel": "root"},
        {"id": [2, 3], "text": "du", "start_char": 4, "end_char": 6},
        {"id": 2, "text": "de", "head": 4, "deprel": "case"},
        {"id": 3, "text": "le", "head": 4, "deprel": "det"},
        {"id": 4, "text": "jour", "start_char": 7, "end_char": 11, "head": 1, "deprel": "nmod"},
    ]
    document = Document([told], text="fin du jour")
    read = words(document, lemmatised=True)
    assert [(word.text, word.start, word.end, word.head) for word in read] == [
        ("fin", 0, 3, 0),
        ("de", 4, 6, 3),
        ("le", 4, 6, 3),
        ("jour", 7, 11, 0),
    ]


def test_one_thread_unless_told_otherwise() -> None:
    import torch

    torch.set_num_threads(2)
    list(build().extract([ARTICLE]))
    assert torch.get_num_threads() == 1


def test_an_article_that_breaks_the_pipeline_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    extractor = build(batch_size=4)
    process = extractor.pipeline.bulk_process

    def fragile(documents: list[Any], **named: Any) -> list[Any]:
        if any("boum" in document.text for document in documents):
            raise ValueError("boum")
        done: list[Any] = process(documents, **named)
        return done

    monkeypatch.setattr(extractor.pipeline, "bulk_process", fragile)
    articles = [Article(str(n), text) for n, text in enumerate(["Lyon", "boum", "", "Paris"] * 3)]
    outcomes = list(extractor.extract(articles))
    assert len(outcomes) == len(articles)
    for article, outcome in zip(articles, outcomes, strict=True):
        assert isinstance(outcome, ExtractionError) == (article.text == "boum")


def test_labels_can_be_mapped_by_hand() -> None:
    labels = {"PER": "PER", "LOC": "LOC", "ORG": "", "MISC": "", "DATE": "", "TIME": ""}
    (found,) = facts(build(labels=labels), Article("a", "À Lyon, l’ONU."))
    assert found == [Entity(Span(2, 6), "LOC")]


# --- text that is tokenised already ------------------------------------------------------------

TOKENISED = "\n".join(
    (
        "Le président Emmanuel Macron a rencontré Angela Merkel à Berlin , le 12 mai 2018 .",
        "« Rien n’ est joué » , a déclaré Jean Martin devant l’ ONU .",
        "Selon l’ Insee , le chômage a baissé en France en janvier 2017 .",
    )
)
SPACES = " \t\r\x0b\x1f\x85\xa0\u2009\u202f\u2028\u3000"
WORDS = st.text(alphabet=f"aé’«.😀\n{SPACES}", max_size=60)


@pytest.fixture(scope="module")
def pretokenised() -> StanzaExtractor:
    return build(pretokenised=True)


@given(text=WORDS)
def test_words_and_sentences_are_those_of_stanza_and_stand_where_they_say(text: str) -> None:
    from stanza.pipeline.tokenize_processor import TokenizeProcessor

    found = sentences(text)
    _, expected = TokenizeProcessor.process_pre_tokenized_text(None, text)
    assert [[word["text"] for word in line] for line in found] == [
        [word["text"] for word in line] for line in expected
    ]
    for word in [word for line in found for word in line]:
        assert text[word["start_char"] : word["end_char"]] == word["text"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.sampled_from(TOKENISED.split()), min_size=1, max_size=30),
    gaps=st.lists(st.sampled_from([*SPACES, "\n", "\n\n ", " \n"]), min_size=31, max_size=31),
)
def test_facts_begin_and_end_with_words(
    pretokenised: StanzaExtractor, words: list[str], gaps: list[str]
) -> None:
    text = gaps[-1] + "".join(word + gap for word, gap in zip(words, gaps, strict=False))
    article = Article("a", text)
    all_words = [word for line in sentences(text) for word in line]
    (found,) = facts(pretokenised, article)
    for fact in found:
        if not isinstance(fact, Quote):
            assert fact.span.start in {word["start_char"] for word in all_words}
            assert fact.span.end in {word["end_char"] for word in all_words}


def test_the_words_of_a_reading_are_the_articles(pretokenised: StanzaExtractor) -> None:
    from stanza import Document

    text = "\n\n" + TOKENISED.replace("12 mai", "12\u00a0 mai") + "\n "
    (document,) = pretokenised.pipeline.bulk_process([Document(sentences(text), text=text)])
    read = words(document, lemmatised=False)
    assert [text[word.start : word.end] for word in read] == text.split()


@pytest.mark.slow
def test_a_tokenised_article_keeps_its_facts(pretokenised: StanzaExtractor, models: Path) -> None:
    check_extractor(build, pretokenised=True)
    article = Article("a", TOKENISED, DAY)
    (found,) = facts(pretokenised, article)
    names = entities(found, TOKENISED)
    assert {("Emmanuel Macron", "PER"), ("Angela Merkel", "PER"), ("ONU", "ORG")} <= names
    long = Article("long", "\n".join([TOKENISED] * 20), DAY)
    cut = build(pretokenised=True, max_length=900)
    assert facts(cut, long) == facts(pretokenised, long)
    shutil.rmtree(models / "fr" / "tokenize")  # no tokenizer is run, nor has to be there
    without = build(model_dir=str(models), pretokenised=True, fold_typography=True)
    assert facts(without, article) == [found]
    assert build().fingerprint() != pretokenised.fingerprint()


# --- trees -------------------------------------------------------------------------------------

TREEBANK = """1 Anne Anne PROPN _ _ 2 nsubj _ _
2 dit dire VERB _ _ 0 root _ _
3 oui oui INTJ _ _ 2 obj _ _
4 . . PUNCT _ _ 2 punct _ _
"""
TINY = (
    "--no_pretrain --max_steps 6 --eval_interval 5 --hidden_dim 8 --num_layers 1 --word_emb_dim 4"
)
TINY += " --char_hidden_dim 4 --char_emb_dim 4 --tag_emb_dim 4 --deep_biaff_hidden_dim 8 --cpu"


@pytest.fixture(scope="module")
def parsing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled models with a tagger and a parser that have learnt one sentence, and no lemmatizer."""
    from stanza.models import parser, tagger

    folder = tmp_path_factory.mktemp("parsing")
    models = Path(shutil.copytree(MODELS, folder / "models"))
    (folder / "train").write_text((TREEBANK.replace(" ", "\t") + "\n") * 8, encoding="utf-8")
    index = json.loads((models / "resources.json").read_text(encoding="utf-8"))
    for name, train in (("pos", tagger), ("depparse", parser)):
        shutil.rmtree(models / "fr" / name, ignore_errors=True)
        where = f"--save_dir {models / 'fr' / name} --save_name news.pt"
        data = f"--train_file {folder / 'train'} --eval_file {folder / 'train'}"
        command = f"--lang fr --shorthand fr_tiny --mode train {where} {data} {TINY}"
        train.main(command.split())
        index["fr"][name] = {"news": {}}
        index["fr"]["packages"]["default"][name] = "news"
    (models / "resources.json").write_text(json.dumps(index), encoding="utf-8")
    return models


@pytest.mark.slow
def test_a_parser_runs_without_a_lemmatizer_and_only_for_trees(parsing: Path) -> None:
    extractor = build(model_dir=str(parsing))
    assert "quote" in extractor.kinds
    assert extractor.pipeline.processors["lemma"].use_identity
    (tree,) = extractor.trees(["Anne dit oui."])
    assert [word.text for word in tree] == ["Anne", "dit", "oui", "."]
    assert all(word.dep and word.pos and word.lemma == "" for word in tree)
    for options in ({"kinds": ["entity"]}, {"quotes": "rules"}, {"quotes": "none"}):
        other = build(model_dir=str(parsing), **options)
        assert set(other.pipeline.processors) == {"tokenize", "ner"}


@pytest.mark.slow
def test_a_sentence_that_is_too_long_is_parsed_in_parts(parsing: Path) -> None:
    extractor = build(model_dir=str(parsing))
    text = "Anne dit oui du monde, " * 45
    (tree,) = extractor.trees([text])
    sentences = [
        [n for n, word in enumerate(tree) if word.sentence == k]
        for k in range(tree[-1].sentence + 1)
    ]
    assert [place for one in sentences for place in one] == list(range(len(tree)))
    assert max(map(len, sentences)) == stanza_pipeline.LONGEST
    for one in sentences:
        assert {tree[place].head for place in one} <= set(one)
    assert [word.text for word in tree if word.text != ","] == text.replace(",", "").split()
    assert all(text[word.start : word.end] == word.text for word in tree)


def test_words_of_a_fused_token_stay_together_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    from stanza import Document

    monkeypatch.setattr(stanza_pipeline, "LONGEST", 2)
    told = [
        {"id": 1, "text": "fin", "start_char": 0, "end_char": 3},
        {"id": [2, 3], "text": "du", "start_char": 4, "end_char": 6},
        {"id": 2, "text": "de"},
        {"id": 3, "text": "le"},
        {"id": 4, "text": "jour", "start_char": 7, "end_char": 11},
    ]
    cut = stanza_pipeline.in_parts(Document([told], text="fin du jour"))
    assert [[word.text for word in sentence.words] for sentence in cut.sentences] == [
        ["fin"],
        ["de", "le"],
        ["jour"],
    ]
    read = [(word.start, word.end, word.sentence) for word in words(cut, lemmatised=False)]
    assert read == [(0, 3, 0), (4, 6, 1), (4, 6, 1), (7, 11, 2)]


def test_a_unit_for_each_text_in_one_call(parsing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extractor = build(model_dir=str(parsing))
    process, calls = extractor.pipeline.bulk_process, []

    def counted(documents: list[Any], processors: Any) -> Any:
        calls.append([len(document.text) for document in documents])
        return process(documents, processors=processors)

    monkeypatch.setattr(extractor.pipeline, "bulk_process", counted)
    articles = [Article(str(n), "Anne dit oui.\n\nAnne dit oui. " * n, DAY) for n in (1, 2, 40)]
    facts(extractor, *articles)
    assert len(calls) == 3  # names; words of the units; their trees
    assert len(calls[1]) > 2
    assert calls[1] == calls[2]
    assert max(calls[1]) <= common.UNIT


# --- models that cannot be used ----------------------------------------------------------------


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MODELS, tmp_path / "models"))


@pytest.mark.slow
def test_a_directory_of_models_is_taken_by_its_path(models: Path) -> None:
    extractor = build(model_dir=str(models), fold_typography=True)
    assert facts(extractor, ARTICLE) == facts(build(), ARTICLE)


@pytest.mark.slow
def test_a_single_file_can_take_the_place_of_a_processor(models: Path) -> None:
    other = models / "other.pt"
    shutil.move(models / "fr" / "ner" / "news.pt", other)
    with pytest.raises(BackendUnavailable):
        build(model_dir=str(models))
    extractor = build(model_dir=str(models), files={"ner": str(other)}, fold_typography=True)
    assert facts(extractor, ARTICLE) == facts(build(), ARTICLE)


@pytest.mark.slow
def test_files_for_all_that_is_needed_need_no_folder(
    models: Path, tmp_path: Path, bundled: StanzaExtractor
) -> None:
    own = {name: str(models / "fr" / name / "news.pt") for name in ("tokenize", "ner")}
    empty = tmp_path / "empty"
    empty.mkdir()
    french = build(model_dir=str(empty), files=own, fold_typography=True, quotes="rules")
    assert facts(french, ARTICLE) == facts(build(quotes="rules"), ARTICLE)
    # The same model for a language that there is none of: no quotes, which are found by rules of French.
    other = build("qq", model_dir=str(models), files=own, fold_typography=True)
    names = [fact for fact in facts(bundled, ARTICLE) if isinstance(fact, Entity)]
    assert [fact for fact in facts(other, ARTICLE) if isinstance(fact, Entity)] == names
    assert "quote" not in other.kinds
    build(model_dir=str(empty), files={"ner": own["ner"]}, pretokenised=True)
    with pytest.raises(BackendUnavailable, match=r"resources\.json"):
        build(model_dir=str(empty), files={"ner": own["ner"]})


def test_a_folder_that_holds_no_models_says_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(BackendUnavailable) as raised:
        build(model_dir=str(tmp_path))
    assert f"stanza.download('fr', model_dir={str(tmp_path)!r})" in str(raised.value)


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BackendUnavailable, match="there is no folder") as raised:
        build(model_dir="none")
    assert str(tmp_path / "none") in str(raised.value)


def test_a_language_that_is_not_there() -> None:
    with pytest.raises(BackendUnavailable, match=r"'de'.*name the model_dir"):
        build("de")


@pytest.mark.parametrize("file", ["resources.json", "fr/ner/news.pt"])
def test_a_file_that_is_missing_is_not_downloaded_for_a_bundled_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    copy = Path(shutil.copytree(MODELS, tmp_path / MODELS.name))
    for module in (model_sources, stanza_pipeline):
        monkeypatch.setattr(module, "MODELS", tmp_path)
    (copy / file).unlink()
    with pytest.raises(BackendError, match=r"install factharness again") as raised:
        build().load()
    assert str(copy / file) in str(raised.value)
    assert "download" not in str(raised.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": "32"}, "batch_size = '32' is not a whole number from 1"),
        ({"batch_size": 0}, "batch_size = 0"),
        ({"threads": "2"}, "threads = '2'"),
        ({"threads": 0}, "threads = 0"),
        ({"max_length": 0}, "max_length = 0"),
        ({"max_length": "10"}, "max_length = '10'"),
        ({"kinds": []}, "kinds is empty"),
        ({"kinds": 3}, "kinds = 3 is not a list"),
        ({"quotes": "no"}, "unknown quotes 'no'; did you mean 'none'"),
        ({"gpu": "false"}, "gpu = 'false'"),
        ({"pretokenised": "false"}, "pretokenised = 'false'"),
        ({"fold_typography": "no"}, "fold_typography = 'no'"),
        ({"labels": "wikiner"}, "labels = 'wikiner' is not a table"),
        ({"files": "my.pt"}, "files = 'my.pt' is not a table"),
        ({"files": {"nerr": "my.pt"}}, "files: unknown processor 'nerr'; did you mean 'ner'"),
        ({"files": {"x": "my.pt"}}, "known: depparse, lemma, mwt, ner, pos, tokenize"),
        ({"files": {"ner": "none.pt"}}, f"{Path('none.pt').absolute()}: no such model file"),
        ({"lang": 3}, "lang = 3"),
        ({"package": ""}, "package = ''"),
        ({"model_dir": 3}, "model_dir = 3"),
        ({"model_dir": ""}, "model_dir = ''"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any], message: str) -> None:
    with pytest.raises(BackendError) as raised:
        build(**options)
    assert message in str(raised.value)


def test_a_package_that_is_not_there_is_told_those_that_are() -> None:
    with pytest.raises(BackendError, match=r"unknown package of 'fr' 'combined'.*known: default"):
        build(package="combined").load()


def test_a_package_without_an_entity_tagger(models: Path) -> None:
    index = {"fr": {"packages": {"default": {"tokenize": "news"}}}}
    (models / "resources.json").write_text(json.dumps(index), encoding="utf-8")
    with pytest.raises(BackendUnavailable, match="no entity tagger"):
        build(model_dir=str(models))


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"fr": 3}', b"\xff\xfe"])
def test_a_damaged_index(models: Path, content: bytes) -> None:
    (models / "resources.json").write_bytes(content)
    with pytest.raises(BackendError, match="index"):
        build(model_dir=str(models))


@pytest.mark.parametrize("file", ["tokenize/news.pt", "ner/news.pt"])
@pytest.mark.parametrize("content", [b"", b"not a model", None])
def test_a_damaged_model(models: Path, file: str, content: bytes | None) -> None:
    path = models / "fr" / file
    path.write_bytes(path.read_bytes()[:1000] if content is None else content)
    with pytest.raises(BackendError, match="cannot load"):
        build(model_dir=str(models))


def test_a_gpu_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(BackendUnavailable, match="GPU"):
        build(gpu=True).load()


def test_the_index_says_the_labels_of_the_bundled_tagger(bundled: StanzaExtractor) -> None:
    tags = bundled.pipeline.processors["ner"].get_known_tags()
    index = (
        Path(stanza_pipeline.__file__).parents[1] / "models" / "stanza_fr_news" / "resources.json"
    )
    assert json.loads(index.read_text())["fr"]["ner"]["news"]["labels"] == sorted(tags)


@pytest.mark.slow
def test_the_fingerprint_follows_models_and_options(models: Path) -> None:
    file = models / "fr" / "tokenize" / "news.pt"
    one = build(model_dir=str(models)).fingerprint()
    assert one == build(model_dir=str(models), batch_size=3).fingerprint()
    assert one != build(model_dir=str(models), labels={"PER": "PER"}).fingerprint()
    assert one != build(model_dir=str(models), labels={}).fingerprint()
    import torch

    state = torch.load(file, weights_only=True)
    torch.save(state, file)
    assert one != build(model_dir=str(models)).fingerprint()
