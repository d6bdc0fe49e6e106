"""`check --comment` and `comment` from outside, and what `check` tells a CI host when it cannot judge."""

import json
import shutil
from pathlib import Path

import pytest

from factharness.gold.format import render
from factharness.gold.parse import read_document, text_of
from factharness.gold.withhold import withhold
from factharness.report.comment import MARK
from factharness.report.gate import SUMMARY_LIMIT
from factharness.runs.folder import outdate

TESTS = Path(__file__).resolve().parents[2]
LOCAL = TESTS / "harness" / "local_backends.py"
COUNCIL = "2024-03-07-conseil"
VARIABLES = (
    *("GITHUB_ACTIONS", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID", "GITHUB_REF"),
    *("GITHUB_TOKEN", "GITLAB_CI", "GITLAB_TOKEN", "CI_JOB_URL", "CI_PROJECT_DIR"),
)


@pytest.fixture(autouse=True)
def nowhere(monkeypatch):
    """Outside of every CI host, also when the tests run on one."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def gold(shell):
    copy = shell.folder / "goldsets" / "mini"
    shutil.copytree(TESTS / "data" / "goldsets" / "mini", copy)
    return copy


def run(
    shell, gold, out, code=None, rules=("*.date.value.f1 drop <= 0.01", "errors == 0"), exits=0
):
    """Run the tests' back end, or ``code`` in its place; both are called ``capitals``."""
    backend = shell.folder / "capitals.py"
    backend.write_text(code or LOCAL.read_text(encoding="utf-8"), encoding="utf-8")
    backends = f'[[backend]]\nuse = "file:{backend.name}:build"\nname = "capitals"\n'
    more = f"[gate]\nrules = {json.dumps(rules)}\n"
    suite = shell.suite(backends=backends, more=more, goldset=gold)
    assert shell("run", suite, "-o", out, "-q", "--no-cache").returncode == exits


SHOUTING = LOCAL.read_text(encoding="utf-8").replace("[A-ZÉ]", "[a-zA-ZÉ]")
"""Takes every word for a person."""

WORSE = LOCAL.read_text(encoding="utf-8").replace(r"\b20\d\d\b", r"\b20(?!24)\d\d\b")
"""Knows the year 2024 no more."""


def comment(shell, *args):
    """What ``check`` answers, and the comment that it writes."""
    answer = shell("check", *args, "--comment", "comment.md")
    path = shell.folder / "comment.md"
    return answer, path.read_text(encoding="utf-8") if path.exists() else None


def test_the_comment_says_what_broke_and_the_next_one_that_it_is_fixed(shell, gold):
    run(shell, gold, "good")
    run(shell, gold, "bad", WORSE)
    answer, said = comment(shell, "bad", "--baseline", "good", "--report-url", "https://x/1")
    assert answer.returncode == 1
    assert said.startswith(f"{MARK}mine -->\n## RESULT: FAIL (1 of 2 rules) exit 1\n")
    assert "(https://x/1)" in said
    assert "FAIL `*.date.value.f1 drop <= 0.01`" in said
    assert "| capitals | date |" in said
    line = (gold / f"{COUNCIL}.gold").read_text(encoding="utf-8").splitlines().index(
        "  DATE     2024 | 2024"
    ) + 1
    assert f"- capitals: missed DATE `2024`, `{gold}/{COUNCIL}.gold:{line}`" in said
    answer, said = comment(shell, "good", "--baseline", "bad")
    assert answer.returncode == 0
    assert f"- capitals: found DATE `2024`, `{gold}/{COUNCIL}.gold:{line}`" in said
    assert "The whole run" not in said


def test_with_several_gold_sets_each_line_says_which(shell, gold):
    second = gold.with_name("second")
    shutil.copytree(gold, second)
    info = second / "set.toml"
    info.write_text(
        info.read_text(encoding="utf-8").replace('"mini"', '"second"'), encoding="utf-8"
    )
    run(shell, f'{gold}", "{second}', "both")
    said = comment(shell, "both", "--baseline", "both")[1]
    assert "| gold set | back end | kind | F1 | change | more than chance |\n| --- |" in said
    for name in ("mini", "second"):
        assert f"\n| {name} | capitals | date | " in said


def test_a_wrong_word_that_is_gone_is_read_in_the_text(shell, gold):
    run(shell, gold, "shouting", SHOUTING)
    run(shell, gold, "good")
    said = comment(shell, "good", "--baseline", "shouting")[1]
    assert "- capitals: no longer wrong: PER `conseil`, " in said
    (gold / f"{COUNCIL}.gold").unlink()
    said = comment(shell, "good", "--baseline", "shouting")[1]
    assert "no longer wrong: PER `conseil`" not in said


def test_what_was_wrong_in_an_article_that_fails_now_is_not_fixed(shell, gold):
    run(shell, gold, "shouting", SHOUTING)
    fails = 'def _facts(self, text):\n        assert "conseil" not in text'
    code = LOCAL.read_text(encoding="utf-8").replace("def _facts(self, text):", fails)
    run(shell, gold, "fails", code, exits=1)
    said = comment(shell, "fails", "--baseline", "shouting")[1]
    assert "- capitals: no longer wrong: PER `moulin`, " in said
    about = [line for line in said.splitlines() if f"{COUNCIL}.gold" in line]
    assert about
    assert all(line.endswith(": it failed on the article") for line in about)


def test_where_the_run_and_the_paths_are_is_known_from_the_host(shell, gold, monkeypatch):
    run(shell, gold, "good")
    run(shell, gold, "bad", WORSE)
    monkeypatch.setenv("CI_JOB_URL", "https://gitlab.example/j/1")
    monkeypatch.setenv("CI_PROJECT_DIR", str(shell.folder))
    said = comment(shell, "bad", "--baseline", "good")[1]
    assert "(https://gitlab.example/j/1)" in said
    assert f"`goldsets/mini/{COUNCIL}.gold:" in said
    for name, value in (("SERVER_URL", "https://g"), ("REPOSITORY", "o/r"), ("RUN_ID", "2")):
        monkeypatch.setenv(f"GITHUB_{name}", value)
    assert "(https://g/o/r/actions/runs/2)" in comment(shell, "bad", "--baseline", "good")[1]


def test_of_a_withheld_text_no_word_is_shown(shell, gold, monkeypatch):
    monkeypatch.setenv("FACTHARNESS_TEXTS", str(shell.folder / "texts"))
    path = gold / f"{COUNCIL}.gold"
    document = read_document(path)
    text = shell.folder / "conseil.txt"
    text.write_text(text_of(document), encoding="utf-8")
    path.write_text(render(withhold(document)), encoding="utf-8")
    attached = shell("gold", "attach", path, text)
    assert attached.returncode == 0, attached.stderr
    run(shell, gold, "good")
    run(shell, gold, "bad", SHOUTING.replace(r"\b20\d\d\b", r"\b20(?!24)\d\d\b"))
    for now, then in (("bad", "good"), ("good", "bad")):
        said = comment(shell, now, "--baseline", then)[1]
        facts = [line for line in said.splitlines() if line.startswith("- capitals: ")]
        about = [line for line in facts if f"{COUNCIL}.gold" in line]
        assert {line.partition(", `")[0].split()[-1] for line in about} >= {"PER", "(`2024`)"}
        assert not [word for word in ("conseil", "budget", "ordre") if f"`{word}`" in said]
        assert "`moulin`" in said


@pytest.mark.parametrize("github", [(), ("--github",)])
def test_everybodys_first_run_is_told_to_github_and_in_the_comment(
    shell, gold, monkeypatch, github
):
    run(shell, gold, "first")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    answer, said = comment(shell, "first", *github)
    assert answer.returncode == 4
    assert "RESULT: ERROR (1 of 2 rules not judged) exit 4" in said
    assert "there is no baseline" in said
    assert "| capitals | date | " in said
    assert ("::error title=gate rule not judged::" in answer.stdout) == bool(github)
    assert Path("summary.md").exists() == bool(github)


def no_rules(shell, gold):
    run(shell, gold, "out", rules=())


def not_a_run(shell, _gold):
    (shell.folder / "out").mkdir()


def outdated(shell, gold):
    run(shell, gold, "out")
    shell("run", "nothing.toml", "--force", "-o", "out")


def nothing_scored(shell, gold):
    suite = shell.suite(
        backends='[[backend]]\nuse = "file:none.py:build"\nname = "no"\n', goldset=gold
    )
    suite.write_text(f'{suite.read_text()}[gate]\nrules = ["errors == 0"]\n', encoding="utf-8")
    shell("run", suite, "-o", "out", "-q")


def narrowed(shell, gold):
    run(shell, gold, "whole")
    shell("run", "mine.toml", "-o", "out", "-q", "--limit", "1")


@pytest.mark.parametrize(
    ("make", "code", "said", "has_comment"),
    [
        (no_rules, 2, "the suite has no rules", True),
        (not_a_run, 2, "run.json", False),
        (outdated, 3, "this is an earlier run", False),
        (nothing_scored, 3, "nothing was scored", True),
        (narrowed, 4, "the run was narrowed by --limit 1", True),
    ],
)
def test_github_and_the_pull_request_are_told_why_a_run_is_not_judged(
    shell, gold, monkeypatch, make, code, said, has_comment
):
    make(shell, gold)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    answer, written = comment(shell, "out", "--github")
    assert answer.returncode == code
    assert said in answer.stderr
    errors = [line for line in answer.stdout.splitlines() if line.startswith("::error ")]
    assert errors
    assert all(said in error for error in errors)
    summary = Path("summary.md").read_text(encoding="utf-8")
    assert summary.startswith("## RESULT: ERROR ")
    assert f"exit {code}\n" in summary
    assert said in summary.replace("\\", "")
    assert (written is not None) == has_comment
    if has_comment:
        assert written.startswith(f"{MARK}mine -->\n## RESULT: ERROR ")
        assert said in written


def test_a_summary_that_is_full_stays_as_it_is(shell, gold, monkeypatch):
    run(shell, gold, "out", rules=())
    summary = shell.folder / "summary.md"
    summary.write_bytes(b"x" * (SUMMARY_LIMIT - 10))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    answer = shell("check", "out", "--github")
    assert "the summary of this step is full" in answer.stderr
    assert summary.stat().st_size == SUMMARY_LIMIT - 10


def test_a_fact_that_broke_often_is_listed_once_with_its_number(shell, gold, monkeypatch):
    run(shell, gold, "good", rules=["new_wrong == 0"])
    run(shell, gold, "bad", SHOUTING, rules=["new_wrong == 0"])
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    answer, said = comment(shell, "bad", "--baseline", "good", "--github")
    summary = Path("summary.md").read_text(encoding="utf-8")
    for shown, fact in ((answer.stdout, "PER 'de'"), (summary, "PER 'de'"), (said, "PER `de`")):
        lines = [line for line in shown.splitlines() if fact in line and not line.startswith("::")]
        assert len(lines) == 1
        assert "4 times" in lines[0]
    warnings = [line for line in answer.stdout.splitlines() if line.startswith("::warning")]
    assert len(warnings) == len({line.partition("wrong PER")[2] for line in warnings}) > 5


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda base: (base / "scores.json").unlink(), 4, "cannot be the baseline"),
        (lambda base: shutil.rmtree(base), 4, "there is no baseline"),
        (lambda base: (base / "run.json").write_text("{}"), 4, "cannot be the baseline"),
        (outdate, 4, "cannot be the baseline: this is an earlier run"),
    ],
)
def test_a_run_directory_that_cannot_be_a_baseline_is_refused(shell, gold, change, code, said):
    run(shell, gold, "base")
    run(shell, gold, "now")
    change(shell.folder / "base")
    answer = shell("check", "now", "--baseline", "base")
    assert (answer.returncode, said in answer.stderr) == (code, True), answer.stderr


