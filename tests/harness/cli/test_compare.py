"""`factharness compare`, and `factharness score` of a run."""

import json

import pytest

TWO = '[[backend]]\nuse = "capitals"\n[[backend]]\nuse = "rules"\n'


@pytest.fixture
def run(shell):
    said = shell("run", shell.suite(backends=TWO), "-o", "out", "-q")
    assert said.returncode == 0, said.stderr
    return "out"


def test_two_back_ends_of_one_run(shell, run):
    said = shell("compare", f"{run}:capitals", f"{run}:rules", "--flips", "--draws", "200")
    assert said.returncode == 0, said.stderr
    assert "rules against capitals, on mini" in said.stdout
    assert "Fewer than 20 articles" in said.stdout
    # The maps differ, which is the back ends' own business.
    found = json.loads(
        shell("compare", f"{run}:capitals", f"{run}:rules", "--json", "--flips").stdout
    )
    (pair,) = found
    rows = {(row["kind"], row["regime"]): row for row in pair["rows"]}
    assert {("entity", "strict"), ("date", "value"), ("quote", "joint")} <= set(rows)
    entity = rows["entity", "strict"]["difference"]
    assert entity["articles"] == 3
    assert entity["difference"] > 0
    assert entity["method"] == "exact"
    assert 0 < entity["p"] <= rows["entity", "strict"]["adjusted"] <= 1
    gained = [flip["line"] for flip in pair["flips"] if flip["change"] == "gained"]
    assert any("Jeanne Aubry" in line for line in gained), gained


def test_a_kind_that_only_one_looks_for_is_said(shell):
    names = '[[backend]]\nuse = "rules"\nname = "names"\noptions = { kinds = ["entity"] }\n'
    shell("run", shell.suite(backends=TWO + names), "-o", "out", "-q")
    for first, second in (("rules", "names"), ("names", "rules")):
        said = shell("compare", f"out:{first}", f"out:{second}", "--draws", "50").stdout
        notes = [line for line in said.splitlines() if line.startswith("Not compared")]
        assert notes == [
            f"Not compared: {kind}, as only rules looks for it." for kind in ("date", "quote")
        ]
    assert "Not compared" not in shell("compare", "out:rules", "out:rules", "--draws", "50").stdout


def test_a_run_against_itself_is_no_different(shell, run):
    found = json.loads(shell("compare", run, run, "--json", "--flips", "--draws", "50").stdout)
    assert [(pair["base"], pair["head"]) for pair in found] == [
        ("capitals", "capitals"),
        ("rules", "rules"),
    ]
    for pair in found:
        assert pair["flips"] == []
        assert all(row["difference"]["p"] == 1 for row in pair["rows"])


def test_another_gold_is_refused(shell, run, tmp_path):
    path = tmp_path / "out" / "scores.json"
    text = path.read_text(encoding="utf-8")
    other = tmp_path / "other"
    other.mkdir()
    (other / "run.json").write_bytes((tmp_path / "out" / "run.json").read_bytes())
    gold = json.loads(text)["backends"][0]["signature"]["gold"]
    (other / "scores.json").write_text(text.replace(gold, "mini@2#000000"), encoding="utf-8")
    said = shell("compare", run, "other")
    assert said.returncode == 4
    assert f"gold: {gold} against mini@2#000000" in said.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (
            ["out:capitals", "out:rules", "--regime", "token"],
            4,
            "no regime of token is on both sides",
        ),
        (["out:capitals", "out:rules", "--regime", "stict"], 2, "did you mean 'strict'"),
        (["out:capitls", "out:rules"], 2, "did you mean 'capitals'"),
        (["out:rules", "out:"], 2, "back end ''"),
        (["out", "nowhere"], 2, "nowhere"),
        (["out"], 2, "HEAD"),
    ],
)
def test_what_cannot_be_compared(shell, run, arguments, code, words):
    said = shell("compare", *arguments)
    assert said.returncode == code
    assert words in said.stderr


def test_a_run_is_scored_under_other_regimes(shell, run):
    said = shell("score", run, "--regime", "char", "--regime", "iou@0.7")
    assert said.returncode == 0, said.stderr
    assert "regime char" in said.stdout
    assert "F1 iou@0.7" in said.stdout


def test_its_own_regimes_give_its_own_numbers(shell, run, tmp_path):
    anew = json.loads(shell("score", run, "--json").stdout)[0]["scores"]["scores"]
    stored = json.loads((tmp_path / "out" / "scores.json").read_text(encoding="utf-8"))["scores"]
    assert sorted(anew, key=str) == sorted(stored, key=str)


def drawn(shell, run, *options):
    """The intervals and the signatures of a run that is scored again."""
    found = json.loads(shell("score", run, "--json", *options).stdout)[0]["scores"]["scores"]
    return [(one["row"]["low"], one["row"]["high"]) for one in found], [
        one["signature"] for one in found
    ]


def test_the_intervals_of_a_run_have_the_draws_and_the_seed_that_are_asked_for(shell, run):
    own, signatures = drawn(shell, run)
    assert any(low is not None for low, _ in own)
    assert all(one.endswith("|seed:0") for one in signatures)
    assert {*drawn(shell, run, "--draws", "0")[0]} == {(None, None)}
    fewer, _ = drawn(shell, run, "--draws", "20")
    assert fewer != own
    other, signatures = drawn(shell, run, "--draws", "20", "--seed", "5")
    assert other != fewer
    assert all(one.endswith("|seed:5") for one in signatures)


def test_ensembles_of_a_run(shell, run):
    found = json.loads(shell("score", run, "--ensembles", "--json").stdout)[0]["scores"]["scores"]
    counts = {
        row["backend"]: row["row"]["counts"]
        for row in found
        if (row["row"]["kind"], row["row"]["label"], row["row"]["regime"])
        == ("entity", "*", "strict")
        and (row["row"]["slice"], row["row"]["average"]) == ("*", "micro")
    }
    assert list(counts) == ["capitals", "rules", "vote", "union", "first", "intersection", "oracle"]
    recalled = {name: one["tp"] for name, one in counts.items()}
    assert recalled["oracle"] >= recalled["union"]
    assert recalled["oracle"] >= max(recalled["capitals"], recalled["rules"])
    assert counts["oracle"]["fp"] == 0
    assert recalled["intersection"] <= min(recalled["capitals"], recalled["rules"])


def test_ensembles_want_two(shell):
    shell("run", shell.suite(), "-o", "one", "-q")
    said = shell("score", "one", "--ensembles")
    assert said.returncode == 2
    assert "two back ends" in said.stderr


def test_gold_that_changed_is_refused(shell, tmp_path):
    import shutil
    from pathlib import Path

    mini = Path(__file__).resolve().parents[2] / "data" / "goldsets" / "mini"
    shutil.copytree(mini, tmp_path / "gold")
    shell("run", shell.suite(goldset=tmp_path / "gold"), "-o", "out", "-q")
    file = sorted((tmp_path / "gold").glob("*.gold"))[0]
    text = file.read_text(encoding="utf-8")
    file.write_text("\n".join(line for line in text.split("\n") if "PER " not in line))
    said = shell("score", "out", "--regime", "type")
    assert said.returncode == 4, said.stderr
    assert "was changed since the run" in said.stderr
