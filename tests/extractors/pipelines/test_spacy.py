"""Back end ``spacy``, with the bundled pipeline and with small ones made here."""

from __future__ import annotations

import importlib
import itertools
import json
import re
import shutil
import subprocess
import sys
import textwrap
import threading
import tomllib
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy
import pytest
from news_articles import ARTICLE, DAY, entities, facts

from factharness.errors import BackendError, BackendUnavailable, ExtractionError
from factharness.facts import Article, Date, Entity, Quote, Span
from factharness.testing import AWKWARD, check_extractor

spacy = pytest.importorskip("spacy")

from spacy.training import Example  # noqa: E402

from fact_extractors.pipelines import batches, model_sources  # noqa: E402
from fact_extractors.pipelines import spacy as spacy_pipeline  # noqa: E402
from fact_extractors.pipelines.spacy import SpacyExtractor, build, words  # noqa: E402
from fact_extractors.pipelines.spacy_components import Component  # noqa: E402


@pytest.fixture(scope="module")
def bundled() -> SpacyExtractor:
    return build()


@pytest.mark.slow
def test_worker_processes_change_nothing(bundled: SpacyExtractor) -> None:
    articles = [ARTICLE, *AWKWARD]
    assert facts(build(n_process=2, batch_size=4), *articles) == facts(bundled, *articles)


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


# --- components that are added -----------------------------------------------------------------

PATTERNS = [{"label": "LOC", "pattern": "Lyon"}, {"label": "ORG", "pattern": [{"LOWER": "insee"}]}]
RULER = {"factory": "entity_ruler", "patterns": PATTERNS}
SENTENCE = Article("a", "À Lyon, selon l’INSEE.")
FOUND = {("Lyon", "LOC"), ("INSEE", "ORG")}


def named(extractor: SpacyExtractor, article: Article = SENTENCE) -> set[tuple[str, str]]:
    (found,) = facts(extractor, article)
    return entities(found, article.text)


def lines(file: Path, *patterns: object) -> str:
    file.write_text("\n\n".join(map(json.dumps, patterns)) + "\n", encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    "component",
    [RULER, {"factory": "span_ruler", "config": {"spans_key": "x"}, "patterns": PATTERNS}],
)
def test_a_blank_pipeline_finds_what_its_components_find(component: dict[str, Any]) -> None:
    check_extractor(build, model="blank", components=[component])
    assert named(build("blank", components=[component])) == FOUND


def test_patterns_may_stand_in_a_file(tmp_path: Path) -> None:
    file = lines(tmp_path / "names.jsonl", *PATTERNS)
    component = {"factory": "entity_ruler", "patterns": file}
    before = build("blank", components=[component])
    assert named(before) == FOUND
    Path(file).write_bytes(b"\xef\xbb\xbf" + Path(file).read_bytes())
    assert named(build("blank", components=[component])) == FOUND
    lines(tmp_path / "names.jsonl", *PATTERNS[:1])
    after = build("blank", components=[component])
    assert named(after) == {("Lyon", "LOC")}
    assert before.fingerprint() != after.fingerprint()


@pytest.mark.slow
@pytest.mark.parametrize("place", [{"first": True}, {"before": "ner"}])
def test_a_ruler_goes_before_or_after_a_model(place: dict[str, Any]) -> None:
    ruler = {"factory": "entity_ruler", "patterns": [{"label": "MISC", "pattern": "Paris"}]}
    article = Article("a", "Angela Merkel est à Paris.")
    assert ("Paris", "LOC") in named(build(components=[ruler]), article)
    assert ("Paris", "MISC") in named(build(components=[ruler | place]), article)
    over = ruler | {"config": {"overwrite_ents": True}}
    assert {("Paris", "MISC"), ("Angela Merkel", "PER")} <= named(build(components=[over]), article)


@pytest.mark.slow
def test_a_component_comes_from_another_pipeline(bundled: SpacyExtractor) -> None:
    taken = {"source": "bundled:fr_news", "name": "ner"}
    extractor = build("blank", components=[RULER, taken], fold_typography=True)
    assert named(extractor, ARTICLE) >= named(bundled, ARTICLE)
    renamed = {"source": "bundled:fr_news", "component": "ner", "name": "second"}
    assert build("blank", components=[renamed]).nlp.pipe_names == ["second"]


