"""``gold import`` and ``gold export``, through the command line."""

import json

import pytest

from factharness.cli import main
from factharness.gold.parse import parse

ON = ("--published", "2024-03-05")


def call(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["gold", *map(str, args)])
    return caught.value.code


@pytest.fixture
def brat(tmp_path):
    folder = tmp_path / "brat"
    folder.mkdir()
    (folder / "un deux.txt").write_bytes("Ana  à\r\n\r\nLyon .".encode())
    (folder / "un deux.ann").write_text("T1\tPerson 0 3\tAna\nT2\tLocation 10 14\tLyon\n")
    return folder


def test_hidden_files_are_not_imported(brat, tmp_path):
    for name in (".un deux.txt", "._un deux.ann", ".ann"):
        (brat / name).write_bytes(b"\x00\xff")
    out = tmp_path / "gold"
    assert call("import", "brat", brat, "-o", out, *ON, "--map", "winer") == 0
    assert [path.name for path in out.iterdir()] == ["un-deux.gold"]


def test_import_makes_gold_files_in_normal_form(brat, tmp_path, capsys):
    out = tmp_path / "gold"
    assert (
        call("import", "brat", brat, "-o", out, "--map", "winer", "--published", "2024-03-05") == 0
    )
    assert capsys.readouterr().out == f"{out}: 1 article, 2 facts: 2 entities\n"
    gold = parse((out / "un-deux.gold").read_text())
    assert gold.article.text == "Ana à\n\nLyon ."
    assert [held.fact.span.of(gold.article.text) for held in gold.facts] == ["Ana", "Lyon"]
    assert call("check", out) == 0
    assert call("fmt", "--check", out) == 0
    assert call("import", "brat", brat, "-o", out, "--published", "2024-03-05") == 2
    assert "is there already" in capsys.readouterr().err
    single = brat / "un deux.ann"
    assert call("import", "brat", single, "-o", out, *ON, "--map", "winer", "--force") == 0


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["brat"], "no date of publication; give it with --published"),
        (["brta", "--published", "2024-03-05"], "did you mean 'brat'"),
        (["xmi", "--published", "2024-03-05"], "no file that ends in .xmi or .xml"),
        (["brat", "--map", "winner", "--published", "2024-03-05"], "did you mean 'winer'"),
    ],
)
def test_import_that_fails_writes_nothing(brat, tmp_path, args, says, capsys):
    assert call("import", args[0], brat, *args[1:], "-o", tmp_path / "gold") == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "gold").exists()


def test_a_file_of_50_megabytes_is_refused(tmp_path, capsys):
    path = tmp_path / "big.jsonl"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    assert call("import", "doccano", path, "-o", tmp_path / "gold") == 2
    assert (
        "the file has 50,000,000 bytes, more than the 20,000,000 that are read"
        in capsys.readouterr().err
    )


def test_ids_never_lead_out_of_the_folder(tmp_path):
    (tmp_path / "d.jsonl").write_text('{"id": "../../x", "text": "Ana", "label": [[0, 3, "PER"]]}')
    assert (
        call(
            "import",
            "doccano",
            tmp_path / "d.jsonl",
            "-o",
            tmp_path / "gold",
            "--published",
            "2024-03-05",
        )
        == 0
    )
    assert [path.name for path in (tmp_path / "gold").iterdir()] == ["x.gold"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"text": "a\\u0000b"}', "the text has NUL characters"),
        ('{"text": ""}', "the text is empty"),
        ('{"text": "a", "meta": {"a": "\\ud800"}}', "meta.a: has a lone surrogate"),
        ('{"text": "a", "meta": {"\\ud800": "a"}}', "meta: has a lone surrogate"),
        ('{"id": "a", "text": "b"}\n{"id": "a", "text": "b"}', "two articles have the id 'a'"),
    ],
)
def test_texts_that_no_gold_file_can_hold(tmp_path, line, says, capsys):
    (tmp_path / "d.jsonl").write_text(line)
    assert call("import", "doccano", tmp_path / "d.jsonl", "-o", tmp_path / "gold", *ON) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "gold").exists()


def test_export_says_what_it_could_not_carry(brat, tmp_path, capsys):
    out = tmp_path / "gold"
    call("import", "brat", brat, "-o", out, "--map", "winer", "--published", "2024-03-05")
    capsys.readouterr()
    assert call("export", "brat", out, "-o", tmp_path / "back") == 0
    printed = capsys.readouterr()
    assert printed.err == (
        "not carried: status of the header (see import --header-from), left out (1)\n"
        "not carried: date of publication, left out (1)\n"
    )
    assert printed.out == f"{tmp_path}/back: 4 files of 1 article\n"
    assert (
        tmp_path / "back" / "un-deux.ann"
    ).read_text() == "T1\tPER 0 3\tAna\nT2\tLOC 7 11\tLyon\n"


def test_the_formats_are_listed(capsys):
    assert call("export", "--formats") == 0
    assert "UIMA XMI" in capsys.readouterr().out


LINES = (
    '{"id": "un", "text": "Ana vit à Lyon.", "label": [[0, 3, "Personne"], [10, 14, "Lieu"]]}\n'
    '{"id": "deux", "text": "Bo a dit non.", "label": [[0, 2, "Personne"], [9, 12, "Mot"]]}\n'
)


