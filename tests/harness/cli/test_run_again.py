"""A run directory that is there already: replaced, gone on from, judged, or somebody else's."""

import gzip
import json
import shutil

import pytest

FAILS = '[[backend]]\nuse = "capitals"\noptions = { when = { %s } }\n'
ALL = ("2024-03-05-moulin", "2024-03-06-tournoi", "2024-03-07-conseil")
GATE = '[gate]\nrules = ["errors == 0"]\n'


def tree(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_over_a_run_it_is_said_how_to_go_on(shell):
    assert shell("run", shell.suite(), "-o", "out").returncode == 0
    before = tree(shell.folder / "out")
    said = shell("run", shell.suite(), "-o", "out")
    assert said.returncode == 2
    assert "replace it with --force" in said.stderr
    assert "--resume" in said.stderr
    assert tree(shell.folder / "out") == before


def test_force_replaces_the_run(shell):
    shell("run", shell.suite(), "-o", "out")
    assert shell("run", shell.suite(), "-o", "out", "--force", "--limit", "1").returncode == 0
    assert json.loads((shell.folder / "out" / "run.json").read_text())["goldsets"][0]["articles"][
        1:
    ] == ([])
    assert sorted(path.name for path in shell.folder.iterdir()) == [".cache", "mine.toml", "out"]


def test_force_goes_on_from_the_run_that_it_replaces(shell):
    backend = '[[backend]]\nuse = "capitals"\noptions = { log = "log" }\n'
    suite = shell.suite(backends=backend)
    shell("run", suite, "-o", "out", "--no-cache")
    again = shell("run", suite, "-o", "out", "--no-cache", "--force", "--resume", "out")
    assert again.returncode == 0, again.stderr
    assert (shell.folder / "log").read_text().count("\n") == 3


def test_force_needs_a_folder_and_spares_what_no_run_wrote(shell):
    said = shell("run", shell.suite(), "--force")
    assert (said.returncode, "-o DIR" in said.stderr) == (2, True)
    (shell.folder / "out").mkdir()
    (shell.folder / "out" / "thesis.odt").write_text("years")
    said = shell("run", shell.suite(), "-o", "out", "--force")
    assert said.returncode == 2
    assert "no run wrote it" in said.stderr
    assert tree(shell.folder / "out") == {"thesis.odt": b"years"}


def breaks(shell):
    (shell.folder / "mine.toml").write_text("[suite")


def loses_its_back_end(shell):
    shell.suite(backends='[[backend]]\nuse = "rulse"\n', more=GATE)


def loses_its_gold(shell):
    (shell.folder / "empty").mkdir()
    shell.suite(goldset=shell.folder / "empty", more=GATE)


def fails_everywhere(shell):
    when = ", ".join(f'"{name}" = "raise"' for name in ALL)
    shell.suite(backends=FAILS % when, more=GATE)


@pytest.mark.parametrize(
    "change",
    [breaks, loses_its_back_end, loses_its_gold, fails_everywhere],
    ids=lambda f: f.__name__,
)
def test_in_a_loop_the_run_of_yesterday_is_never_judged(shell, change):
    suite = shell.suite(more=GATE)
    again = "run", suite, "-o", "out", "--force", "--no-cache"
    assert shell(*again).returncode == 0
    assert shell("check", "out").returncode == 0
    change(shell)
    assert shell(*again).returncode in (2, 3)
    for command in (["check", "out"], ["bless", "out", "--reason", "now"]):
        judged = shell(*command)
        assert judged.returncode == 3, judged.stdout
        assert "PASS" not in judged.stdout
    assert shell("report", "out").returncode == 0
    shell.suite(more=GATE)
    assert shell(*again).returncode == 0
    assert shell("check", "out").returncode == 0


def test_combine_replaces_a_run_when_it_is_asked_to(shell):
    suite = shell.suite()
    for part in (1, 2):
        shell("run", suite, "--shard", f"{part}/2", "-o", f"part{part}")
    shell("run", suite, "-o", "out", "--limit", "1")
    assert "--force" in shell("combine", "part1", "part2", "-o", "out").stderr
    assert shell("combine", "part1", "-o", "out", "--force").returncode == 2
    assert shell("check", "out").returncode == 3
    assert shell("combine", "part1", "part2", "-o", "out", "--force").returncode == 0
    assert len(shell.lines("out")) == 3


def test_a_back_end_writes_only_into_the_run_directory(shell):
    suite = shell.suite(backends='[[backend]]\nuse = "rules"\nname = "../../evil"\n')
    said = shell("run", suite, "-o", "a/b/out")
    assert said.returncode == 2
    assert "a back end's name: '../../evil' is not a name" in said.stderr
    assert not list(shell.folder.rglob("*evil*"))


def other(manifest):
    manifest["backends"][0]["name"] = "../../secret"


def other_suite(manifest):
    manifest["suite"] = "../../../baseline"


def other_set(manifest):
    manifest["goldsets"][0]["name"] = "../../goldset"


def other_article(manifest):
    manifest["goldsets"][0]["articles"][0]["id"] = "../article"


def other_part(manifest):
    manifest["backends"][0]["parts"] = {"entity": "/etc/passwd"}


def other_baseline(manifest):
    manifest["gate"]["baseline"] = "../outside.json"


def absolute_baseline(manifest):
    manifest["gate"]["baseline"] = "/tmp/outside.json"


def other_map(manifest):
    manifest["backends"][0]["map"] = "nowhere"


@pytest.mark.parametrize(
    "change",
    [
        *(other, other_suite, other_set, other_article, other_part),
        *(other_baseline, absolute_baseline, other_map),
    ],
    ids=lambda f: f.__name__,
)
def test_a_run_that_somebody_else_wrote_leads_nowhere_else(shell, change):
    shell("run", shell.suite(more=GATE), "-o", "home/run", "--shard", "1/1")
    for name in ("secret.jsonl.gz", "home/secret.jsonl.gz", "baseline.json"):
        shutil.copy(
            shell.folder / "home" / "run" / "backends" / "capitals.jsonl.gz", shell.folder / name
        )
    manifest = json.loads((shell.folder / "home" / "run" / "run.json").read_text())
    change(manifest)
    (shell.folder / "home" / "run" / "run.json").write_text(json.dumps(manifest))
    before = tree(shell.folder)
    for command in (
        ["report", "home/run"],
        ["score", "home/run"],
        ["check", "home/run"],
        ["bless", "home/run", "--reason", "why not"],
        ["compare", "home/run", "home/run"],
        ["combine", "home/run", "-o", "together"],
        ["run", "mine.toml", "--resume", "home/run", "-o", "out", "-q"],
    ):
        said = shell(*command)
        assert said.returncode == 2, (command, said)
        assert "run.json" in said.stderr
    assert tree(shell.folder) == before


def test_scores_and_predictions_are_of_what_the_run_has(shell):
    shell("run", shell.suite(), "-o", "out", "--shard", "1/1")
    results = shell.folder / "out" / "backends" / "capitals.jsonl.gz"
    whole = gzip.decompress(results.read_bytes())
    results.write_bytes(gzip.compress(whole.replace(b'"goldset":"mini"', b'"goldset":"maxi"')))
    said = shell("combine", "out", "-o", "together")
    assert (said.returncode, "has a line of 'maxi'" in said.stderr) == (2, True)
    results.write_bytes(gzip.compress(whole))
    scores = shell.folder / "out" / "scores.json"
    scores.write_text(scores.read_text().replace('"backend": "capitals"', '"backend": "others"'))
    said = shell("report", "out")
    assert (said.returncode, "has scores of 'others' on 'mini'" in said.stderr) == (2, True)


FORGETFUL = """
from factharness.facts import Entity, Span

class Forgetful:
    kinds = frozenset({"entity"})
    def fingerprint(self): return {"version": "1"}
    def extract(self, articles): return ([Entity(Span(0, %d), "PER")] for _ in articles)
"""


@pytest.mark.parametrize("more", [(), ("--no-cache", "--resume", "first")], ids=["cache", "resume"])
def test_a_changed_file_is_run_again_also_when_its_version_was_forgotten(shell, more):
    suite = shell.suite(backends='[[backend]]\nuse = "file:mine.py:Forgetful"\nname = "mine"\n')

    def ends(out, *options):
        answer = shell("run", suite, "-o", out, *options)
        assert answer.returncode == 0, answer.stderr
        return {fact["span"][1] for line in shell.lines(out, "mine") for fact in line["facts"]}

    file = shell.folder / "mine.py"
    file.write_text(FORGETFUL % 1, encoding="utf-8")
    assert ends("first") == {1}
    file.write_text(FORGETFUL % 2, encoding="utf-8")
    assert ends("second", *more) == {2}


@pytest.mark.parametrize("wrong", [["--bogus"], ["--limit", "0"], ["-j", "x"]])
@pytest.mark.parametrize("folder", [["-o", "out"], ["-oout"], ["--output=out"]])
def test_a_mistake_in_an_option_leaves_no_earlier_run_to_be_judged(shell, wrong, folder):
    suite = shell.suite(more=GATE)
    assert shell("run", suite, "-o", "out").returncode == 0
    assert shell("check", "out").returncode == 0
    assert shell("run", suite, "--force", *folder, *wrong).returncode == 2
    assert shell("check", "out").returncode == 3
    assert shell("run", suite, "--force", *folder).returncode == 0
    assert shell("check", "out").returncode == 0
