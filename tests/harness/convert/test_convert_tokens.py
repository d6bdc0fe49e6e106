"""Tokens depend on the text alone, and other programs accept them."""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from convert_strategies import LIBRARIES, articles, texts
from hypothesis import given, settings
from msgspec import structs

from factharness.convert import export_gold
from factharness.convert.model import Notes, mark
from factharness.convert.tokens import flat, on_tokens, tokenise
from factharness.facts import Article, Entity, GoldArticle, GoldFact, Span
from factharness.gold.problems import gold_paths
from factharness.gold.sets import load_file

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "words",
    [
        "L’ Élysée",
        "d' aujourd’hui",
        "jusqu’ à lorsqu' il puisqu’ on quoiqu’ elle qu' un",
        "c’ est s' il n’ a m' a t’ a J' ai Ç’ a",
        "QU’ ON L' ÉTÉ",
        "aujourd'hui prud’homme presqu’île quelqu'un entr’acte rock'n'roll O’Brien",
        "l’ « été »",
        "va-t-il porte-parole Villeneuve-d'Ascq",
        "2,3 % de 410.000 en 2017 - 2018 ...",
        "👩\u200d👩\u200d👧 ❤️ e\u0301te\u0301",
        "19 h . M .",
    ],
)
def test_a_text_is_cut_here(words):
    text = re.sub(r"(['’]) (?=\w)|(\w) (?=[.-] )|(?<= -) ", r"\1\2", words)
    text = text.replace("2017 -2018", "2017-2018").replace("l’«", "l’ «")
    assert [token.text for token in tokenise(text)] == words.split()


@given(texts)
def test_tokens_and_the_white_space_after_them_are_the_text(text):
    tokens = tokenise(text)
    start = tokens[0].start if tokens else len(text)
    assert text[:start] + "".join(token.text + token.after for token in tokens) == text
    assert all(not re.search(r"\s", token.text) and token.after.strip() == "" for token in tokens)


@given(articles())
def test_regions_are_widened_to_tokens_with_a_note_for_each(gold):
    marked, notes = mark(gold), Notes()
    tokens = tokenise(gold.article.text)
    starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
    placed = on_tokens(marked, tokens, notes)
    moved = 0
    for before, after in zip(marked.regions, placed.regions, strict=True):
        moved += before != after
        for old, new in zip(before.spans, after.spans, strict=True):
            assert new.start <= old.start < old.end <= new.end
            assert new.start in starts
            assert new.end in ends
    assert sum(note.times for note in notes.sums()) == moved


@cache
def vocab():
    import spacy

    return spacy.blank("fr").vocab


def columns(name: str, gold: GoldArticle) -> list[str]:
    """What an export says of the text alone: tokens, blank lines, flags."""
    files = export_gold(name, [gold]).files
    if name == "prodigy":
        return [json.dumps(json.loads(files["prodigy.jsonl"])["tokens"])]
    if name == "spacy":
        from spacy.tokens import DocBin

        (doc,) = DocBin().from_bytes(files["facts.spacy"]).get_docs(vocab())
        return [token.text_with_ws for token in doc]
    (source,) = (raw.decode() for raw in files.values())
    rows = [line.split("\t") for line in source.split("\n") if not line.startswith("#")]
    if name == "webanno":  # 1-3.1 is a part of the token 1-3
        return ["\t".join(row[:3]) for row in rows if "." not in row[0]]
    return [row[0] + "\t" + row[-1] * (name == "hipe") for row in rows]


@pytest.mark.needs(name=LIBRARIES)
@pytest.mark.parametrize("name", ["iob2", "iobes", "hipe", "webanno", "prodigy", "spacy"])
@settings(max_examples=25)
@given(gold=articles())
def test_the_tokens_of_a_text_do_not_depend_on_its_facts(name, gold):
    assert columns(name, gold) == columns(name, structs.replace(gold, facts=()))


def test_names_that_share_a_token_are_one_and_the_other_is_told():
    facts = (GoldFact(Entity(Span(0, 5), "LOC")), GoldFact(Entity(Span(6, 10), "LOC")))
    gold = GoldArticle(Article("a", "Paris-Nice en mars"), facts)
    notes = Notes()
    (region,) = flat(mark(gold), tokenise(gold.article.text), notes)
    assert region.spans == (Span(0, 10),)
    assert notes.lines() == (
        "LOC widened to whole tokens (2)",
        "LOC inside or across another, left out (1)",
    )


def test_a_name_across_paragraphs_is_left_out_of_sentences():
    gold = GoldArticle(Article("a", "Ana\n\nBo vit"), (GoldFact(Entity(Span(0, 7), "PER")),))
    written = export_gold("iob2", [gold])
    assert "I-PER" not in written.files["iob2.conll"].decode()
    assert "PER across paragraphs, left out (1)" in written.notes


@pytest.fixture(scope="module")
def set_of_articles():
    return [load_file(path) for path in gold_paths([ROOT / "goldsets" / "depeches"])]


def run(*command: object, cwd: Path) -> str:
    said = subprocess.run([*map(str, command)], capture_output=True, text=True, cwd=cwd)
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout + said.stderr


def half(gold: GoldArticle) -> GoldArticle:
    """An article as a back end that finds every second fact would label it."""
    return structs.replace(gold, facts=gold.facts[::2])


def test_gold_and_predictions_of_the_set_have_the_same_tokens_and_sentences(set_of_articles):
    for name in ("iob2", "hipe"):
        for gold in set_of_articles:
            assert columns(name, gold) == columns(name, half(gold))


@pytest.mark.slow
@pytest.mark.needs("seqscore")
def test_seqscore_scores_an_export_against_another(set_of_articles, tmp_path):
    for name, articles_ in (("gold", set_of_articles), ("half", map(half, set_of_articles))):
        raw = export_gold("iob2", list(articles_)).files["iob2.conll"]
        (tmp_path / f"{name}.bio").write_bytes(raw)
    tool = (sys.executable, "-m", "seqscore.scripts.seqscore")
    assert "No errors" in run(*tool, "validate", "--labels", "BIO", "gold.bio", cwd=tmp_path)
    scored = run(
        *(*tool, "score", "--labels", "BIO", "--reference", "gold.bio", "half.bio"), cwd=tmp_path
    )
    assert "100.00" in scored


@pytest.mark.slow
@pytest.mark.needs("spacy")
def test_spacy_finds_no_misaligned_token(set_of_articles, tmp_path):
    (tmp_path / "facts.spacy").write_bytes(
        export_gold("spacy", set_of_articles).files["facts.spacy"]
    )
    spacy = (sys.executable, "-m", "spacy")
    run(*spacy, "init", "config", "-l", "fr", "-p", "ner", "base.cfg", cwd=tmp_path)
    said = subprocess.run(
        [
            *(*spacy, "debug", "data", "base.cfg", "--verbose", "--no-format"),
            *("--paths.train", "facts.spacy", "--paths.dev", "facts.spacy"),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    ).stdout  # it exits with 1, as 44 examples of a label are few to train with
    assert "total word(s) in the data" in said
    assert "misaligned" not in said
