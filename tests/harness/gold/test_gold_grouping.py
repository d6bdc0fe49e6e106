"""`gold check` says once what is wrong in the same way on several lines, and what it checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.cli import main
from factharness.gold.grouping import annotated, grouped, summary
from factharness.gold.problems import Problem
from factharness.gold.proposed import PROPOSED
from factharness.text import sha256

problems = st.lists(
    st.builds(
        Problem,
        st.sampled_from(["a.gold", "b.gold"]),
        st.integers(1, 60),
        st.sampled_from([PROPOSED, "no value", "no type"]),
        st.just("mend it"),
        st.sampled_from(["error", "warning"]),
    ),
    unique=True,
)


@given(problems, st.sampled_from([grouped, annotated]))
def test_no_problem_is_lost_or_told_twice(found, group):
    told = [
        (group.first.path, line, group.first.message, group.first.level)
        for group in group(found)
        for line in group.lines
    ]
    assert sorted(told) == sorted((p.path, p.line, p.message, p.level) for p in found)


@given(problems)
def test_annotations_are_grouped_for_unconfirmed_facts_alone(found):
    several = [group for group in annotated(found) if len(group.lines) > 1]
    assert {group.first.message for group in several} <= {PROPOSED}
    keys = [(g.first.path, g.first.level) for g in annotated(found) if g.first.message == PROPOSED]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("levels", "files", "said"),
    [
        ([], 1, "1 file checked: no problem"),
        (["error"], 2, "2 files checked: 1 error"),
        (["error", "warning", "error", "warning"], 3, "3 files checked: 2 errors, 2 warnings"),
    ],
)
def test_the_summary(levels, files, said):
    found = [Problem("a.gold", line, "x", "y", level) for line, level in enumerate(levels, 1)]
    assert summary(found, files) == said


def call(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["gold", *map(str, args)])
    return caught.value.code


TEXT = "Lyon, Metz, Brest, Paris, Lille et Nice ; Caen."


def test_thirty_eight_lines_are_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = ("Lyon", "Metz", "Brest", "Paris", "Lille", "Nice")
    lines = [*(f"  LOC {name} | note: unconfirmed\n" for name in names), "  LOX Caen\n"]
    (tmp_path / "a.gold").write_text(
        f'gold = 1\nid = "a"\nlang = "fr"\npublished = 2024-03-06\ntext = "full"\n'
        f'sha256 = "{sha256(TEXT)}"\n+++\n\n> {TEXT}\n{"".join(lines)}'
    )
    assert call("check", "a.gold") == 2
    said = capsys.readouterr()
    assert (
        f"a.gold:10: {PROPOSED} (6 times: lines 10, 11, 12, 13, 14, …); decide it with factharness"
        in said.out
    )
    assert len(said.out.splitlines()) == 2
    assert said.err == "1 file checked: 7 errors\n"
    assert call("check", "a.gold", "--all") == 2
    assert len(capsys.readouterr().out.splitlines()) == 7
    assert call("check", "a.gold", "--github") == 2
    assert capsys.readouterr().out.count("::error") == 2
    (tmp_path / "a.gold").write_text("".join((tmp_path / "a.gold").read_text().split("  LOC")[:1]))
    assert call("check", "a.gold") == 0
    assert capsys.readouterr() == ("", "1 file checked: no problem\n")
