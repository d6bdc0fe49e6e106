"""``score --gold`` of a gold set: what a file of the same articles gives, and what a run would not score."""

import json

import msgspec
import pytest
from click.testing import CliRunner
from gold_strategies import example

from factharness.cli.score import score as command
from factharness.errors import GoldError, ScoreError, SuiteError
from factharness.gold.format import render
from factharness.gold.sets import load_set
from factharness.gold.syntax import read
from factharness.gold.withhold import withhold
from factharness.runs.gold_records import GoldRecords, gold_place
from factharness.runs.score import gold_facts
from factharness.score.records import parse

FACTS = {
    "a": ("PER Claire Dumoulin", "LOC Lyon", "DATE mardi | 2024-03-05"),
    "b": ("LOC? Lyon", "QUOTE « oui » | direct | by: Claire Dumoulin"),
}


TEXT = "Claire Dumoulin a dit « oui » mardi à Lyon."


def written_gold(name, *facts, **header):
    return example(*facts, text=TEXT, id=f'"{name}"', **header)


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("FACTHARNESS_TEXTS", str(tmp_path / "texts"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "goldsets" / "essais"
    made.mkdir(parents=True)
    for name, facts in FACTS.items():
        (made / f"{name}.gold").write_text(written_gold(name, *facts))
    return made


@pytest.fixture
def pred(folder, tmp_path):
    """Predictions: the gold's facts, but one that is missing and one too many."""
    lines = []
    for gold in load_set(folder).articles:
        facts = [held.fact for held in gold.facts[:-1]]
        lines.append({"id": gold.article.id, "facts": facts, "spans": [[0, 2, "ORG"]]})
    return written(tmp_path / "p.jsonl", lines)


def written(path, lines):
    path.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    return path


def scored(gold, pred):
    said = CliRunner().invoke(
        command, ["--gold", str(gold), "--pred", str(pred), "--json", "--draws", "0"]
    )
    assert said.exit_code == 0, said.exception
    return json.loads(said.stdout), said.stderr


def test_a_set_is_scored_as_a_file_of_its_articles(folder, pred, tmp_path):
    records = written(tmp_path / "g.jsonl", load_set(folder).articles)
    by_file, _ = scored(records, pred)
    for gold in (folder, "essais", "goldsets/essais"):
        by_set, err = scored(gold, pred)
        assert by_set["signature"].pop("gold") == load_set(folder).signature
        assert {**by_file, "signature": {**by_file["signature"], "gold": None}} == {
            **by_set,
            "signature": {**by_set["signature"], "gold": None},
        }
        assert err == ""
    assert {row["kind"] for row in by_set["scores"]} == {"entity", "date", "quote"}
    assert any(row["f1"] not in (0, 1) for row in by_set["scores"])


def test_a_single_gold_file_is_a_set_of_one_article(folder, pred, tmp_path):
    first = written(tmp_path / "one.jsonl", map(json.loads, pred.read_text().splitlines()[:1]))
    assert scored(folder / "a.gold", first)[0]["articles"] == 1


def test_a_kind_that_nobody_labelled_in_an_article_is_not_scored_there(folder, pred, tmp_path):
    before, _ = scored("essais", pred)
    (folder / "b.gold").write_text(
        written_gold("b", *FACTS["b"][:1], labels='{ skip = ["quote"] }')
    )
    lines = [json.loads(line) for line in pred.read_text().splitlines()]
    assert any(fact["kind"] == "quote" for fact in lines[1]["facts"])
    after, _ = scored("essais", pred)
    assert not [row for row in after["scores"] if row["kind"] == "quote" and row["pred"]]
    assert [row for row in before["scores"] if row["kind"] == "quote" and row["pred"]]


def test_an_article_without_its_text_is_named_and_needs_no_prediction(folder, pred, tmp_path):
    source = (folder / "b.gold").read_text()
    (folder / "b.gold").write_text(render(withhold(read(source))))
    found, err = scored("essais", pred)
    assert found["articles"] == 1
    assert found["errors"] == {"b": "its text is withheld and not attached"}
    assert "b.gold: its text is withheld and not attached; factharness gold attach" in err
    first = written(tmp_path / "one.jsonl", map(json.loads, pred.read_text().splitlines()[:1]))
    alone, _ = scored("essais", first)
    assert (alone["articles"], alone["errors"]) == (1, {})
    assert [row for row in found["scores"] if row["gold"]] == [
        row for row in alone["scores"] if row["gold"]
    ]


def test_unconfirmed_facts_are_not_scored(folder, pred):
    (folder / "b.gold").write_text(written_gold("b", "LOC Lyon | note: unconfirmed"))
    found, err = scored("essais", pred)
    assert list(found["errors"]) == ["b"]
    assert "nobody has confirmed" in err


def test_many_articles_that_are_left_out_are_named_in_part(folder, pred):
    for number in range(12):
        (folder / f"c{number}.gold").write_text(
            written_gold(f"c{number}", "LOC Lyon | note: unconfirmed")
        )
    assert scored("essais", pred)[1].splitlines()[10:] == ["… and 2 more"]


def test_a_set_of_which_nothing_is_left_is_an_error(folder):
    for name in FACTS:
        (folder / f"{name}.gold").write_text(written_gold(name, "LOC Lyon | note: unconfirmed"))
    with pytest.raises(GoldError, match=r"a\.gold: there is no article to score: a back end prop"):
        GoldRecords(folder)


def test_an_article_that_is_not_predicted_is_named_without_a_line(folder, pred, tmp_path):
    first = written(tmp_path / "one.jsonl", map(json.loads, pred.read_text().splitlines()[:1]))
    said = CliRunner().invoke(command, ["--gold", "essais", "--pred", str(first)])
    assert str(said.exception).startswith(f"essais: article 'b' is not in {first}; ")


def test_a_record_has_all_that_scoring_needs_of_an_article(folder):
    records = [parse(data, "essais", number) for number, data in GoldRecords(folder).lines()]
    for record, gold in zip(records, load_set(folder).articles, strict=True):
        assert (record.id, record.text, record.line) == (gold.article.id, gold.article.text, 0)
        assert [(one.fact, one.ignore) for one in record.facts] == [
            (one.fact, one.ignore) for one in gold.facts
        ]


def test_what_is_a_gold_set_and_what_is_a_file(folder, tmp_path):
    (tmp_path / "records").write_text("")
    (tmp_path / "parts").mkdir()
    assert gold_place(str(folder)) == folder
    assert gold_place(str(folder / "a.gold")) == folder / "a.gold"
    assert gold_place("depeches").is_dir()
    assert [gold_place(name) for name in ("records", "g.jsonl", "no/where", "parts")] == [None] * 4
    with pytest.raises(SuiteError, match="unknown gold set 'esais'; did you mean 'essais'"):
        gold_place("esais")


def test_the_gold_that_a_run_keeps_is_refused(folder, pred, tmp_path):
    kept = [gold_facts("essais", gold) for gold in load_set(folder).articles]
    gold = written(tmp_path / "gold.jsonl", kept)
    told = CliRunner().invoke(command, ["--gold", str(gold), "--pred", str(pred)])
    assert isinstance(told.exception, ScoreError)
    assert (told.exception.line, told.exception.remedy) == (1, "give the gold set itself")
