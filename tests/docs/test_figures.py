"""docs/refresh.py: every marked table has a command and every command a place; what is printed gets there."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def refresh():
    spec = importlib.util.spec_from_file_location("refresh", ROOT / "docs" / "refresh.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["refresh"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["refresh"]


def test_every_place_has_a_command_and_every_command_a_place(refresh):
    marked = [
        (name, page.relative_to(ROOT).as_posix())
        for page in refresh.pages()
        for name in refresh.places(page.read_text(encoding="utf-8"))
    ]
    figures = [one for one in refresh.FIGURES if not one.picture]
    assert sorted(marked) == sorted((one.name, one.page) for one in figures)


def test_a_place_that_is_begun_is_ended(refresh):
    for page in refresh.pages():
        text = page.read_text(encoding="utf-8")
        assert (
            text.count("<!-- figures: ") == text.count("<!-- end -->") == len(refresh.places(text))
        ), page


PAGE = "a\n<!-- figures: x -->\nold\n<!-- end -->\nb\n<!-- figures: y -->\n<!-- end -->\n"


def test_only_the_named_place_is_written(refresh):
    new = refresh.placed(PAGE, "x", r"| \1 |")
    assert refresh.places(new) == {"x": "| \\1 |\n", "y": ""}
    assert new.startswith("a\n<!--")
    assert "-->\nb\n<!--" in new


PRINTED = """\
set@1, 2 articles, regime strict

Entities

back end  F1
--------  --
rules      1

back end  joint
rules  2

Dates

back end  F1

