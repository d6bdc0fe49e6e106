"""`factharness check` and `bless` from outside: what they say, and what they exit with."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from factharness.gate.baseline import of, read
from factharness.gate.judge import judge
from factharness.report.gate import badge, github_annotations, junit, step_summary
from factharness.runs.directory import load

TESTS = Path(__file__).resolve().parents[2]


@pytest.fixture
def gold(shell):
    """A copy of the small gold set that a test may change."""
    copy = shell.folder / "goldsets" / "mini"
    shutil.copytree(TESTS / "data" / "goldsets" / "mini", copy)
    return copy


def run(shell, gold, out, rules=(), when=None):
    """Run the tests' back end; with ``when`` it is worse: it misses quotes."""
    kinds = ', kinds = ["entity", "date"]' if when == "worse" else ""
    backends = f'[[backend]]\nuse = "capitals"\noptions = {{ pause = 0{kinds} }}\n'
    listed = ", ".join(json.dumps(rule) for rule in rules)
    said = shell(
        "run",
        shell.suite(backends=backends, more=f"[gate]\nrules = [{listed}]\n", goldset=gold),
        "-o",
        out,
        "-q",
    )
    assert said.returncode == 0, said.stderr
    return shell.folder / out


def test_rules_that_hold_pass_and_the_last_line_says_so(shell, gold):
    run(shell, gold, "out", ["capitals.date.value.f1 >= 0.75", "errors == 0"])
    said = shell("check", "out")
    assert (said.returncode, said.stdout.splitlines()[-1]) == (0, "RESULT: PASS (2 rules) exit 0")


LIBRARIES = ("pandas", "spacy", "stanza", "torch", "jinja2")
GOLD = ("factharness.gold.sets", "factharness.gold.checks", "importlib.metadata")


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (("check", "out"), LIBRARIES),
        (("check", "out", "--github"), LIBRARIES),
        (("compare", "out", "out"), LIBRARIES),
        (("report", "out"), (*LIBRARIES, *GOLD, "numpy", "statistics")),
    ],
)
def test_a_command_loads_nothing_heavy_that_it_does_not_need(shell, gold, arguments, heavy):
    run(shell, gold, "out", ["errors == 0"])
    code = (
        "import sys\nfrom factharness.cli import main\n"
        f"try: main({[*arguments]!r})\nexcept SystemExit as stop: code = stop.code\n"
        f"print(code, [name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=shell.folder,
        env=shell.environment,
    )
    assert done.stdout.splitlines()[-1] == "0 []"


def test_rules_that_fail_say_the_number(shell, gold):
    run(shell, gold, "out")
    said = shell("check", "out", "--rule", "capitals.date.value.f1 >= 0.8", "--rule", "errors == 0")
    assert said.returncode == 1
    assert "mini/capitals.date.value.f1 = 0.750, not >= 0.8" in said.stdout
    assert said.stdout.splitlines()[-1] == "RESULT: FAIL (1 of 2 rules) exit 1"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("capitols.date.f1 > 0", "did you mean 'capitals'?"),
        ("capitals.date.f1 is 3", "expected one of <="),
        ("capitals.date.DATUM.f1 > 0", "did you mean 'DATE'?"),
        ("capitals.date.DATE.strikt.f1 > 0", "did you mean 'strict'?"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_wrong_use(shell, gold, rule, said):
    run(shell, gold, "out")
    answer = shell("check", "out", "--rule", rule)
    assert (answer.returncode, said in answer.stderr) == (2, True), answer.stderr


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("none.date.f1 >= 0", "none is unavailable"),
        ("capitals.date.value.f1 > none.date.value.f1", "none is unavailable"),
        ("none.date.f1 drop <= 1", "none is unavailable"),
        ("only.quote.f1 >= 0", "only does not claim to find the kind 'quote'"),
    ],
)
def test_a_rule_about_numbers_that_are_not_there_does_not_hold(shell, gold, rule, said):
    backends = (
        '[[backend]]\nuse = "capitals"\n[[backend]]\nuse = "file:none.py:build"\nname = "none"\n'
        '[[backend]]\nuse = "capitals"\noptions = { kinds = ["date"] }\n'
    )
    suite = shell.suite(backends=backends, goldset=gold)
    text = suite.read_text(encoding="utf-8")
    head, tail = text.rsplit('name = "capitals"', 1)
    suite.write_text(f'{head}name = "only"{tail}', encoding="utf-8")
    assert shell("run", suite, "-o", "out", "-q").returncode == 2
    assert shell("bless", "out", "--reason", "first").returncode == 0
    answer = shell("check", "out", "--rule", rule)
    assert (answer.returncode, said in answer.stdout) == (1, True), answer.stdout


def test_an_unknown_label_of_new_misses_is_wrong_use(shell, blessed):
    answer = shell("check", "base", "--rule", "new_misses(DAT) == 0")
    assert (answer.returncode, "did you mean 'DATE'?" in answer.stderr) == (2, True)