SMALL = {
    "width": 32,
    "depth": 1,
    "embed_size": 200,
    "window_size": 1,
    "maxout_pieces": 2,
    "subword_features": True,
}


def taught(nlp: Any, times: int = 30) -> Any:
    """The pipeline after it has seen one sentence with one name again and again."""
    example = Example.from_dict(nlp.make_doc("Elle vit à Lyon."), {"entities": [(11, 15, "LOC")]})
    optimizer = nlp.initialize(lambda: [example])
    for _ in range(times):
        nlp.update([example], sgd=optimizer)
    return nlp


def listening(folder: Path) -> str:
    """A pipeline whose recogniser listens to a layer that it shares."""
    nlp = spacy.blank("fr")
    nlp.add_pipe("tok2vec", config={"model": {"width": 32, "embed_size": 200}})
    heard = {"@architectures": "spacy.Tok2VecListener.v1", "width": 32, "upstream": "*"}
    nlp.add_pipe("ner", config={"model": {"tok2vec": heard}})
    return saved(folder, taught(nlp))


def test_a_component_takes_along_what_it_listens_to(tmp_path: Path) -> None:
    model = listening(tmp_path / "m")
    ner = {"source": model, "name": "ner"}
    alone = build("blank", components=[ner])
    shared = build("blank", components=[{"source": model, "name": "tok2vec"}, ner])
    assert alone.nlp.pipe_names == ["ner"]
    assert shared.nlp.pipe_names == ["tok2vec", "ner"]
    article = Article("a", "Elle vit à Lyon.")
    assert named(alone, article) == named(shared, article) == {("Lyon", "LOC")}


@pytest.mark.slow
def test_a_component_is_not_parted_from_its_word_vectors(tmp_path: Path) -> None:
    sources = []
    for width in (3, 4):
        nlp = spacy.blank("fr")
        nlp.vocab.set_vector("Lyon", numpy.ones(width))
        heard = {"@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": True} | SMALL
        nlp.add_pipe("ner", config={"model": {"tok2vec": heard}})
        sources.append(saved(tmp_path / f"m{width}", taught(nlp)))
    first, second = (
        {"source": source, "component": "ner", "name": f"ner{number}"}
        for number, source in enumerate(sources)
    )
    assert build("blank", components=[first]).nlp.vocab.get_vector("Lyon").tolist() == [1, 1, 1]
    with pytest.raises(BackendError, match=r'a back end of its own, .* use = "vote"'):
        build("blank", components=[first, second])
    with pytest.raises(BackendError, match="word vectors"):
        build(sources[0], components=[second])
    # What reads no vectors goes with any that there are.
    nlp = ruled(("Lyon", "LOC"))
    nlp.vocab.set_vector("Lyon", numpy.ones(5))
    ruler = {"source": saved(tmp_path / "ruler", nlp), "component": "entity_ruler", "name": "r"}
    both = build("blank", components=[ruler, second])
    assert both.nlp.vocab.get_vector("Lyon").tolist() == [1, 1, 1, 1]
    apart = [named(build(source), Article("a", "Elle vit à Lyon.")) for source in sources]
    assert apart == [{("Lyon", "LOC")}] * 2


