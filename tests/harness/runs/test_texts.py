"""Where the texts of a run's articles come from, and what is said where one cannot be had."""

import shutil

import pytest
from told_runs import entity, text_of, told_run, write_gold

from factharness.gold.format import render
from factharness.gold.parse import read_document
from factharness.gold.sets import store_text
from factharness.gold.withhold import withhold
from factharness.runs.directory import load
from factharness.runs.texts import Texts

PARTS = (
    "Le maire de Lyon parle.\nLOC Lyon",
    "Claire Dumoulin l’a dit\xa0: « Oui ».\nPER Claire Dumoulin\nQUOTE « Oui » | direct | by: Claire Dumoulin",
)
NAME = "gold", "a"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FACTHARNESS_TEXTS", str(tmp_path / "texts"))
    path = write_gold(tmp_path / "gold", "a", *PARTS)
    told_run(tmp_path, {"one": {"a": [entity(text_of(path), "Lyon", "LOC")]}})
    return load(tmp_path / "out")


@pytest.fixture
def path(run, tmp_path):
    return tmp_path / "gold" / "a.gold"


def test_a_text_is_that_of_the_gold_file_while_it_is_the_same(run, path):
    texts = Texts(run)
    assert texts.of(*NAME) == text_of(path)
    assert texts.reason(*NAME) == ""
    assert not texts.relabelled(*NAME)
    assert not texts.withheld(*NAME)
    assert texts.file(*NAME).resolve() == path


def test_another_text_is_none_and_the_reason_says_so(run, tmp_path):
    write_gold(tmp_path / "gold", "a", PARTS[0].replace("parle", "chante"), PARTS[1])
    texts = Texts(run)
    assert texts.of(*NAME) is None
    assert texts.reason(*NAME) == "its text has changed since the run; run again"
    assert not texts.relabelled(*NAME)
    assert texts.line(*NAME, 0) == 0


def test_another_day_of_publication_makes_another_article(run, path):
    source = path.read_text(encoding="utf-8")
    path.write_text(source.replace("2024-03-05", "2024-03-06"), encoding="utf-8")
    assert "has changed since the run" in Texts(run).reason(*NAME)


def test_other_labels_on_the_same_text_are_told(run, tmp_path):
    write_gold(tmp_path / "gold", "a", PARTS[0].replace("LOC", "ORG"), PARTS[1])
    texts = Texts(run)
    assert texts.relabelled(*NAME)
    assert texts.of(*NAME) is not None
    assert texts.reason(*NAME) == ""


def test_other_lines_with_the_same_labels_are_no_other_labels(run, path):
    source = path.read_text(encoding="utf-8")
    path.write_text(source.replace("+++\n", "+++\n\n# Read again.\n"), encoding="utf-8")
    assert not Texts(run).relabelled(*NAME)


def test_a_file_that_is_gone_or_damaged_is_a_reason(run, path):
    path.write_text("gold = 1\n", encoding="utf-8")
    assert "no line '+++' ends the header" in Texts(run).reason(*NAME)
    path.unlink()
    texts = Texts(run)
    assert texts.of(*NAME) is None
    assert texts.reason(*NAME)


def test_a_file_that_has_moved_is_found_in_the_gold_set_of_its_name(run, path, tmp_path):
    text = text_of(path)
    shutil.move(tmp_path / "gold", tmp_path / "elsewhere")
    assert Texts(run).of(*NAME) is None
    shutil.copytree(tmp_path / "elsewhere", tmp_path / "goldsets" / "gold")
    texts = Texts(run)
    assert texts.of(*NAME) == text
    assert texts.file(*NAME).resolve() == tmp_path / "goldsets" / "gold" / "a.gold"


def test_a_withheld_text_is_read_where_it_is_attached_and_called_withheld(run, path):
    text = text_of(path)
    document = withhold(read_document(path))
    path.write_text(render(document), encoding="utf-8")
    absent = Texts(run)
    assert absent.of(*NAME) is None
    assert "withheld and not attached; factharness gold attach" in absent.reason(*NAME)
    store_text(read_document(path), text)
    texts = Texts(run)
    assert texts.of(*NAME) == text
    assert texts.withheld(*NAME)
    assert not texts.relabelled(*NAME)


def test_a_text_that_the_run_records_as_withheld_stays_so(tmp_path, run, path):
    text = text_of(path)
    path.write_text(render(withhold(read_document(path))), encoding="utf-8")
    store_text(read_document(path), text)
    told_run(tmp_path, {"one": {"a": []}})
    again = load(tmp_path / "out")
    write_gold(tmp_path / "gold", "a", *PARTS)
    assert Texts(again).withheld(*NAME)


def test_texts_that_are_known_are_not_read(run, path):
    path.unlink()
    texts = Texts(run, lambda *name: {NAME: "Autre chose."}.get(name))
    assert texts.of(*NAME) == "Autre chose."
    assert texts.reason(*NAME) == ""
    assert texts.line(*NAME, 0) == 0


def test_each_offset_is_on_the_line_of_its_paragraph(run, path):
    texts = Texts(run)
    lines = path.read_text(encoding="utf-8").splitlines()
    text = text_of(path)
    second = text.index("Claire")
    for offset in range(len(text)):
        line = lines[texts.line(*NAME, offset) - 1]
        assert line == f"> {text[second:] if offset >= second else text[: second - 2]}"
    assert texts.line(*NAME, len(text) + 2) == 0