def test_a_baseline_needs_a_reason(shell, gold):
    run(shell, gold, "out")
    assert shell("bless", "out", "--reason", " ").returncode == 2
    assert not (shell.folder / "reports").exists()


def test_a_wildcard_must_hold_for_each(shell, gold):
    run(shell, gold, "out")
    assert shell("check", "out", "--rule", "*.date.value.f1 >= 0.7").returncode == 0
    said = shell("check", "out", "--rule", "capitals.date.*.strict.f1 >= 0.7")
    assert said.returncode == 1
    assert "capitals.date.DURATION.strict.f1" in said.stdout


def test_without_a_baseline_a_drop_is_not_comparable(shell, gold):
    run(shell, gold, "out", ["*.quote.f1 drop <= 0.01", "errors == 0"])
    said = shell("check", "out")
    assert said.returncode == 4
    assert "make one with `factharness bless out --reason TEXT`" in said.stderr
    said = shell("check", "out", "--allow-missing-baseline")
    assert said.stdout.splitlines()[-1] == "RESULT: PASS (1 rule) exit 0"


RULES = ["*.date.value.f1 drop <= 0.01", "new_misses(DATE) == 0", "errors == 0"]


@pytest.fixture
def blessed(shell, gold):
    """A run, blessed; then the code changes: the back end no longer knows a year."""
    run(shell, gold, "base", RULES)
    said = shell("bless", "base", "--reason", "first")
    assert said.returncode == 0, said.stderr
    return shell.folder / "reports" / "baselines" / "mine.json"


def worse(shell):
    """The predictions of ``base`` without the year of the council: as if the back end had got worse."""
    code = (TESTS / "harness" / "local_backends.py").read_text(encoding="utf-8")
    code = code.replace(r"\b20\d\d\b", r"\b20(?!24)\d\d\b").replace('"capitals"', '"worse"')
    (shell.folder / "worse.py").write_text(code, encoding="utf-8")
    suite = shell.folder / "mine.toml"
    text = suite.read_text(encoding="utf-8").replace(
        str(TESTS / "harness" / "local_backends.py"), "worse.py"
    )
    suite.write_text(text, encoding="utf-8")
    assert shell("run", suite, "-o", "now", "-q").returncode == 0
    return shell.folder / "now"


def test_the_same_run_passes_its_own_baseline(shell, blessed):
    said = shell("check", "base")
    assert (said.returncode, said.stdout.splitlines()[-1]) == (0, "RESULT: PASS (3 rules) exit 0")


def test_what_got_worse_fails_with_file_line_words_and_back_end(shell, gold, blessed):
    worse(shell)
    said = shell("check", "now")
    assert said.returncode == 1
    assert "mini/capitals.date.value.f1 dropped by 0.179, from 0.750 to 0.571" in said.stdout
    assert "1 missed since the baseline" in said.stdout
    path = gold / "2024-03-07-conseil.gold"
    line = path.read_text(encoding="utf-8").splitlines().index("  DATE     2024 | 2024") + 1
    assert f"{path}:{line}: capitals: missed DATE '2024'" in said.stdout
    assert said.stdout.splitlines()[-1] == "RESULT: FAIL (2 of 3 rules) exit 1"


def test_a_drop_that_may_be_chance_is_let_through_where_the_rule_says_so(shell, blessed):
    worse(shell)
    rule = "capitals.date.value.f1 drop <= 0.01 unless p > 0.05"
    assert shell("check", "now", "--rule", rule).returncode == 0
    assert shell("check", "now", "--rule", rule.replace("0.05", "1")).returncode == 1


def test_a_baseline_reads_as_it_was_written_and_holds_no_text(shell, blessed):
    run_ = load(shell.folder / "base")
    assert read(blessed) == of(run_, "first")
    written = blessed.read_text(encoding="utf-8")
    assert not any(word in written for word in ("Bressac", "Aubry", "refait", "surprise"))
    assert len([line for line in written.splitlines() if line.startswith('  {"goldset"')]) == 9


def test_new_and_removed_articles_are_told_apart_from_regressions(shell, gold, blessed):
    old = gold / "2024-03-07-conseil.gold"
    new = gold / "2024-03-08-conseil.gold"
    new.write_text(
        old.read_text(encoding="utf-8").replace("2024-03-07", "2024-03-08"), encoding="utf-8"
    )
    old.unlink()
    run(shell, gold, "now", RULES)
    said = shell("check", "now")
    assert said.returncode == 1, said.stdout
    assert "mini/2024-03-08-conseil is new since the baseline" in said.stdout
    assert "mini/2024-03-07-conseil is gone since the baseline" in said.stdout
    assert "FAIL  baseline" in said.stdout
    assert said.stdout.count("FAIL ") == 2  # and that of the result
    assert shell("bless", "now", "--reason", "another council").returncode == 0
    assert shell("check", "now").returncode == 0