@pytest.mark.parametrize(
    ("components", "message"),
    [
        ([], "say its components"),
        ([{"factory": "entity_rulr"}], "did you mean 'entity_ruler'"),
        ([{"factory": "sentencizer"}], "no component that finds entities"),
        ([{"factory": "entity_ruler"}], "knows no label"),
        ([{"factory": "ner"}], "knows no label"),
        ([{"factory": "sentencizer", "patterns": PATTERNS}], "takes no patterns"),
        ([{"factory": "entity_ruler", "pattern": []}], "unknown field `pattern`"),
        ([{"factory": "entity_ruler", "patterns": [{"label": "LOC"}]}], "field `pattern`"),
        (
            [{"factory": "entity_ruler", "patterns": [{"label": "X", "pattern": [{"LOWR": "a"}]}]}],
            "LOWR",
        ),
        (
            [{"factory": "entity_ruler", "patterns": "none.jsonl"}],
            "none.jsonl: patterns cannot be read",
        ),
        ([{"factory": "entity_ruler", "config": {"colour": "red"}}], "colour"),
        ([{}], "a factory or a source"),
        ([{"source": "bundled:fr_news"}], "say name"),
        ([{"source": "bundled:fr_news", "name": "nre"}], "did you mean 'ner'"),
        ([{"source": "no_such_package", "name": "ner"}], "download no_such_package"),
        ([RULER, RULER], "'entity_ruler'"),
        ([RULER | {"after": "ner"}], "'entity_ruler'"),
    ],
)
def test_components_that_cannot_be_used(components: list[Any], message: str) -> None:
    with pytest.raises(BackendError) as raised:
        build("blank", components=components)
    assert message in str(raised.value)


@pytest.mark.parametrize("line", ["{", '{"label": 3, "pattern": "x"}', "\x00", '"Lyon"'])
def test_a_bad_line_of_patterns_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "names.jsonl"
    file.write_text(json.dumps(PATTERNS[0]) + "\n\n" + line + "\n", encoding="utf-8")
    with pytest.raises(BackendError, match=r"names\.jsonl:3: not a pattern"):
        build("blank", components=[{"factory": "entity_ruler", "patterns": str(file)}])


def test_a_language_that_spacy_does_not_have() -> None:
    with pytest.raises(BackendError, match="no language 'qq'"):
        build("blank", lang="qq", components=[RULER])


def test_the_page_names_the_keys_of_components_and_its_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (Path(__file__).parents[3] / "docs" / "backends.md").read_text(encoding="utf-8")
    section = page[page.index("### Components\n") : page.index("### Span groups\n")]
    listed = [line.partition(":")[0] for line in section.splitlines() if line.startswith("- `")]
    keys = [key for line in listed for key in re.findall(r"`(\w+)`", line)]
    assert sorted(keys) == sorted(Component.__struct_fields__)
    (patterns,) = re.findall(r"```json\n(.*?)```", section, re.S)
    (tmp_path / "names.jsonl").write_text(patterns, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    article = Article("a", "Les Ateliers Brémond s’installent au Val d’Orge, près de Lyon.")
    found = {}
    for example in re.findall(r"```toml\n(.*?)```", section, re.S):
        for backend in tomllib.loads(example)["backend"]:
            # The last example joins back ends, one of them a pipeline that is to be downloaded.
            if "components" in backend.get("options", {}):
                found[backend["name"]] = named(build(**backend["options"]), article)
    assert {("Ateliers Brémond", "ORG"), ("Val d’Orge", "LOC")} <= found["news-and-names"]
    assert ("Lyon", "LOC") in found["put-together"]


# --- span groups -------------------------------------------------------------------------------


def rulers(**keys: str) -> list[dict[str, Any]]:
    """A span ruler per span group, each looking for its own word."""
    return [
        {
            "factory": "span_ruler",
            "name": key,
            "config": {"spans_key": key},
            "patterns": [{"label": "LOC", "pattern": word}],
        }
        for key, word in keys.items()
    ]


TOWNS = Article("a", "Lyon, Nice et Metz.")


def test_span_groups_are_chosen() -> None:
    both = rulers(one="Lyon", two="Nice")
    assert named(build("blank", components=both), TOWNS) == {("Lyon", "LOC"), ("Nice", "LOC")}
    one = build("blank", components=both, span_groups=["one"])
    assert named(one, TOWNS) == {("Lyon", "LOC")}
    assert named(build("blank", components=both, span_groups=[]), TOWNS) == set()
    assert one.fingerprint() != build("blank", components=both).fingerprint()


def test_a_span_group_that_nobody_writes() -> None:
    with pytest.raises(BackendError, match="unknown span group 'tow'; did you mean 'two'"):
        build("blank", components=rulers(two="Nice"), span_groups=["tow"])
    with pytest.raises(BackendError, match="span group 'sc'"):
        build(span_groups="sc")


@spacy.Language.component("metz")
def metz(doc: Any) -> Any:
    """A component that writes a span group and says nothing of it."""
    doc.spans["own"] = [doc.char_span(14, 18, "LOC")] if doc.text == TOWNS.text else []
    return doc


def test_a_component_that_is_not_spacys_may_write_any_span_group() -> None:
    both = [*rulers(one="Lyon"), {"factory": "metz"}]
    assert named(build("blank", components=both), TOWNS) == {("Lyon", "LOC"), ("Metz", "LOC")}
    own = build("blank", components=both, span_groups=["own", "other"])
    assert named(own, TOWNS) == {("Metz", "LOC")}


def test_a_component_that_is_not_spacys_is_enough() -> None:
    alone = [{"factory": "metz"}]
    assert named(build("blank", components=alone), TOWNS) == {("Metz", "LOC")}
    dated = build("blank", components=alone, labels={"LOC": "DATE"})
    (found,) = facts(dated, TOWNS)
    assert [type(fact) for fact in found] == [Date]


class Towns:
    """A component that says what it finds."""

    labels = ("GPE", "PERSON", "DATE")

    def __call__(self, doc: Any) -> Any:
        doc.ents = [doc.char_span(0, 4, "GPE")] if doc.text == TOWNS.text else []
        return doc


@spacy.Language.factory("towns", assigns=["doc.ents"])
def towns(nlp: Any, name: str) -> Towns:
    return Towns()


def test_a_component_that_is_not_spacys_may_say_its_labels() -> None:
    extractor = build("blank", components=[{"factory": "towns"}])
    assert extractor.label_scheme == "ontonotes"
    assert extractor.kinds == {"entity", "date"}
    assert named(extractor, TOWNS) == {("Lyon", "GPE")}


# --- the two passes ----------------------------------------------------------------------------


@spacy.Language.component("splitter", assigns=["token.dep", "token.head", "token.is_sent_start"])
def splitter(doc: Any) -> Any:
    """A parser that takes each word for a sentence."""
    heads = list(range(len(doc)))
    return spacy.tokens.Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        heads=heads,
        deps=["ROOT"] * len(heads),
    )


