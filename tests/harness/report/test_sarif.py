"""`gold check --sarif`: what code hosts read of a problem is where it is, how bad, and what to do."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.cli import main
from factharness.escape import visible
from factharness.gold.problems import Problem
from factharness.report.sarif import render

MINI = Path(__file__).resolve().parents[2] / "data" / "goldsets" / "mini"

text = st.text(min_size=1)
problems = st.lists(
    st.builds(
        Problem,
        path=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
        line=st.integers(0, 10**6),
        message=text,
        remedy=text,
        level=st.sampled_from(["error", "warning"]),
    )
)


@given(problems)
def test_every_problem_is_a_result_of_a_rule_that_is_there(found):
    log = json.loads(render(found))
    assert (log["version"], log["$schema"].rpartition("/")[2]) == (
        "2.1.0",
        "sarif-schema-2.1.0.json",
    )
    (run,) = log["runs"]
    rules = {
        rule["id"]: rule["defaultConfiguration"]["level"] for rule in run["tool"]["driver"]["rules"]
    }
    assert len(run["results"]) == len(found)
    for result, problem in zip(run["results"], found, strict=True):
        assert rules[result["ruleId"]] == result["level"] == problem.level
        assert result["message"]["text"] == visible(f"{problem.message}; {problem.remedy}")
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["region"]["startLine"] == max(1, problem.line)
        assert physical["artifactLocation"]["uri"].isascii()
        assert " " not in physical["artifactLocation"]["uri"]


def test_paths_are_references_as_hosts_want_them():
    (result,) = json.loads(render([Problem("gold sets/été.gold", 3, "a", "b")]))["runs"][0][
        "results"
    ]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "gold%20sets/%C3%A9t%C3%A9.gold"
    (result,) = json.loads(render([Problem("/tmp/a.gold", 3, "a", "b")]))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == (
        "file:///tmp/a.gold"
    )


def test_a_path_that_is_not_unicode_is_a_reference_too():
    for path in ("caf\udce9.gold", "/tmp/caf\udce9.gold"):
        (result,) = json.loads(render([Problem(path, 3, "a", "b")]))["runs"][0]["results"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.endswith("caf%E9.gold")


def test_gold_check_writes_it_beside_what_it_prints(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(MINI, "mini")
    path = tmp_path / "mini" / "2024-03-07-conseil.gold"
    path.write_text(path.read_text(encoding="utf-8").replace("| 2024\n", "| 2O24\n"))
    for wanted, code in ((1, 2), (0, 0)):
        with pytest.raises(SystemExit) as stop:
            main(["gold", "check", "mini", "--sarif", "gold.sarif"])
        assert stop.value.code == code
        results = json.loads((tmp_path / "gold.sarif").read_text())["runs"][0]["results"]
        assert len(results) == len(capsys.readouterr().out.splitlines()) == wanted
        path.write_text(path.read_text(encoding="utf-8").replace("| 2O24\n", "| 2024\n"))
