"""The training recipes, on made-up data: they run, and what they write loads and predicts."""

import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

TRAINING = Path(__file__).resolve().parents[2] / "extractors" / "training"
sys.path.insert(0, str(TRAINING))

from corpus import (  # noqa: E402
    Augmenter,
    Passage,
    read_treebank,
    sentence_text,
    split_paragraphs,
)
from gold_guard import GoldDigests, refuse_gold  # noqa: E402
from lexicon import NORM, build_lexicon, read_classes  # noqa: E402
from names import known_names  # noqa: E402

TEXT = "À Lyon, Anne Petit (ONU) a parlé le 3 mai 2017 à 14 h.\n\nElle a quitté Paris à l’aube."
SPANS = [
    {"start": 2, "end": 6, "label": "LOC"},
    {"start": 8, "end": 18, "label": "PER"},
    {"start": 20, "end": 23, "label": "ORG"},
    {"start": 36, "end": 46, "label": "DATE"},
    {"start": 49, "end": 53, "label": "TIME"},
    {"start": 70, "end": 75, "label": "LOC"},
]
TREE = """\
# text = Le maire du village parle.
1\tLe\tle\tDET\t_\t_\t2\tdet\t_\t_
2\tmaire\tmaire\tNOUN\t_\t_\t6\tnsubj\t_\t_
3-4\tdu\t_\t_\t_\t_\t_\t_\t_\t_
3\tde\tde\tADP\t_\t_\t5\tcase\t_\t_
4\tle\tle\tDET\t_\t_\t5\tdet\t_\t_
5\tvillage\tvillage\tNOUN\t_\t_\t2\tnmod\t_\t_
6\tparle\tparler\tVERB\t_\tMood=Ind\t0\troot\t_\tSpaceAfter=No
7\t.\t.\tPUNCT\t_\t_\t6\tpunct\t_\t_

# text = « Oui. »
1\t«\t«\tPUNCT\t_\t_\t2\tpunct\t_\t_
2\tOui\toui\tINTJ\t_\t_\t0\troot\t_\tSpaceAfter=No
3\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_
4\t»\t»\tPUNCT\t_\t_\t2\tpunct\t_\t_

"""

PASSAGE = Passage(TEXT, tuple((s["start"], s["end"], s["label"]) for s in SPANS))  # type: ignore[misc]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a few articles and trees, repeated."""
    folder = tmp_path / "data"
    (folder / "winer-fr").mkdir(parents=True)
    (folder / "ud-french").mkdir()
    line = json.dumps({"text": TEXT, "spans": SPANS}) + "\n"
    for part in ("train", "dev"):
        (folder / "winer-fr" / f"{part}.jsonl").write_text(line * 8, encoding="utf-8")
    for part in ("sequoia-train", "sequoia-dev"):
        (folder / "ud-french" / f"{part}.conllu").write_text(TREE * 40, encoding="utf-8")
    return folder


# The classes of Lyon and Paris share their first steps (the low bits); that of « Elle » has no name.
CLASSES = {
    "es": {"Lyon": 0b00110, "Paris": 0b10110, "Madrid": 0b00110, "Elle": 0b0001, "Ana": 0},
    "de": {"Anne": 0b0100, "Petit": 0b0100, "Lyon": 0b0011, "Müller": 0b0100, "haus": 0b0011},
}


@pytest.fixture
def classes(tmp_path: Path) -> Path:
    """A folder with word classes of two languages."""
    folder = tmp_path / "classes"
    folder.mkdir()
    for language, table in CLASSES.items():
        packed = gzip.compress(json.dumps(table).encode())
        (folder / f"{language}_lexeme_cluster.json.gz").write_bytes(packed)
    return folder


