"""The gold commands, through the command line: what they print, write and return."""

import os

import pytest
from gold_strategies import EXAMPLE, example

from factharness.cli import main
from factharness.errors import SuiteError
from factharness.gold.parse import parse
from factharness.gold.sets import load_set
from factharness.resources import names
from factharness.runs.articles import find_article

NAME = "2024-03-05-apprentissage.gold"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTHARNESS_TEXTS", str(tmp_path / "texts"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / NAME).write_text(EXAMPLE)
    return tmp_path


def call(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["gold", *map(str, args)])
    return caught.value.code


def test_commands_that_read_find_a_set_by_its_name(here, capsys):
    own = here / "goldsets" / "mine"
    own.mkdir(parents=True)
    (own / "bad.gold").write_text(example("LOC Lion", text="Lyon"))
    assert call("check", "mine") == 2
    assert "bad.gold:10: 'Lion' does not stand" in capsys.readouterr().out
    assert call("stats", "depeches") == 0
    assert capsys.readouterr().out.startswith("40 articles, ")
    assert call("agree", "depeches", "depeches", "-q") == 0
    assert call("export", "brat", "depeches", "-o", "out") == 0
    assert len(list((here / "out").glob("*.ann"))) == 40


def test_a_set_that_is_not_there_is_said_with_the_nearest_name(here, capsys):
    assert call("check", "depechs") == 2
    assert "unknown gold set 'depechs'; did you mean 'depeches'?" in capsys.readouterr().err
    for path in ("essay.gold", "nowhere/depeches"):
        assert call("check", path) == 2
        assert f"Path '{path}' does not exist" in capsys.readouterr().err


def test_check_passes_and_fails(here, capsys):
    assert call("check", NAME) == 0
    assert capsys.readouterr().out == ""
    (here / "bad.gold").write_text(example("LOC Lion", text="Lyon"))
    assert call("check", here) == 2
    out = capsys.readouterr().out
    assert (
        f"{here}/bad.gold:10: 'Lion' does not stand in the paragraph above; did you mean 'Lyon'?"
        in out
    )
    assert call("check", here, "--github") == 2
    assert f"::error file={here}/bad.gold,line=10::" in capsys.readouterr().out


def test_check_looks_at_the_gold_sets_by_default(here, capsys):
    (here / "goldsets" / "a").mkdir(parents=True)
    (here / "goldsets" / "a" / "bad.gold").write_text("x")
    assert call("check") == 2
    assert capsys.readouterr().out.startswith("goldsets/a/bad.gold:1: no line '+++'")


def test_names_with_a_dot_in_front_are_no_gold(here, capsys):
    for name in (".hidden/a.gold", "set/._a.gold", "set/.#a.gold", "set/.gold", "set/.git/a.gold"):
        (here / "goldsets" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "goldsets" / name).write_bytes(b"\x00no gold")
    (here / "goldsets" / "set" / NAME).write_text(EXAMPLE)
    for args in (("check",), ("check", "goldsets/set"), ("fmt",), ("stats",)):
        assert call(*args) == 0
        assert "hidden" not in capsys.readouterr().out
    assert call("check", "goldsets/set/._a.gold") == 2
    assert len(load_set(here / "goldsets" / "set").articles) == 1
    assert names("goldsets")[:1] != [".hidden"]
    assert "set" in names("goldsets")
    with pytest.raises(SuiteError, match=r"did you mean '2024-03-05-apprentissage'\?"):
        find_article("2024-03-05-aprentissage")
    with pytest.raises(SuiteError) as refused:
        find_article("._b")
    assert "._a" not in str(refused.value)


def test_a_linked_folder_is_a_set_like_any_other(here):
    (here / "goldsets").mkdir()
    (here / "elsewhere").mkdir()
    (here / "elsewhere" / "bad.gold").write_text("x")
    (here / "goldsets" / "link").symlink_to(here / "elsewhere")
    (here / "goldsets" / "loop").symlink_to(here / "goldsets")
    assert call("check") == 2


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_folder_that_may_not_be_listed_is_said(here, capsys):
    (here / "closed").mkdir(mode=0o000)
    assert call("check", "closed") == 2
    assert "'closed' is not readable" in capsys.readouterr().err


