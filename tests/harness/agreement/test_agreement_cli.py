"""``gold agree`` and ``gold adjudicate``, through the command line."""

import json

import pytest
from test_agreement import A, B

from factharness.cli import main


def call(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["gold", *map(str, args)])
    return caught.value.code


@pytest.fixture
def sides(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTHARNESS_TEXTS", str(tmp_path / "texts"))
    for name, source in (("one", A), ("two", B)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.gold").write_text(source)
    return tmp_path / "one", tmp_path / "two"


def test_agree_prints_tables_and_disagreements(sides, capsys):
    assert call("agree", *sides) == 0
    out = capsys.readouterr().out
    assert "F1 exact" in out
    assert "  a:15: ORG Havre\n  b:15: LOC Havre" in out
    assert call("agree", *sides, "-q", "--markdown") == 0
    assert "a:15" not in capsys.readouterr().out
    assert call("agree", sides[0] / "a.gold", sides[1] / "a.gold", "--json") == 0
    assert json.loads(capsys.readouterr().out)["articles"] == 1


def test_adjudicate_leaves_open_or_prefers(sides, tmp_path, capsys):
    joint = tmp_path / "joint"
    assert call("adjudicate", *sides, "-o", joint, "--no-ask") == 2
    assert capsys.readouterr().out == f"{joint}/a.gold: 1 agreed, 0 decided, 5 open\n"
    assert call("check", joint) == 2
    assert call("adjudicate", *sides, "-o", joint, "--prefer", "b") == 0
    assert call("check", joint) == 0


def test_adjudicate_asks(sides, tmp_path, capsys, monkeypatch):
    answers = iter(["a", "b", "both", "open", "neither"])
    monkeypatch.setattr("click.prompt", lambda *_args, **_more: next(answers))
    assert call("adjudicate", *sides, "-o", tmp_path / "joint", "--ask") == 2
    out = capsys.readouterr().out
    assert "  a: PER Marie Lefort\n  b: PER Lefort" in out
    assert "1 agreed, 4 decided, 1 open" in out


def test_folders_with_other_articles_are_refused(sides, tmp_path, capsys):
    (sides[0] / "b.gold").write_text(A.replace('id = "a"', 'id = "b"'))
    assert call("agree", *sides) == 2
    assert "b is on one of the two sides only" in capsys.readouterr().err
    assert call("adjudicate", *sides, "-o", tmp_path / "joint") == 2
    assert "b.gold: in one of the two folders only" in capsys.readouterr().err
    assert not (tmp_path / "joint").exists()
