"""``gold import`` and ``gold export``, through the command line."""

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


def test_import_makes_gold_files_in_normal_form(brat, tmp_path, capsys):
    out = tmp_path / "gold"
    assert (
        call("import", "brat", brat, "-o", out, "--map", "winer", "--published", "2024-03-05") == 0
    )
    assert capsys.readouterr().out == f"{out}: 1 articles, 2 facts\n"
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
    assert printed.err == "not carried: date of publication and meta, left out (1)\n"
    assert printed.out == f"{tmp_path}/back: 2 files of 1 articles\n"
    assert (
        tmp_path / "back" / "un-deux.ann"
    ).read_text() == "T1\tPER 0 3\tAna\nT2\tLOC 7 11\tLyon\n"


def test_the_formats_are_listed(capsys):
    assert call("export", "--formats") == 0
    assert "UIMA XMI" in capsys.readouterr().out