def doccano(tmp_path, text: str):
    path = tmp_path / "d.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_import_ends_with_an_account(tmp_path, capsys):
    path, out = doccano(tmp_path, LINES), tmp_path / "gold"
    table = ("--map", "Personne=PER", "--map", "Lieu=LOC")
    assert call("import", "doccano", path, "-o", out, *ON, *table) == 0
    assert capsys.readouterr().out == (
        f"{out}: 2 articles, 3 facts: 3 entities\n"
        "left out: 1\n"
        "  1  label 'Mot', which is not in the map (first in 'deux')\n"
    )
    assert call("import", "doccano", path, "-o", out, *ON, *table, "--map", "Mot=", "--force") == 0
    assert "noted: 1\n  1  label 'Mot', which the map leaves out" in capsys.readouterr().out


def test_a_partial_import_is_refused_under_strict(tmp_path, capsys):
    path, out = doccano(tmp_path, LINES), tmp_path / "gold"
    args = ("import", "doccano", path, "-o", out, *ON, "--map", "Personne=PER,Lieu=LOC", "--strict")
    assert call(*args) == 2
    assert "1 annotation left out; without --strict" in capsys.readouterr().err
    assert not out.exists()
    assert call(*args, "--map", "Mot=MISC") == 0
    assert call(*args, "--map", "Mot=", "--force") == 0


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            '{"text": "Ana", "label": [[0, 3, "Personne"]]}',
            "no fact was understood, 1 annotation left",
        ),
        ('{"text": "Ana", "label": []}', "the files hold no annotation that is gold"),
        ("", "the files hold no annotation that is gold"),
    ],
)
def test_gold_without_facts_is_written_when_asked_for_alone(tmp_path, line, says, capsys):
    path, out = doccano(tmp_path, line), tmp_path / "gold"
    assert call("import", "doccano", path, "-o", out, *ON) == 2
    printed = capsys.readouterr()
    assert says in printed.err
    assert "--allow-empty" in printed.err
    assert not out.exists()
    assert call("import", "doccano", path, "-o", out, *ON, "--allow-empty") == 0
    assert "0 facts" in capsys.readouterr().out


def test_one_file_of_which_nothing_is_understood_is_enough(tmp_path, capsys):
    good, bad = doccano(tmp_path, LINES), tmp_path / "e.jsonl"
    bad.write_text('{"text": "Ana", "mentions": [[0, 3, "PER"]]}\n{"text": "Bo"}\n')
    args = ("import", "doccano", good, bad, "-o", tmp_path / "gold", *ON, "--map", "Personne=PER")
    assert call(*args) == 2
    error = capsys.readouterr().err
    assert "e.jsonl: holds 1 annotation, and none could be read" in error
    assert "member 'mentions'" in error
    assert not (tmp_path / "gold").exists()
    assert call(*args, "--allow-empty") == 0


def test_a_label_outside_the_scheme_is_noted(tmp_path, capsys):
    path, out = doccano(tmp_path, '{"text": "Ana", "label": [[0, 3, "GPE"]]}'), tmp_path / "gold"
    assert call("import", "doccano", path, "-o", out, *ON) == 0
    assert "label 'GPE' is not one of fr-news-1; see --map" in capsys.readouterr().out


def test_an_account_lists_the_most_frequent_notes_and_counts_the_others(tmp_path, capsys):
    labels = [[0, 3, f"L{number}"] for number in range(30)] + [[0, 2, "L7"], [0, 3, "PER"]]
    path = doccano(tmp_path, json.dumps({"text": "Ana", "label": labels}))
    assert call("import", "doccano", path, "-o", tmp_path / "gold", *ON, "--map", "conll") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:3] == [
        "left out: 31",
        "  2  label 'L7', which is not in the map (first in 'd-1')",
    ]
    assert lines[-1] == "  and 10 notes more"


def test_gold_too_large_to_be_read_is_not_written(tmp_path, monkeypatch, capsys):
    path, out = doccano(tmp_path, LINES), tmp_path / "gold"
    monkeypatch.setattr("factharness.gold.new.MAX_BYTES", 15 + 7 - 1)
    args = ("import", "doccano", path, "-o", out, *ON, "--map", "Personne=PER,Lieu=LOC")
    assert call(*args) == 2
    assert "un: the text and the words of its facts have 22 characters" in capsys.readouterr().err
    assert not out.exists()
    monkeypatch.setattr("factharness.gold.new.MAX_BYTES", 15 + 7)
    assert call(*args) == 0


def test_the_old_option_to_refuse_invalid_tags_still_works_and_names_the_new_one(tmp_path, capsys):
    path, out = tmp_path / "x.conll", tmp_path / "gold"
    path.write_text("Ana O\nLyon I-LOC\n")
    args = ("import", "iob2", path, "-o", out, *ON, "--scheme", "BIO")
    assert call(*args, "--refuse") == 2
    err = capsys.readouterr().err
    assert "Use --invalid refuse." in err
    assert "I-LOC at token 1 is not valid BIO" in err
    assert call(*args, "--refuse", "--invalid", "repair") == 2
    assert "give one of them" in capsys.readouterr().err
    assert call(*args) == 0
    assert "deprecated" not in capsys.readouterr().err
    assert call("import", "--help") == 0
    assert "--refuse" not in capsys.readouterr().out