def test_warnings_fail_only_when_strict(here, capsys):
    (here / "set").mkdir()
    for name, label in (("a", "LOC"), ("b", "ORG")):
        (here / "set" / f"{name}.gold").write_text(
            example(f"{label} Lens", text="Lens", id=f'"{name}"')
        )
    assert call("check", "set") == 0
    assert "warning" in capsys.readouterr().out
    assert call("check", "set", "--strict") == 2


def test_fmt(here, capsys):
    path = here / "essai.gold"
    path.write_text(example("LOC  Lyon <#1>", text="À Lyon."))
    assert call("fmt", "--check", path) == 2
    said = capsys.readouterr()
    assert "is not in canonical form" in said.out
    assert said.err == "1 file: 1 would change\n"
    assert call("fmt", path) == 0
    assert path.read_text().endswith("\n> À Lyon.\n  LOC      Lyon\n")
    assert capsys.readouterr().err == "1 file: 1 rewritten\n"
    assert call("fmt", "--check", path) == 0
    assert capsys.readouterr() == ("", "1 file: none would change\n")


def test_fmt_mends_line_ends(here):
    path = here / "essai.gold"
    source = example("LOC      Lyon", text="À Lyon.")
    path.write_bytes(source.replace("\n", "\r\n").encode())
    assert call("check", path) == 0
    assert call("fmt", "--check", path) == 2
    assert call("fmt", path) == 0
    assert path.read_bytes() == source.encode()


def test_fmt_leaves_a_wrong_file_alone(here, capsys):
    path = here / "essai.gold"
    path.write_text(example("LOC Lion", text="À Lyon."))
    before = path.read_text()
    assert call("fmt", path) == 2
    assert "'Lion' does not stand" in capsys.readouterr().err
    assert path.read_text() == before
    assert sorted(os.listdir(here)) == [NAME, "essai.gold"]


def test_fmt_rehash(here):
    path = here / NAME
    path.write_text(EXAMPLE.replace("300 millions", "400 millions"))
    assert call("check", path) == 2
    assert call("fmt", "--rehash", path) == 0
    assert call("check", path) == 0


def test_withhold_and_attach(here, capsys):
    for _ in range(2):  # once the folder is new, once it is there
        assert call("withhold", NAME, "-o", "bare") == 0
    bare = here / "bare" / NAME
    assert "promis" not in bare.read_text()
    assert call("check", bare) == 0
    (here / "text.txt").write_text(parse(EXAMPLE).article.text)
    assert call("attach", bare, "text.txt") == 0
    assert f"{bare}: attached as {here}/texts/" in capsys.readouterr().out
    assert call("check", bare) == 0
    (here / "text.txt").write_text(parse(EXAMPLE).article.text.replace("300", "400"))
    assert call("attach", bare, "text.txt") == 0
    assert f"{bare}:12: this paragraph differs" in capsys.readouterr().out
    (here / "text.txt").write_text("autre")
    assert call("attach", bare, "text.txt") == 2
    assert "the text is another one" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["fmt", "attach", "withhold"])
def test_files_that_are_no_gold_files(here, command, capsys):
    (here / "x.gold").write_bytes(b"\x00\xff")
    more = {"fmt": [], "attach": [NAME], "withhold": ["-o", "y.gold"]}[command]
    assert call(command, "x.gold", *more) == 2
    assert "x.gold: is a binary file, not text; name a UTF-8 text file" in capsys.readouterr().err
    assert not (here / "y.gold").exists()


def test_an_output_that_cannot_be_written(here, capsys):
    assert call("withhold", NAME, "-o", NAME + "/bare") == 2
    assert "cannot be made" in capsys.readouterr().err
    assert call("withhold", NAME, "-o", "none/there.gold") == 2
    assert "cannot be written: No such file" in capsys.readouterr().err