def run(script: str, *arguments: object) -> None:
    command = [sys.executable, str(TRAINING / script), *map(str, arguments)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run(command, check=True, capture_output=True, text=True, env=environment)


@pytest.mark.slow
def test_the_spacy_recipes_write_a_pipeline(data: Path, classes: Path, tmp_path: Path) -> None:
    import spacy

    out = tmp_path / "spacy"
    run("train_spacy.py", data, out, "--classes", classes, "--steps", 3)
    run("train_parser.py", data, out, "--steps", 3)
    nlp = spacy.load(out)
    assert nlp.pipe_names == ["ner", "tok2vec", "morphologizer", "parser"]
    assert set(nlp.get_pipe("ner").labels) == {"PER", "ORG", "LOC", "MISC", "DATE", "TIME"}
    parsed = nlp(TEXT)
    assert parsed.has_annotation("DEP")
    assert parsed.has_annotation("POS")
    assert [source["name"] for source in nlp.meta["sources"]][-2:] == [
        "UD_French-Sequoia",
        "UD_French-GSD",
    ]
    lyon, madrid, unknown = (nlp.vocab[word] for word in ("Lyon", "Madrid", "Elle"))
    assert lyon.has_vector
    assert madrid.has_vector
    assert not unknown.has_vector


@pytest.mark.slow
def test_a_parser_goes_into_another_pipeline_and_changes_nothing_else(
    data: Path, classes: Path, tmp_path: Path
) -> None:
    import spacy

    parsed, other = tmp_path / "parsed", tmp_path / "other"
    run("train_spacy.py", data, parsed, "--classes", classes, "--steps", 2)
    run("train_spacy.py", data, other, "--classes", classes, "--steps", 3, "--seed", 2)
    run("train_parser.py", data, parsed, "--steps", 2)
    before = spacy.load(other).get_pipe("ner").to_bytes(exclude=["vocab"])
    for _ in range(2):  # the second time in the place of the first
        run("join.py", parsed, other)
    giver, taker = spacy.load(parsed), spacy.load(other)
    assert taker.get_pipe("ner").to_bytes(exclude=["vocab"]) == before
    assert taker.pipe_names == ["ner", "tok2vec", "morphologizer", "parser"]
    assert len(taker.meta["sources"]) == len(giver.meta["sources"])
    features = set(taker.get_pipe("morphologizer").cfg["labels_morph"].values())
    assert "Mood=Ind" in features
    assert features - {""} <= set(taker.vocab.strings)
    assert [(t.pos_, t.dep_, t.head.i) for t in taker(TEXT)] == [
        (t.pos_, t.dep_, t.head.i) for t in giver(TEXT)
    ]


@pytest.mark.slow
def test_the_stanza_recipe_writes_a_model_directory(
    data: Path, classes: Path, tmp_path: Path
) -> None:
    import stanza

    from fact_extractors.pipelines import stanza as stanza_pipeline

    out = tmp_path / "stanza"
    few = ("--steps", 3, "--tokenizer-steps", 3, "--copies", 1)
    run("train_stanza.py", data, out, "--classes", classes, *few)
    run("train_stanza_parser.py", data, out, "--steps", 3, "--tagger-steps", 3)
    pipeline = stanza.Pipeline(
        "fr", dir=str(out), processors="tokenize,ner", download_method=None, verbose=False
    )
    assert pipeline(TEXT).num_tokens > 0
    tagger = pipeline.processors["ner"].trainers[0]
    vector = tagger.model.word_emb.weight[tagger.vocab["word"].unit2id("Madrid")]
    spanish, german = vector.chunk(2)
    assert spanish.norm().item() == pytest.approx(NORM, rel=1e-3)  # as it was written
    assert not german.any()
    for file in out.rglob("*.pt"):
        assert tempfile.gettempdir().encode() not in file.read_bytes()
    (words,) = stanza_pipeline.build(model_dir=str(out), quotes="tree").trees([TEXT])
    assert all(word.pos and word.dep and not word.lemma for word in words)
    before = [(out / "fr" / name / "news.pt").read_bytes() for name in ("pos", "ner", "tokenize")]
    run("train_stanza_parser.py", data, out, "--steps", 2, "--tagger-steps", 0)
    assert before == [
        (out / "fr" / name / "news.pt").read_bytes() for name in ("pos", "ner", "tokenize")
    ]


def test_paragraphs_keep_what_their_spans_cover() -> None:
    paragraphs = split_paragraphs(PASSAGE)
    covered = [p.text[s:e] for p in paragraphs for s, e, _ in p.spans]
    assert covered == ["Lyon", "Anne Petit", "ONU", "3 mai 2017", "14 h", "Paris"]


@given(seed=st.integers(0, 10**6))
def test_a_variant_has_as_many_spans_in_order_and_apart(seed: int) -> None:
    augmenter = Augmenter([PASSAGE], seed, known_names())
    variant = augmenter.variant(PASSAGE, replace=0.8)
    assert [label for *_, label in variant.spans] == [label for *_, label in PASSAGE.spans]
    reached = 0
    for start, end, _ in variant.spans:
        assert reached <= start < end <= len(variant.text)
        assert variant.text[start:end] == variant.text[start:end].strip()
        reached = end


@given(seed=st.integers(0, 10**6))
def test_typography_keeps_the_length(seed: int) -> None:
    text = 'L\'« abc » d’un "mot" : oui !'
    assert len(Augmenter([], seed).vary_typography(text)) == len(text)


def test_the_same_seed_makes_the_same_variants() -> None:
    first, second = (Augmenter([PASSAGE], 7, known_names()) for _ in range(2))
    assert [first.variant(PASSAGE) for _ in range(20)] == [
        second.variant(PASSAGE) for _ in range(20)
    ]


def test_a_treebank_keeps_fused_words_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    path.write_text(TREE, encoding="utf-8")
    first, second = read_treebank(path)
    assert sentence_text(first) == "Le maire du village parle."
    assert [token.form for token in first] == ["Le", "maire", "du", "village", "parle", "."]
    assert [word.form for word in first[2].words] == ["de", "le"]
    assert sentence_text(second) == "« Oui. »"


@pytest.mark.needs("torch")
def test_labels_mark_the_ends_of_tokens_and_sentences(tmp_path: Path) -> None:
    from train_stanza import labelled_text

    path = tmp_path / "a.conllu"
    path.write_text(TREE, encoding="utf-8")
    text, labels = labelled_text(list(read_treebank(path)), random.Random(3), None)
    text, labels = text.rstrip("\n"), labels.rstrip("\n")
    assert len(text) == len(labels)
    ends = [i for i, label in enumerate(labels) if label in "12"]
    tokens = [text[a + 1 : b + 1].strip() for a, b in zip([-1, *ends], ends, strict=False)]
    assert tokens == ["Le", "maire", "du", "village", "parle", ".", "«", "Oui", ".", "»"]
    assert [text[i] for i, label in enumerate(labels) if label == "2"] == [".", "»"]


def test_a_lexicon_holds_the_names_and_near_classes_have_near_codes(classes: Path) -> None:
    lexicon = build_lexicon(read_classes(classes), [PASSAGE], width=2048, limit=10)
    assert lexicon.words == ["Anne", "Lyon", "Madrid", "Müller", "Paris", "Petit"]
    code = dict(zip(lexicon.words, lexicon.codes[lexicon.rows], strict=True))
    spanish = {word: vector[:1024] for word, vector in code.items()}
    assert not spanish["Anne"].any()
    assert list(code["Anne"]) == list(code["Petit"]) == list(code["Müller"])
    assert spanish["Lyon"] @ spanish["Madrid"] == pytest.approx(NORM**2, rel=1e-4)
    # Lyon and Paris go the same way at one depth of six.
    assert spanish["Lyon"] @ spanish["Paris"] == pytest.approx(NORM**2 / 6, abs=0.3)


def test_a_lexicon_takes_the_most_frequent_words_first(classes: Path) -> None:
    lexicon = build_lexicon(read_classes(classes), [PASSAGE], width=8, limit=1)
    assert lexicon.words == ["Anne", "Lyon"]


GOLD = """\
text      = "withheld"
sha256    = "{digest}"
+++

>~ 70 {paragraph}
  LOC      <0:4>
"""


@pytest.mark.parametrize("place", ["whole", "paragraph", "words"])
def test_a_text_of_a_gold_set_is_refused(tmp_path: Path, place: str) -> None:
    from hashlib import sha256

    paragraph = (
        "Le barrage de la Sorne a débordé mardi, et trente familles ont dormi au gymnase du bourg."
    )
    text = f"Le barrage déborde\n\n{paragraph}"
    digest = {part: sha256(part.encode()).hexdigest() for part in (text, paragraph)}
    gold = {
        "whole": GOLD.format(digest=digest[text], paragraph="0" * 16),
        "paragraph": GOLD.format(digest="0" * 64, paragraph=digest[paragraph][:16]),
        "words": f'text = "full"\n+++\n\n> {paragraph}\n',
    }
    (tmp_path / "a.gold").write_text(gold[place], encoding="utf-8")
    digests = GoldDigests(tmp_path)
    refuse_gold([PASSAGE, Passage("Le barrage déborde", ())], digests)
    with pytest.raises(ValueError, match="passage 2 is in a gold set"):
        refuse_gold([PASSAGE, Passage(text, ())], digests)


@pytest.mark.slow
@pytest.mark.parametrize("script", ["train_spacy.py", "train_stanza.py"])
def test_the_recipes_refuse_the_text_of_a_gold_set(data: Path, script: str, tmp_path: Path) -> None:
    dispatch = next((TRAINING.parents[1] / "goldsets" / "depeches").glob("*.gold"))
    text = "\n\n".join(
        line[2:] for line in dispatch.read_text("utf-8").splitlines() if line.startswith("> ")
    )
    with (data / "winer-fr" / "train.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"text": text, "spans": []}) + "\n")
    with pytest.raises(subprocess.CalledProcessError) as error:
        run(script, data, tmp_path / "out", "--steps", 1)
    assert "is in a gold set" in error.value.stderr