def change_gold(shell, gold, _baseline):
    path = gold / "2024-03-07-conseil.gold"
    path.write_text(
        path.read_text(encoding="utf-8").replace("| 2024\n", "| 2024-03\n"), encoding="utf-8"
    )
    run(shell, gold, "now", RULES)


def change_version(shell, gold, _baseline):
    path = gold / "set.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"1"', '"2"'), encoding="utf-8")
    run(shell, gold, "now", RULES)


def rename_suite(shell, _gold, _baseline):
    (shell.folder / "mine.toml").rename(shell.folder / "renamed.toml")
    shell("run", shell.folder / "renamed.toml", "-o", "now", "-q")


def edit(old, new):
    def change(shell, _gold, baseline):
        shutil.copytree(shell.folder / "base", shell.folder / "now")
        text = baseline.read_text(encoding="utf-8")
        assert old in text
        baseline.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def reorder(shell, _gold, baseline):
    shutil.copytree(shell.folder / "base", shell.folder / "now")
    lines = baseline.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.startswith('  {"goldset"'))
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    baseline.write_text("".join(lines), encoding="utf-8")


def lose_a_line(shell, _gold, baseline):
    """As a merge may lose it: what it held would be measured by nothing."""
    shutil.copytree(shell.folder / "base", shell.folder / "now")
    lines = baseline.read_text(encoding="utf-8").splitlines(keepends=True)
    del lines[next(i for i, line in enumerate(lines) if line.startswith('  {"goldset"'))]
    baseline.write_text("".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_gold, "2024-03-07-conseil is not that of the baseline"),
        (change_version, "gold: mini@1 against mini@2"),
        (rename_suite, "the run of 'renamed'"),
        (edit('"format": 2', '"format": 3'), "format 3, this version reads up to 2"),
        (edit('"kinds": {', '"kinds": {"other": [],'), "are of different back ends"),
        (edit('"lines"', '\n<<<<<<< HEAD\n"lines"'), "conflict markers"),
        (edit('"reason"', '"raeson"'), "not a baseline"),
        (edit('"lines": [', '"lines": '), "not a baseline"),
        (reorder, "out of order or there twice"),
        (lose_a_line, "and was written with"),
    ],
)
def test_what_must_not_be_compared_exits_with_4_and_says_what_to_do(
    shell, gold, blessed, change, said
):
    change(shell, gold, blessed)
    baseline = ["--baseline", blessed]
    answer = shell("check", "now", *baseline)
    assert (answer.returncode, said in answer.stderr) == (4, True), answer.stderr
    assert "bless" in answer.stderr


@pytest.mark.parametrize(
    "piece", ["run.json", "scores.json", "gold.jsonl.gz", "backends/capitals.jsonl.gz"]
)
def test_a_run_with_pieces_missing_is_refused(shell, blessed, piece):
    (shell.folder / "base" / piece).unlink()
    said = shell("check", "base")
    assert said.returncode == 2
    assert piece in said.stderr
    assert "Traceback" not in said.stderr


def test_github_gets_annotations_and_a_summary(shell, gold, blessed, monkeypatch):
    worse(shell)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(shell.folder))
    said = shell("check", "now", "--github")
    assert "::error title=gate rule failed::*.date.value.f1 drop <= 0.01: mini/" in said.stdout
    assert "::warning file=goldsets/mini/2024-03-07-conseil.gold,line=" in said.stdout
    assert (
        (shell.folder / "summary.md")
        .read_text()
        .startswith("## RESULT: FAIL (2 of 3 rules) exit 1")
    )


def test_a_verdict_goes_to_files_too(shell, blessed):
    worse(shell)
    said = shell("check", "now", "--junit", "gate.xml", "--badge", "badge.json")
    assert said.returncode == 1
    assert ElementTree.parse("gate.xml").find("testsuite/testcase/failure") is not None
    assert json.loads(Path("badge.json").read_text())["message"] == "failing"


def test_renderings_of_a_verdict(shell, blessed):
    now = load(worse(shell))
    verdict = judge(now, RULES, read(blessed))
    cases = ElementTree.fromstring(junit([now], verdict))
    suites = {suite.get("name"): suite for suite in cases}
    assert (suites["mini/capitals"].get("tests"), suites["mini/capitals"].get("failures")) == (
        "9",
        "1",
    )
    assert (suites["gate"].get("tests"), suites["gate"].get("failures")) == ("3", "2")
    assert "missed DATE '2024'" in suites["mini/capitals"].find("testcase/failure").text
    assert json.loads(badge(now, verdict))["message"] == "failing"
    assert len(github_annotations(verdict).splitlines()) <= 10
    short = step_summary(now, verdict, limit=400)
    assert len(short.encode()) <= 400
    assert "Cut here" in short
    assert "Cut here" not in step_summary(now, verdict)