def test_names_are_found_before_sentences_are_set(bundled: SpacyExtractor) -> None:
    parsed = build(components=[{"factory": "splitter", "first": True}], kinds=["entity", "date"])
    assert facts(parsed, ARTICLE) == [
        [fact for fact in found if not isinstance(fact, Quote)] for found in facts(bundled, ARTICLE)
    ]
    alone = build("blank", components=[{"factory": "splitter"}, RULER])
    assert "quote" in alone.kinds
    (outcome,) = alone.extract([ARTICLE])
    assert isinstance(outcome, ExtractionError)
    assert "sets no heads" in str(outcome)


def test_the_passes_of_the_bundled_pipeline_share_no_component(bundled: SpacyExtractor) -> None:
    passes = bundled.pipeline.passes
    assert passes.mentions == {"ner"}
    assert "parser" in passes.trees
    assert not passes.mentions & passes.trees
    assert build(kinds=["entity"]).nlp.pipe_names == ["ner"]
    assert "parser" not in build(quotes="rules").nlp.pipe_names


def test_a_ruler_that_asks_for_parts_of_speech_gets_them() -> None:
    pattern = {"label": "MISC", "pattern": [{"POS": "ADV"}]}
    ruler = {"factory": "entity_ruler", "patterns": [pattern], "name": "adverbs"}
    for kinds in (["entity"], ["entity", "quote"]):
        extractor = build(components=[ruler], kinds=kinds)
        assert {"ner", "adverbs"} < extractor.pipeline.passes.mentions
        assert ("Demain", "MISC") in named(extractor, Article("a", "Demain, Jean Martin part."))