def test_a_narrowed_run_is_no_baseline(shell, gold):
    run(shell, gold, "now")
    shell("run", "mine.toml", "-o", "part", "-q", "--limit", "1")
    answer = shell("check", "now", "--baseline", "part")
    assert answer.returncode == 4
    assert "the run was narrowed by --limit 1" in answer.stderr


def test_a_run_judges_as_the_baseline_that_is_made_of_it(shell, gold):
    run(shell, gold, "good")
    run(shell, gold, "bad", WORSE)
    shell("bless", "good", "--reason", "x", "--to", "blessed.json")
    answers = [shell("check", "bad", "--baseline", base) for base in ("good", "blessed.json")]
    assert answers[0].stdout == answers[1].stdout
    assert answers[0].returncode == answers[1].returncode == 1


def test_outside_of_a_job_the_comment_goes_nowhere_and_that_is_said(shell, gold):
    run(shell, gold, "out")
    comment(shell, "out")
    answer = shell("comment", "comment.md")
    assert answer.returncode == 0
    assert answer.stderr.startswith("no comment is written: this is no job of GitHub Actions")


@pytest.mark.parametrize(
    ("text", "said"), [(None, "cannot be read"), ("# hello\n", "is no comment of a check")]
)
def test_only_the_comment_of_a_check_is_put_on_a_pull_request(shell, text, said):
    if text is not None:
        Path("comment.md").write_text(text)
    answer = shell("comment", "comment.md")
    assert (answer.returncode, said in answer.stderr) == (2, True)
