"""`pytest --factharness SUITE`: what becomes a test, and what each outcome looks like."""

import shutil
import tempfile
from pathlib import Path

import numpy as np  # noqa: F401  # pytester forgets what its runs import, and numpy bears no second time
import pytest
from shown_text import commands, unseen

import factharness.runs.measure  # noqa: F401  # nor do functions that are sent to workers: later tests would send others

TESTS = Path(__file__).resolve().parents[1]
MINI = TESTS / "data" / "goldsets" / "mini"
BACKEND = TESTS / "harness" / "local_backends.py"

pytest_plugins = ["pytester"]

RULES = ["capitals.date.value.f1 >= 0.75", "errors == 0"]


@pytest.fixture
def project(pytester, monkeypatch):
    """A repository with a suite over three articles, a back end of its own, and one test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(pytester.path / ".cache"))
    shutil.copytree(MINI, pytester.path / "goldsets" / "mini")
    shutil.copy(BACKEND, pytester.path / "local_backends.py")
    pytester.makepyfile(test_own="def test_own(): pass")

    def write(rules=RULES, options="{}", use="local_backends.py"):
        listed = ", ".join(f'"{rule}"' for rule in rules)
        (pytester.path / "suites").mkdir(exist_ok=True)
        (pytester.path / "suites" / "ci.toml").write_text(
            '[suite]\ngoldsets = ["mini"]\n'
            f'[[backend]]\nuse = "file:../{use}:build"\nname = "capitals"\noptions = {options}\n'
            f"[gate]\nrules = [{listed}]\n",
            encoding="utf-8",
        )

    write()
    pytester.write = write
    return pytester


def bless(project, monkeypatch):
    """Make what the back end does now the baseline."""
    from factharness.cli import main

    monkeypatch.chdir(project.path)
    for args in (["run", "ci", "-o", "base", "-q"], ["bless", "base", "--reason", "first"]):
        with pytest.raises(SystemExit) as stop:
            main(args)
        assert stop.value.code == 0


def test_without_the_option_nothing_is_added(project):
    project.runpytest("-q").assert_outcomes(passed=1)


def test_rules_and_articles_by_kind_are_tests_of_their_own(project):
    result = project.runpytest("-v", "--factharness", "suites/ci.toml")
    result.assert_outcomes(passed=1 + 2 + 3 * 3)
    result.stdout.fnmatch_lines(
        [
            "*ci.toml::errors == 0 PASSED*",
            "*ci.toml::mini/capitals/2024-03-07-conseil/date PASSED*",
        ]
    )


def test_they_can_be_selected_like_any_test(project):
    project.runpytest("--factharness", "ci", "-m", "factharness").assert_outcomes(
        passed=11, deselected=1
    )
    project.runpytest("--factharness", "ci", "-k", "conseil and date").assert_outcomes(
        passed=1, deselected=11
    )


def test_a_rule_that_fails_says_the_number_without_a_traceback(project):
    project.write(rules=["capitals.date.value.f1 >= 0.8"])
    result = project.runpytest("--factharness", "ci", "-m", "factharness")
    result.assert_outcomes(passed=9, failed=1, deselected=1)
    result.stdout.fnmatch_lines(["*mini/capitals.date.value.f1 = 0.750, not >= 0.8"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*def runtest*")


def test_a_back_end_that_crashes_is_an_error_of_its_article(project):
    project.write(options='{ when = { "2024-03-06-tournoi" = "raise" } }')
    result = project.runpytest("--factharness", "ci", "-m", "factharness")
    result.assert_outcomes(passed=6 + 1, failed=1, errors=3, deselected=1)
    result.stdout.fnmatch_lines(["*the back end failed: RuntimeError: cannot do 2024-03-06*"])


def test_an_error_is_cut_and_steers_nothing(project):
    shutil.copy(TESTS / "harness" / "cli" / "hostile_backend.py", project.path / "hostile.py")
    project.write(options="{ raises = true }", use="hostile.py")
    text = (project.path / "suites" / "ci.toml").read_text()
    (project.path / "suites" / "ci.toml").write_text(text + HALF_BROKEN)
    result = project.runpytest("--factharness", "ci", "-m", "factharness")
    assert not commands(result.stdout.str())
    assert not unseen(result.stdout.str())
    result.stdout.fnmatch_lines(["*the back end failed: ::error::=PER*", "*bytes in all*"])


HALF_BROKEN = """
[[backend]]
use = "file:../local_backends.py:build"
name = "well"
[[backend]]
use = "file:../local_backends.py:build"
name = "sick"
options = { sick = { load = "raise" } }
"""


def test_a_back_end_that_is_not_there_does_not_pass_unseen(project):
    text = (project.path / "suites" / "ci.toml").read_text()
    text += '[[backend]]\nuse = "file:none.py:build"\nname = "none"\n'
    (project.path / "suites" / "ci.toml").write_text(text)
    project.runpytest("--factharness", "ci", "-m", "factharness", "-k", "none").assert_outcomes(
        errors=1, deselected=12
    )


def test_facts_that_broke_since_the_baseline_fail_their_article(project, monkeypatch):
    bless(project, monkeypatch)
    path = project.path / "local_backends.py"
    code = path.read_text(encoding="utf-8")
    (project.path / "worse.py").write_text(
        code.replace(r"\b20\d\d\b", r"\b20(?!24)\d\d\b").replace('"capitals"', '"worse"')
    )
    project.write(rules=["new_misses == 0"], use="worse.py")
    result = project.runpytest("-v", "--factharness", "ci", "-m", "factharness")
    result.assert_outcomes(passed=8, failed=2, deselected=1)
    result.stdout.fnmatch_lines(
        [
            "*ci.toml::mini/capitals/2024-03-07-conseil/date FAILED*",
            "*2024-03-07-conseil.gold:*: capitals: missed DATE '2024'*",
        ]
    )


def test_a_rule_that_needs_a_baseline_says_how_to_make_one(project):
    project.write(rules=["*.date.f1 drop <= 0"])
    result = project.runpytest("--factharness", "ci", "-m", "factharness")
    result.assert_outcomes(passed=9, failed=1, deselected=1)
    result.stdout.fnmatch_lines(["*make one with `factharness bless RUN --reason TEXT`*"])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cii", "*--factharness cii: unknown suite 'cii'; did you mean 'ci'?*"),
        ("broken.toml", "*--factharness broken.toml: broken.toml: not TOML*"),
    ],
)
def test_a_suite_that_cannot_be_run_is_wrong_use(project, name, said):
    (project.path / "broken.toml").write_text("[")
    result = project.runpytest("--factharness", name)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([said])


@pytest.mark.parametrize("name", ["cii", "broken.toml", "ci"])
def test_under_xdist_it_is_wrong_use_as_well(project, name):
    (project.path / "broken.toml").write_text("[")
    (project.path / "suites" / "ci.toml").write_text('[suite]\ngoldsets = ["none"]\n')
    result = project.runpytest_subprocess("-n", "2", "--factharness", name)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*--factharness {name}: *"])
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()


@pytest.mark.slow
def test_under_xdist_the_suite_is_run_once(project):
    project.makepyfile(
        test_own="""
        import os
        import pytest

        @pytest.mark.parametrize("number", range(8))
        def test_scores(factharness_suite, number):
            with open("runs-" + os.environ["PYTEST_XDIST_WORKER"], "w") as file:
                file.write(factharness_suite.run.manifest.id)
        """
    )
    result = project.runpytest_subprocess("-n", "2", "--factharness", "ci")
    result.assert_outcomes(passed=8 + 2 + 3 * 3)
    runs = [path.read_text() for path in project.path.glob("runs-*")]
    assert len(runs) == 2
    assert len(set(runs)) == 1


def test_collecting_alone_runs_nothing_and_shows_the_same_tests(project):
    project.write(options='{ log = "log" }')
    text = (project.path / "suites" / "ci.toml").read_text()
    hybrid = '[[backend]]\nname = "parts"\nentities = "capitals"\ndates = "capitals"\n'
    absent = '[[backend]]\nuse = "file:none.py:build"\nname = "none"\n'
    (project.path / "suites" / "ci.toml").write_text(text + hybrid + absent)
    project.makeconftest(
        """
        def pytest_collection_finish(session):
            with open("names", "w") as file:
                file.writelines(f"{item.name}\\n" for item in session.items)
        """
    )
    shown = {}
    for option in ("--collect-only", "-v"):
        project.runpytest("--factharness", "ci", option)
        shown[option] = sorted((project.path / "names").read_text().splitlines())
        assert (project.path / "log").exists() == (option == "-v")
    assert len(shown["-v"]) == 1 + 2 + 3 * 3 + 3 * 2 + 1
    assert shown["--collect-only"] == shown["-v"]


def test_a_baseline_of_other_gold_is_wrong_use(project, monkeypatch):
    bless(project, monkeypatch)
    path = project.path / "goldsets" / "mini" / "set.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"1"', '"2"'), encoding="utf-8")
    result = project.runpytest("--factharness", "ci")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*gold: mini@1 against mini@2*"])


def test_the_fixture_is_the_run_for_assertions_of_ones_own(project):
    project.makepyfile(
        test_own="""
        import pytest

        def test_scores(factharness_suite):
            assert factharness_suite.row("capitals", "date", regime="value").f1 == 0.75
            assert factharness_suite.row("capitals", "quote").counts.tp == 2
            assert factharness_suite.run.manifest.suite == "ci"
            assert not factharness_suite.judge("capitals.date.value.f1 > 0.75").passed
            with pytest.raises(LookupError, match="mini/capitals/date/TIEM/strict"):
                factharness_suite.row("capitals", "date", label="TIEM")

        def test_once(factharness_suite):
            from pathlib import Path
            assert Path("log").read_text().count("\\n") == 3
        """
    )
    project.write(options='{ log = "log" }')
    project.runpytest("--factharness", "ci", "-m", "not factharness").assert_outcomes(
        passed=2, deselected=11
    )
    project.runpytest().assert_outcomes(skipped=2)


def test_nothing_is_left_behind(project, monkeypatch):
    (project.path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(project.path / "tmp"))
    before = {path.name for path in project.path.iterdir()}
    project.runpytest("--factharness", "ci", "-p", "no:cacheprovider").assert_outcomes(passed=12)
    left = {path.name for path in project.path.iterdir()} - before
    assert left <= {".cache", "__pycache__", ".pytest_cache"}
    assert not [path for path in (project.path / "tmp").iterdir() if path.name[:7] != "pytest-"]


def test_what_is_gone_since_the_baseline_fails_as_under_check(project, monkeypatch):
    bless(project, monkeypatch)
    project.write(rules=["*.date.f1 drop <= 1", "errors == 0"], options='{ kinds = ["quote"] }')
    result = project.runpytest("-v", "--factharness", "ci", "-m", "factharness")
    # Three articles of quotes are well; the three dates that were found have tests of their own again.
    result.assert_outcomes(passed=1 + 3, failed=1 + 3, deselected=1)
    result.stdout.fnmatch_lines(
        [
            "*ci.toml::*date::f1 drop <= 1 FAILED*",
            "*ci.toml::mini/capitals/2024-03-07-conseil/date FAILED*",
            "*capitals does not claim to find the kind 'date'; the baseline of *",
        ]
    )
    (project.path / "goldsets" / "mini" / "2024-03-07-conseil.gold").unlink()
    project.write(rules=["errors == 0"])
    result = project.runpytest("-v", "--factharness", "ci", "-m", "factharness")
    result.assert_outcomes(passed=1 + 6, failed=1, deselected=1)
    result.stdout.fnmatch_lines(
        [
            "*ci.toml::baseline FAILED*",
            "*mini/2024-03-07-conseil is gone since the baseline*",
        ]
    )


def test_a_rule_of_ones_own_is_judged_beside_those_of_the_suite(project):
    project.makepyfile(
        test_own="""
        def test_scores(factharness_suite):
            result = factharness_suite.judge("capitals.date.f1 >= 0")
            assert (result.rule, result.passed) == ("capitals.date.f1 >= 0", True)
            assert factharness_suite.judge("capitols.date.f1 >= 0").code == 2
        """
    )
    project.write(rules=["errors <= 1"], options='{ when = { "2024-03-06-tournoi" = "raise" } }')
    project.runpytest("--factharness", "ci", "-m", "not factharness").assert_outcomes(
        passed=1, deselected=1 + 9
    )
