"""What the trainings of Stanza models are made of: files, words that share a row, scores."""

import json
import random
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

TRAINING = Path(__file__).resolve().parents[2] / "extractors" / "training"
sys.path.insert(0, str(TRAINING))

pytestmark = [pytest.mark.needs("stanza"), pytest.mark.needs("torch")]

TREE = (("Le", "DET", 1, "det"), ("maire", "NOUN", 2, "nsubj"), ("parle", "VERB", 2, "ROOT"))


def tree(rows: tuple[tuple[str, str, int, str], ...] = TREE):  # type: ignore[no-untyped-def]
    from trees import Node

    return tuple(Node(*row) for row in rows)


def test_the_index_names_what_is_there_and_what_comes(tmp_path: Path) -> None:
    from stanza_models import model_file, write_resources

    write_resources(tmp_path, ("tokenize", "ner"))
    alone = json.loads((tmp_path / "resources.json").read_text("utf-8"))["fr"]
    assert alone["packages"]["default"] == {"tokenize": "news", "ner": "news"}
    for processor in ("tokenize", "ner", "pos", "depparse"):
        model_file(tmp_path, processor).parent.mkdir(parents=True)
        model_file(tmp_path, processor).touch()
    write_resources(tmp_path, ())
    together = json.loads((tmp_path / "resources.json").read_text("utf-8"))["fr"]
    models = dict.fromkeys(("tokenize", "ner", "pos", "depparse"), "news")
    assert together["packages"]["default"] == models | {"lemma": "identity"}
    assert together["ner"] == alone["ner"]


def test_forms_of_reporting_verbs_of_one_use_share_a_row() -> None:
    from stanza.models.common.vocab import UNK_ID
    from stanza_trees import verb_vocabulary

    vocabulary = verb_vocabulary()
    said, told, saying = (
        vocabulary.unit2id(form) for form in ("affirme", "Affirmait", "affirmant")
    )
    assert said == told
    assert len({said, saying, UNK_ID}) == 3
    assert vocabulary.unit2id("maison") == UNK_ID
    again = type(vocabulary).load_state_dict(vocabulary.state_dict())
    assert again.unit2id("affirme") == said


@given(seed=st.integers(0, 1000), words=st.integers(1, 60))
def test_a_stream_gives_trees_of_as_many_words_as_are_asked_for(seed: int, words: int) -> None:
    from stanza_trees import Stream

    stream = Stream([tree(), tree(TREE[1:2])], "none", random.Random(seed))
    for _ in range(3):
        taken = stream.take(words)
        assert sum(map(len, taken[:-1])) < words <= sum(map(len, taken))
    assert [len(t) for t in stream.vocabulary()[:2]] == [3, 1]


def test_a_document_counts_heads_from_one_and_the_root_as_none() -> None:
    from stanza_trees import document

    (sentence,) = document([tree()]).sentences
    assert [(w.text, w.upos, w.head, w.deprel) for w in sentence.words] == [
        ("Le", "DET", 2, "det"),
        ("maire", "NOUN", 3, "nsubj"),
        ("parle", "VERB", 0, "root"),
    ]
    (other,) = document([tree()], [["X", "Y", "Z"]]).sentences
    assert [w.upos for w in other.words] == ["X", "Y", "Z"]


def test_heads_and_relations_of_words_are_counted() -> None:
    from stanza_trees import attachment

    marked = tree((*TREE, (".", "PUNCT", 2, "punct")))
    right = [(2, "det"), (3, "nsubj"), (0, "root"), (1, "dep")]
    half = [(2, "det"), (3, "obj"), (1, "root"), (3, "punct")]
    assert attachment([marked], [right]) == {"LAS": 100.0, "UAS": 100.0}
    assert attachment([marked], [half]) == {"LAS": 33.33, "UAS": 66.67}