def test_words_of_a_document_without_white_space() -> None:
    texts = ["Anne", " ", "dit", "oui", "\n", "Non"]
    document = spacy.tokens.Doc(
        spacy.blank("fr").vocab,
        words=texts,
        spaces=[False, False, True, False, False, False],
        heads=[2, 0, 2, 1, 5, 5],
        deps=["nsubj", "dep", "ROOT", "obj", "dep", "ROOT"],
        sent_starts=[True, False, False, False, True, False],
    )
    assert [(w.text, w.start, w.head, w.dep, w.sentence, w.lemma) for w in words(document)] == [
        ("Anne", 0, 1, "nsubj", 0, ""),
        ("dit", 5, 1, "root", 0, ""),
        ("oui", 9, 0, "obj", 0, ""),  # by the space, which hangs on the first word
        ("Non", 13, 3, "root", 1, ""),
    ]


# --- memory ------------------------------------------------------------------------------------

LETTERS = "abcdefgh"
NEW_WORDS = ("".join(word) for word in itertools.product(LETTERS, repeat=9))


def fresh(count: int) -> list[Article]:
    """Articles of words that no other article has."""
    return [Article("", " ".join(itertools.islice(NEW_WORDS, 20))) for _ in range(count)]


def test_the_words_of_articles_are_forgotten(bundled: SpacyExtractor) -> None:
    facts(bundled, ARTICLE)
    strings, words = len(bundled.nlp.vocab.strings), len(list(bundled.nlp.vocab))
    for _ in range(3):
        facts(bundled, *fresh(40))
    assert len(bundled.nlp.vocab.strings) == strings
    assert len(list(bundled.nlp.vocab)) == words


def test_readings_that_interleave_or_are_left_half_way(bundled: SpacyExtractor) -> None:
    expected = facts(bundled, ARTICLE) * 6
    extractor = build(batch_size=2)
    left = extractor.extract([*fresh(3), ARTICLE])
    next(left)
    pairs = zip(extractor.extract([ARTICLE] * 6), extractor.extract([ARTICLE] * 6), strict=True)
    one, two = zip(*pairs, strict=True)
    assert [list(each) for each in one] == [list(each) for each in two] == expected
    assert not extractor.nlp.vocab.in_memory_zone
    left.close()
    with extractor.nlp.memory_zone():  # somebody else's is neither nested nor ended
        assert facts(extractor, ARTICLE) == expected[:1]
        assert extractor.nlp.vocab.in_memory_zone


def test_a_pipeline_that_raises_leaves_no_zone_open(monkeypatch: pytest.MonkeyPatch) -> None:
    extractor = build("blank", components=[RULER])

    def broken(text: str) -> Any:
        raise ValueError("boum")

    monkeypatch.setattr(extractor.nlp, "make_doc", broken)
    assert isinstance(next(extractor.extract([SENTENCE])), ExtractionError)
    assert not extractor.nlp.vocab.in_memory_zone


# --- worker processes --------------------------------------------------------------------------

DEADLY = """
    import os, signal, sys
    import spacy
    from factharness.facts import Article
    from fact_extractors.pipelines.spacy import build

    @spacy.Language.component("deadly")
    def deadly(doc):
        if "boum" in doc.text:
            os._exit(3) if sys.argv[1] == "exit" else os.kill(os.getpid(), signal.SIGKILL)
        return doc

    if __name__ == "__main__":
        ruler = {"factory": "entity_ruler", "patterns": [{"label": "LOC", "pattern": "Lyon"}]}
        made = build("blank", components=[{"factory": "deadly"}, ruler], n_process=2, batch_size=3)
        texts = ["Lyon", "Lyon boum", "", "Paris"] * 6
        for text, outcome in zip(texts, made.extract(Article("", t) for t in texts), strict=True):
            print(text, "|", len(outcome) if isinstance(outcome, list) else outcome)
"""


@pytest.mark.slow
@pytest.mark.parametrize("end", ["exit", "kill"])
def test_an_article_that_kills_its_process_fails_alone(tmp_path: Path, end: str) -> None:
    script = tmp_path / "deadly.py"
    script.write_text(textwrap.dedent(DEADLY), encoding="utf-8")
    said = subprocess.run(
        [sys.executable, script, end], capture_output=True, text=True, check=True, timeout=300
    )
    dead = "spaCy: ChildProcessError: the process that read the article died (killed, or out of memory)"
    assert said.stdout.splitlines() == ["Lyon | 1", f"Lyon boum | {dead}", " | 0", "Paris | 0"] * 6