A note that
is long.
"""


def test_only_the_tables_with_the_titles_are_shown(refresh):
    one = refresh.Figure("x", "p.md", (), titles=("Entities", "set@"))
    assert refresh.shown(one, PRINTED) == f"```\n{PRINTED.partition('Dates')[0].strip()}\n```"
    whole = refresh.Figure("x", "p.md", (), fenced=False)
    assert refresh.shown(whole, PRINTED) == PRINTED.strip()


@pytest.fixture
def page(refresh, tmp_path, monkeypatch):
    monkeypatch.setattr(refresh, "ROOT", tmp_path)
    (tmp_path / "p.md").write_text(PAGE, encoding="utf-8")
    return tmp_path / "p.md"


def test_what_is_printed_gets_into_the_page(refresh, page):
    assert refresh.refresh(refresh.Figure("x", "p.md", ("-c", "print('new')"), fenced=False))
    assert refresh.places(page.read_text(encoding="utf-8"))["x"] == "new\n"


def test_a_command_that_fails_leaves_the_page_as_it_is(refresh, page, capsys):
    assert not refresh.refresh(
        refresh.Figure("x", "p.md", ("-c", "print('new'); raise SystemExit('why')"))
    )
    assert "failed with 1\nwhy" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == PAGE


def test_what_needs_something_that_is_not_there_is_left_out(refresh, page, capsys):
    assert refresh.refresh(
        refresh.Figure("x", "p.md", ("-c", "raise SystemExit(1)"), ("no_such_library",))
    )
    assert capsys.readouterr().out == "x: left as it is, needs no_such_library\n"
    assert page.read_text(encoding="utf-8") == PAGE


CONSOLE = """\
```console
$ factharness gold stats a.gold | x
old
$ factharness mistakes 'out:a b' -o output
```
"""


def test_a_place_with_a_console_is_filled_by_what_is_typed_in_it(refresh, page, monkeypatch):
    asked = []

    def said(command, folder):
        asked.append((*command[2:],))
        return f"\n   new {len(asked)}\n" if "mistakes" in command else "\n"

    monkeypatch.setattr(refresh, "said", said)
    page.write_text(refresh.placed(PAGE, "y", CONSOLE.strip()), encoding="utf-8")
    assert refresh.refresh(refresh.Figure("y", "p.md", before=(("-c", "main()", "run"),)))
    assert asked == [
        ("run",),
        ("gold", "stats", "a.gold", "|", "x"),
        ("mistakes", "{folder}/out:a b", "-o", "output"),
    ]
    new = CONSOLE.replace("old\n", "").replace("-o output\n", "-o output\n   new 3\n")
    assert refresh.places(page.read_text(encoding="utf-8"))["y"] == new


def test_commands_share_a_folder_which_is_theirs(refresh, page):
    code = "import sys, pathlib; p = pathlib.Path(sys.argv[1]); "
    write = ("-c", f"{code}p.write_text('kept')", "{folder}/a")
    read = ("-c", f"{code}print(p.read_text(), p.parent.name)", "{folder}/a")
    figures = [refresh.Figure("x", "p.md", read, fenced=False, before=(write,)) for _ in "ab"]
    told = []
    for one in figures:
        assert refresh.refresh(one)
        told.append(refresh.places(page.read_text(encoding="utf-8"))["x"].split())
    assert [words[0] for words in told] == ["kept", "kept"]
    assert told[0][1] != told[1][1]


def test_a_picture_is_made_by_its_command_and_written_into_no_page(refresh, page, capsys):
    picture = page.parent / "p.png"
    code = f"import pathlib; pathlib.Path({str(picture)!r}).write_bytes(b'new')"
    assert refresh.refresh(refresh.Figure("p", "p.png", ("-c", code)))
    assert picture.read_bytes() == b"new"
    assert not refresh.refresh(refresh.Figure("p", "p.png", ("-c", "1 / 0")))
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_texts_and_a_browser_that_are_not_here_leave_a_page_as_it_is(
    refresh, page, capsys, monkeypatch
):
    chromium = page.parent / "tests" / "browser" / "chromium.py"
    chromium.parent.mkdir(parents=True)
    chromium.write_text("raise SystemExit(2)")
    monkeypatch.setattr(refresh, "_has_texts", lambda name: name == "here")
    one = refresh.Figure("x", "p.md", ("-c", "1"), texts=("here", "away"), browser=True)
    assert refresh.refresh(one)
    assert capsys.readouterr().out == "x: left as it is, needs the texts of away, Chromium\n"
    assert page.read_text(encoding="utf-8") == PAGE
    chromium.write_text("")
    assert refresh.missing(refresh.Figure("x", "p.md", texts=("here",), browser=True)) == []


def test_a_file_of_the_shared_data_is_given_to_the_command_or_named_as_missing(
    refresh, page, capsys, monkeypatch
):
    monkeypatch.setattr(refresh, "SHARED", page.parent)
    read = ("-c", "import sys, pathlib; print(pathlib.Path(sys.argv[1]).read_text())")
    one = refresh.Figure("x", "p.md", read, fenced=False, shared="data/a.txt")
    assert refresh.refresh(one)
    assert capsys.readouterr().out == (
        "x: left as it is, needs data/a.txt in $FACTHARNESS_SHARED\n"
    )
    assert page.read_text(encoding="utf-8") == PAGE
    (page.parent / "data").mkdir()
    (page.parent / "data" / "a.txt").write_text("kept", encoding="utf-8")
    assert refresh.refresh(one)
    assert refresh.places(page.read_text(encoding="utf-8"))["x"] == "kept\n"


def test_texts_are_here_where_the_set_has_them(refresh):
    assert refresh._has_texts("depeches")


def test_the_commands_and_their_programs_are_there(refresh):
    for one in refresh.FIGURES:
        for command in (*one.before, *([one.command] if one.command else [])):
            assert command[0] == "-c" or (ROOT / command[0]).is_file(), one.name


def test_the_list_names_tables_and_links_that_lead_elsewhere(refresh, capsys):
    assert refresh.main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "docs/ci.md  https://pre-commit.com" in lines
    assert lines[0].startswith("default-run  README.md  python ")


def test_an_unknown_name_is_refused(refresh, capsys):
    with pytest.raises(SystemExit) as stopped:
        refresh.main(["no-such-table"])
    assert stopped.value.code == 2
    assert "no-such-table" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.needs("nervaluate", "seqeval", "seqscore", "spacy")
def test_the_table_of_scorers_is_what_they_say(refresh):
    import subprocess

    one = next(one for one in refresh.FIGURES if one.name == "scorers")
    done = subprocess.run(
        [sys.executable, *one.command], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    page = (ROOT / one.page).read_text(encoding="utf-8")
    assert refresh.places(page)["scorers"] == refresh.shown(one, done.stdout) + "\n"
    assert len(done.stdout.splitlines()) == 12


@pytest.mark.slow
@pytest.mark.needs("spacy")
def test_the_console_of_the_plan_shows_what_it_prints(refresh, tmp_path):
    one = next(one for one in refresh.FIGURES if one.name == "plan")
    shown = refresh.places((ROOT / one.page).read_text(encoding="utf-8"))["plan"]
    assert refresh.typed(shown, str(tmp_path)) + "\n" == shown