STUCK = """
    import sys, threading
    import spacy
    from factharness.facts import Article
    from fact_extractors.pipelines.spacy import build

    @spacy.Language.component("stuck")
    def stuck(doc):
        if "boum" in doc.text:
            threading.Event().wait()
        return doc

    if __name__ == "__main__":
        ruler = {"factory": "entity_ruler", "patterns": [{"label": "LOC", "pattern": "Lyon"}]}
        made = build("blank", components=[{"factory": "stuck"}, ruler], n_process=2, batch_size=1)
        outcomes = made.extract(Article("", text) for text in ["Lyon", *["boum"] * 9])
        print(len(next(outcomes)), flush=True)
        if sys.argv[1] == "closed":
            outcomes.close()
        else:
            next(outcomes)
"""


@pytest.mark.slow
@pytest.mark.parametrize("end", ["closed", "killed"])
def test_no_worker_outlives_who_wanted_its_work(tmp_path: Path, end: str) -> None:
    script = tmp_path / "stuck.py"
    script.write_text(textwrap.dedent(STUCK), encoding="utf-8")
    command = [sys.executable, script, end]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        limit = threading.Timer(300, process.kill)
        limit.start()
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "1\n"
            if end == "killed":
                process.kill()
            # The workers have inherited the pipe: it ends when the last of them has.
            assert process.communicate(timeout=300) == ("", None)
        finally:
            limit.cancel()
            process.kill()
    assert (process.returncode == 0) == (end == "closed")


@pytest.mark.parametrize("count", [0, -2, 1.5, True])
def test_a_number_of_processes_that_is_none(count: Any) -> None:
    with pytest.raises(BackendError, match="n_process"):
        build(n_process=count)
    with pytest.raises(BackendError, match="gpu and n_process"):
        build(n_process=2, gpu=True)


def test_several_processes_where_none_can_be_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "get_all_start_methods", lambda: ["spawn"])
    with pytest.raises(BackendError, match=r"n_process = 2 needs processes that are forked.* -j"):
        build(n_process=2)
    build(n_process=1)


# --- models that cannot be used ----------------------------------------------------------------


def test_a_pipeline_that_is_not_installed_says_how_to_get_it() -> None:
    with pytest.raises(BackendUnavailable, match=r"python -m spacy download fr_no_such_model"):
        build("fr_no_such_model")


@pytest.mark.parametrize("model", ["models/news", "./news", "../news", "my news"])
def test_a_path_that_is_not_there_is_named_and_not_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BackendUnavailable, match="there is no folder") as raised:
        build(model)
    assert str(tmp_path / model) in str(raised.value)
    assert "download" not in str(raised.value)


def test_a_bundled_model_that_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = spacy_pipeline.MODELS / "spacy_fr_news"
    (shutil.copytree(source, tmp_path / source.name) / "meta.json").unlink()
    monkeypatch.setattr(model_sources, "MODELS", tmp_path)
    with pytest.raises(BackendError, match=r"meta\.json: .*install factharness again"):
        build()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": 3}, "model = 3 names no pipeline; name a package"),
        ({"model": ""}, "model = '' names no pipeline"),
        ({"batch_size": 0}, "batch_size = 0"),
        ({"max_length": 0}, "max_length = 0 is not a whole number from 1"),
        ({"max_length": -5}, "max_length = -5"),
        ({"max_length": "10"}, "max_length = '10'"),
        ({"kinds": []}, "kinds is empty"),
        ({"kinds": 3}, "kinds = 3 is not a list"),
        ({"quotes": "no"}, "unknown quotes 'no'; did you mean 'none'"),
        ({"gpu": "false"}, "gpu = 'false'"),
        ({"fold_typography": "no"}, "fold_typography = 'no'"),
        ({"labels": "wikiner"}, "labels = 'wikiner' is not a table"),
        ({"span_groups": 3}, "span_groups = 3 is not a list"),
        ({"components": "entity_ruler"}, "components = 'entity_ruler' is not a list"),
        ({"components": RULER}, "is not a list; it lists tables"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any], message: str) -> None:
    with pytest.raises(BackendError) as raised:
        build(**options)
    assert message in str(raised.value)


def test_a_folder_that_is_no_pipeline(tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="cannot load"):
        build(str(tmp_path))


@pytest.mark.parametrize("file", ["config.cfg", "ner/model", "tokenizer", "meta.json"])
def test_a_damaged_pipeline(tmp_path: Path, file: str) -> None:
    source = Path(spacy_pipeline.__file__).parents[1] / "models" / "spacy_fr_news"
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
    english = build(model, lang="en")
    assert english.kinds == {"entity"}  # quotes are found by rules of French
    with pytest.raises(BackendError, match="quote"):
        build(model, lang="en", kinds=["quote"])


def test_a_gpu_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise ValueError("no GPU")

    monkeypatch.setattr(spacy, "require_gpu", none)
    with pytest.raises(BackendUnavailable, match="GPU: no GPU; leave out gpu"):
        build(gpu=True).load()


def test_each_pipeline_computes_where_it_was_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[str] = []
    monkeypatch.setattr(spacy, "require_gpu", lambda: chosen.append("gpu"))
    monkeypatch.setattr(spacy, "require_cpu", lambda: chosen.append("cpu"))
    one = build("blank", components=[RULER], gpu=True)
    two = build("blank", components=[RULER])
    assert chosen == ["gpu", "cpu"]
    for extractor, where in ((one, "gpu"), (two, "cpu"), (one, "gpu")):
        named(extractor)
        assert chosen[-1] == where


def test_the_fingerprint_follows_model_and_options(tmp_path: Path) -> None:
    one = saved(tmp_path / "one", ruled(("Lyon", "LOC")))
    two = saved(tmp_path / "two", ruled(("Paris", "LOC")))
    prints = [build(one), build(two), build(one, quotes="rules")]
    assert len({tuple(sorted(e.fingerprint().items())) for e in prints}) == 3
    assert build(one, batch_size=2).fingerprint() == build(one, batch_size=9).fingerprint()
    assert build(one).fingerprint() != build(one, labels={}).fingerprint()
    in_order = build(one, kinds=["entity", "quote"], quotes="rules").fingerprint()
    assert in_order == build(one, kinds=["quote", "entity"], quotes="rules").fingerprint()
    blank = [build("blank", lang=lang, components=[RULER]).fingerprint() for lang in ("fr", "xx")]
    assert blank[0] != blank[1]


def test_the_fingerprint_follows_components_and_their_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = build("blank", components=[RULER]).fingerprint()
    assert {"spacy", "thinc"} <= set(plain)
    assert plain != build("blank", components=[RULER | {"name": "other"}]).fingerprint()
    code = """
        import spacy

        class Component:
            def __call__(self, doc):
                return doc

        @spacy.Language.factory("of_a_file")
        def make(nlp, name):
            return Component()
    """
    file = tmp_path / "component_of_a_file.py"
    file.write_text(textwrap.dedent(code), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module(file.stem)
    both = [RULER, {"factory": "of_a_file"}]
    before = build("blank", components=both).fingerprint()
    assert before == build("blank", components=both).fingerprint()
    file.write_text(textwrap.dedent(code) + "# changed\n", encoding="utf-8")
    after = build("blank", components=both).fingerprint()
    assert {key for key in before if before[key] != after[key]} == {"components"}


def test_a_pipeline_made_by_another_version_is_told_by_spacys_warning_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(spacy_pipeline.__file__).parents[1] / "models" / "spacy_fr_news"
    model = shutil.copytree(source, tmp_path / "m")
    meta = json.loads((model / "meta.json").read_text(encoding="utf-8"))
    meta["spacy_version"] = ">=3.1.0,<3.2.0"
    (model / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    with pytest.warns(UserWarning, match="W095"):
        build(str(model))
    # A worker process builds what the process that started it has built, and been warned of, before.
    monkeypatch.setattr(spacy_pipeline, "parent_process", lambda: object())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        build(str(model))
