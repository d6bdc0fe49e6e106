"""The gate never passes on nothing: every row of docs/ci.md about numbers that are not there."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factharness.gate.baseline import FORMAT, of, read
from factharness.gate.changes import changes
from factharness.gate.judge import judge
from factharness.gold.format import render
from factharness.gold.parse import read_document
from factharness.gold.withhold import withhold
from factharness.report.gate import junit
from factharness.runs.directory import load

TESTS = Path(__file__).resolve().parents[2]
LOCAL = TESTS / "harness" / "local_backends.py"
IDS = ("2024-03-05-moulin", "2024-03-06-tournoi", "2024-03-07-conseil")
NOBODY = "file:nobody.py:build"

EMPTY = """
class Empty:
    kinds = frozenset({"entity", "date", "quote"})
    def fingerprint(self): return {"version": "1"}
    def extract(self, articles):
        for article in articles:
            yield []
"""


def toml(value):
    """JSON is TOML, but for tables."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    return json.dumps(value)


class Repository:
    """A repository with gold sets and a suite that a test changes between two runs.

    ``backends`` maps names to the options of the tests' own back end, or to ``use``, or to parts of others.
    """

    def __init__(self, shell):
        self.shell, self.path = shell, shell.folder
        self.add_set("mini")

    def add_set(self, name, prefix="", articles=IDS):
        folder = self.path / "goldsets" / name
        folder.mkdir(parents=True)
        text = (TESTS / "data" / "goldsets" / "mini" / "set.toml").read_text(encoding="utf-8")
        (folder / "set.toml").write_text(text.replace('"mini"', f'"{name}"'), encoding="utf-8")
        for article in articles:
            self.copy(article, folder, prefix)

    def copy(self, article, folder, prefix):
        source = TESTS / "data" / "goldsets" / "mini" / f"{article}.gold"
        text = source.read_text(encoding="utf-8").replace(f'"{article}"', f'"{prefix}{article}"')
        (folder / f"{prefix}{article}.gold").write_text(text, encoding="utf-8")

    def run(self, out, backends, rules=("errors >= 0",), sets=("mini",), regimes=None, options=()):
        lines = ["[suite]", f"goldsets = {json.dumps(sets)}"]
        if regimes:
            lines.append(f"regimes = {json.dumps(regimes)}")
        for name, more in backends.items():
            lines += ["[[backend]]", f'name = "{name}"']
            if more.keys() & {"dates", "quotes"}:
                lines += [f"{key} = {json.dumps(value)}" for key, value in more.items()]
                continue
            options_ = {key: value for key, value in more.items() if key not in ("use", "map")}
            lines.append(f"use = {json.dumps(more.get('use', f'file:{LOCAL}:build'))}")
            if "map" in more:
                lines.append(f"map = {toml(more['map'])}")
            lines.append(f"options = {toml(options_)}")
        lines += ["[gate]", f"rules = {json.dumps(rules)}"]
        (self.path / "ci.toml").write_text("\n".join(lines), encoding="utf-8")
        shutil.rmtree(self.path / out, ignore_errors=True)
        done = self.shell("run", "ci.toml", "-o", out, "-q", "--no-cache", *options)
        assert (self.path / out / "run.json").exists(), done.stderr

    def bless(self, backends, **more):
        self.run("base", backends, **more)
        assert self.shell("bless", "base", "--reason", "the first").returncode == 0

    def check(self, out, *rules, options=()):
        return self.shell("check", out, *(f"--rule={rule}" for rule in rules), *options)


@pytest.fixture
def repository(shell):
    return Repository(shell)


BOTH = {"mine": {}, "names": {"kinds": ["entity"]}}

# Every one of these holds of any number whatever: what fails them is that there is none.
SEEN = [
    "mine.date.f1 >= 0",
    "*.date.f1 >= 0",
    "mine.date.*.recall >= 0",
    "mine.date.DATE.f1 >= 0",
    "*.date.value.f1 >= 0",
    "*.date.f1 >= *.quote.joint.f1",
    "mine.date.value.f1 >= mine.quote.joint.f1",
    "mine.date.value.f1 < mine.quote.f1",
    "mine.date.f1 drop <= 1",
    "*.date.f1 drop <= 1",
    "*.date.*.f1 drop <= 1",
    "*.date.f1 drop <= 1 unless p > 0",
    "new_misses <= 1000",
    "new_misses(DATE) <= 1000",
    "new_wrong <= 1000",
]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            BOTH | {"mine": {"when": dict.fromkeys(IDS, "raise")}},
            "mine failed on every article of mini (3); the baseline of ",
        ),
        (BOTH | {"mine": {"use": NOBODY}}, "mine is unavailable: "),
        (
            BOTH | {"mine": {"kinds": ["entity", "quote"]}},
            "mine does not claim to find the kind 'date'; the baseline of ",
        ),
        ({"yours": {}, "names": BOTH["names"]}, "mine is not in this run; the baseline of "),
        ({"names": BOTH["names"]}, "mine is not in this run; the baseline of "),
    ],
    ids=["fails", "unavailable", "kind", "renamed", "removed"],
)
def test_a_number_that_should_be_there_and_is_not_fails_its_rule(repository, now, said):
    repository.bless(BOTH)
    repository.run("now", now)
    for rule in SEEN:
        assert repository.check("base", rule).returncode == 0
        answer = repository.check("now", rule, "errors >= 0")
        assert answer.returncode == 1, answer.stdout
        assert answer.stdout.startswith(f"FAIL  {rule}\n        {said}"), answer.stdout
        assert "(the first) has numbers of it" in answer.stdout.split("errors >= 0")[0]


@pytest.mark.parametrize(
    "now",
    [BOTH | {"mine": {"when": dict.fromkeys(IDS, "raise")}}, BOTH | {"mine": {"use": NOBODY}}],
    ids=["fails", "unavailable"],
)
def test_so_it_does_without_a_baseline(repository, now):
    repository.run("now", now)
    for rule in SEEN[:8]:
        assert repository.check("now", rule, "errors >= 0").returncode == 1, rule
    said = repository.check("now", "errors >= 0")
    assert said.returncode == ("mine is unavailable" in said.stdout) == ("use" in now["mine"])


def test_a_back_end_that_was_never_to_find_a_kind_is_not_spoken_of(repository):
    repository.bless(BOTH | {"gone": {"use": NOBODY}, "hybrid": {"quotes": "mine"}})
    rules = ["*.date.value.f1 >= 0.7", "hybrid.quote.f1 >= 0", "*.date.f1 drop <= 0"]
    assert repository.check("base", *rules[1:]).returncode == 1  # what gone would find is not known
    repository.bless(BOTH | {"hybrid": {"quotes": "mine"}})
    assert repository.check("base", *rules).returncode == 0
    repository.run("now", {"mine": {}, "names": {"use": NOBODY}, "hybrid": {"quotes": "mine"}})
    said = repository.check("now", *rules)
    assert said.stdout.count("pass") == 3
    assert "names is gone since the baseline: it is unavailable" in said.stdout
    assert "no longer claims" not in said.stdout
    assert said.returncode == 1


def test_a_hybrid_whose_part_is_unavailable_is_missed_by_its_kinds_alone(repository):
    repository.run("now", {"mine": {}, "hybrid": {"dates": "none"}, "none": {"use": NOBODY}})
    assert "hybrid is unavailable" in repository.check("now", "*.date.f1 >= 0").stdout
    assert "hybrid is unavailable" not in repository.check("now", "*.quote.f1 >= 0").stdout


@pytest.mark.parametrize("what", ["article", "ids", "set", "back end"])
def test_what_the_baseline_has_and_the_run_has_not_is_cured_by_a_blessing(repository, what):
    rules = ["mine.date.f1 >= 0", "errors == 0", "*.date.f1 drop <= 1"]
    repository.add_set("second", "b-")
    sets = ["mini", "second"]
    repository.bless(BOTH, sets=sets)
    mini = repository.path / "goldsets" / "mini"
    backends = BOTH
    if what == "article":
        (mini / f"{IDS[0]}.gold").unlink()
    elif what == "ids":
        shutil.rmtree(mini)
        repository.add_set("mini", "new-")
    elif what == "set":
        sets = ["mini"]
    else:
        backends = {"mine": {}}
    repository.run("now", backends, sets=sets)
    gone = {
        "article": f"mini/{IDS[0]} is gone since the baseline",
        "ids": f"mini/{IDS[2]} is gone since the baseline",
        "set": f"second/b-{IDS[0]} is gone since the baseline",
        "back end": "names is gone since the baseline",
    }
    for rule in rules:
        assert repository.check("base", rule).returncode == 0
        said = repository.check("now", rule)
        assert said.returncode == 1, said.stdout
        assert "FAIL  baseline" in said.stdout
        assert gone[what] in said.stdout
        assert "(the first) has them; if they are meant to be gone: `factharness" in said.stdout
    if what == "set":
        assert "FAIL  *.date.f1 drop <= 1\n        second is not in this run" in said.stdout
    if what == "ids":
        assert "FAIL  *.date.f1 drop" in said.stdout
        assert "mini/mine.date.strict.f1: no article that the baseline of" in said.stdout
        said = repository.check("now", "new_wrong <= 100")
        assert "mini/mine: no article that the baseline of" in said.stdout
    assert repository.shell("bless", "now", "--reason", "meant").returncode == 0
    assert repository.check("now", *rules).returncode == 0


def test_many_articles_that_are_gone_are_counted(repository):
    for prefix in ("b-", "c-", "d-"):
        for article in IDS:
            repository.copy(article, repository.path / "goldsets" / "mini", prefix)
    repository.bless(BOTH)
    shutil.rmtree(repository.path / "goldsets" / "mini")
    repository.add_set("mini", "e-")
    repository.run("now", BOTH)
    said = repository.check("now", "errors == 0").stdout
    assert said.count("is gone since the baseline") == 10
    assert "and 2 more articles are" in said


def test_an_article_without_its_text_is_gone_and_says_how_to_get_it(repository):
    repository.bless(BOTH)
    path = repository.path / "goldsets" / "mini" / f"{IDS[0]}.gold"
    path.write_text(render(withhold(read_document(path))), encoding="utf-8")
    repository.run("now", BOTH)
    said = repository.check("now", "errors == 0")
    assert said.returncode == 1
    assert "its text is withheld and not attached; factharness gold" in said.stdout


def test_new_back_ends_and_articles_are_notes_and_a_new_one_by_name_has_no_baseline(repository):
    repository.bless({"mine": {}})
    repository.copy(IDS[0], repository.path / "goldsets" / "mini", "new-")
    repository.run("now", BOTH | {"mine": {}, "theirs": {}})
    rules = ["*.date.f1 drop <= 0", "new_misses == 0", "new_wrong == 0", "theirs.date.f1 >= 0"]
    said = repository.check("now", *rules)
    assert said.returncode == 0, said.stdout
    assert f"note: mini/new-{IDS[0]} is new since the baseline" in said.stdout
    assert "note: mini/theirs is not in the baseline" in said.stdout
    said = repository.check("now", *rules, "theirs.date.f1 drop <= 1")
    assert said.returncode == 4
    assert said.stdout.count("pass") == 4
    assert "(the first) does not know theirs" in said.stderr


def test_a_kind_that_is_new_has_no_baseline_either(repository):
    repository.bless({"mine": {"kinds": ["date"]}, "theirs": {}})
    repository.run("now", {"mine": {}, "theirs": {}})
    said = repository.check("now", "*.quote.f1 drop <= 0", "new_wrong == 0")
    assert said.returncode == 0, said.stdout
    assert "note: mine did not claim the kind 'quote' in the baseline" in said.stdout
    said = repository.check("now", "mine.quote.f1 drop <= 0")
    assert (said.returncode, "does not know mine with the kind 'quote'" in said.stderr) == (4, True)
    said = repository.check("now", "*.entity.normalised.f1 drop <= 0")
    assert said.returncode == 2


def test_facts_of_a_kind_that_is_new_cannot_be_missed_since(repository):
    repository.bless({"names": BOTH["names"]})
    repository.run("now", BOTH)
    said = repository.check("now", "new_misses(DATE) == 0")
    assert (said.returncode, "(the first) has no facts of this kind" in said.stderr) == (4, True)


def test_a_kind_that_no_rule_speaks_of_may_go_with_a_note(repository):
    repository.bless(BOTH)
    repository.run("now", {"mine": {"kinds": ["date", "entity"]}, "names": BOTH["names"]})
    said = repository.check("now", "*.date.f1 drop <= 0", "errors == 0", "new_misses(DATE) == 0")
    assert said.returncode == 0, said.stdout
    assert "note: mine no longer claims the kind 'quote'" in said.stdout


def test_a_regime_that_the_baseline_lacks_cannot_be_compared(repository):
    repository.bless({"mine": {}})
    repository.run("now", {"mine": {}}, regimes=["strict", "partial", "normalised"])
    for backend in ("mine", "*"):
        said = repository.check("now", f"{backend}.date.normalised.f1 drop <= 1")
        assert said.returncode == 4
        assert "(the first) has no mini/mine.date.normalised.f1" in said.stderr


def test_another_first_regime_is_not_comparable(repository):
    repository.bless({"mine": {}})
    repository.run("now", {"mine": {}}, regimes=["partial", "strict"])
    said = repository.check("now", "errors == 0")
    assert said.returncode == 4
    assert "the baseline's first regime is strict, the run's partial" in said.stderr
    repository.run("more", {"mine": {}}, regimes=["strict", "exact"])
    assert repository.check("more", "errors == 0").returncode == 0


def test_without_an_errors_rule_no_article_may_fail(repository):
    """A back end that crashes where it is bad would get better by it."""
    repository.bless({"mine": {}})
    repository.run("now", {"mine": {"when": {IDS[1]: "raise", IDS[2]: "error"}}})
    said = f"mine failed on mini/{IDS[1]} and 1 more, and no `errors` rule allows any"
    for rule in (
        "*.date.f1 drop <= 0",
        "mine.date.f1 >= 0.75",
        "new_misses == 0",
        "new_wrong == 0",
    ):
        answer = repository.check("now", rule)
        assert (answer.returncode, said in answer.stdout) == (1, True)
        answer = repository.check("now", rule, "errors <= 2")
        assert answer.returncode == ("misses" in rule)
        assert repository.check("now", rule, "errors <= 1").returncode == 1


def test_a_run_passes_its_own_baseline_also_with_articles_that_failed(repository):
    backends = BOTH | {"mine": {"when": {IDS[1]: "raise"}}}
    repository.bless(backends)
    rules = ["*.date.f1 drop <= 0", "*.date.*.f1 drop <= 0", "new_misses == 0", "new_wrong == 0"]
    said = repository.check("base", *rules)
    assert said.returncode == 0, said.stdout
    assert "is new since" not in said.stdout
    assert "note: mini/mine failed on 1 article in the baseline: nothing is" in said.stdout
    repository.run("now", BOTH | {"mine": {"when": {IDS[2]: "raise"}}})
    said = repository.check("now", *rules)
    assert f"mine failed on mini/{IDS[2]}, and no `errors` rule allows any" in said.stdout


def test_a_set_on_which_everything_failed_is_missed_beside_one_that_is_well(repository):
    repository.add_set("second", "b-", IDS[:1])
    sets = ["mini", "second"]
    repository.bless({"mine": {}}, sets=sets)
    repository.run("now", {"mine": {"when": {f"b-{IDS[0]}": "raise"}}}, sets=sets)
    for rule in SEEN:
        said = repository.check("now", rule, "errors <= 1")
        assert said.returncode == 1, rule
        assert "mine failed on every article of second (1)" in said.stdout


def test_articles_that_are_new_do_not_stand_for_those_that_failed(repository):
    repository.bless({"mine": {}})
    for article in IDS:
        repository.copy(article, repository.path / "goldsets" / "mini", "new-")
    repository.run("now", {"mine": {"when": dict.fromkeys(IDS, "raise")}})
    said = repository.check("now", "mine.date.f1 drop <= 1", "errors <= 3")
    assert said.returncode == 1
    assert "no article that the baseline of" in said.stdout


def test_a_label_is_missed_that_another_back_end_was_scored_on(repository):
    repository.run("now", {"mine": {"when": {IDS[1]: "raise"}}, "theirs": {}})
    for measure in ("*.date.DURATION.recall", "*.date.*.f1"):
        said = repository.check("now", f"{measure} >= 0", "errors <= 1")
        assert (said.returncode, "mini/mine.date.DURATION" in said.stdout) == (1, True)


@pytest.mark.parametrize("theirs", [{"theirs": {}}, {}], ids=["beside another", "alone"])
def test_a_label_that_vanishes_with_the_article_that_failed_is_missed(repository, theirs):
    repository.bless({"mine": {}} | theirs)
    repository.run("now", {"mine": {"when": {IDS[1]: "raise"}}} | theirs)
    for measure in ("*.date.DURATION.recall", "mine.date.DURATION.f1", "*.date.*.f1"):
        for compare in (">= 0", "drop <= 1"):
            assert repository.check("base", f"{measure} {compare}").returncode == 0
            said = repository.check("now", f"{measure} {compare}", "errors <= 1")
            assert said.returncode == 1
            assert "mini/mine.date.DURATION.strict" in said.stdout


def test_a_metric_that_became_undefined_fails(repository):
    (repository.path / "empty.py").write_text(EMPTY, encoding="utf-8")
    repository.bless({"mine": {}})
    repository.run("now", {"mine": {"use": "file:empty.py:Empty"}})
    said = repository.check("now", "*.date.precision drop <= 1", "mine.date.precision >= 0")
    assert said.stdout.count("FAIL  ") == 2
    assert "mini/mine.date.strict.precision is undefined and was 1.000" in said.stdout
    assert "mini/mine.date.strict.precision is undefined\n" in said.stdout


def test_chance_is_no_excuse_where_everything_got_worse(repository):
    (repository.path / "empty.py").write_text(EMPTY, encoding="utf-8")
    repository.bless({"mine": {}})
    repository.run("now", {"mine": {"use": "file:empty.py:Empty"}})
    said = repository.check("now", "*.date.f1 drop <= 0 unless p > 0.05")
    assert said.returncode == 1
    assert "p = 0.250, but every article that had anything right is worse now" in said.stdout
    # In the third article there are no quotes: nothing was right, and nothing can get worse.
    said = repository.check("now", "*.quote.f1 drop <= 0 unless p > 0.05")
    assert "p = 0.500, but every article that had anything right is worse now" in said.stdout


def test_numbers_are_compared_on_one_set_and_not_with_themselves(repository):
    (repository.path / "empty.py").write_text(EMPTY, encoding="utf-8")
    repository.add_set("second", "b-", IDS[:1])
    backends = {"mine": {}, "theirs": {}, "none": {"use": "file:empty.py:Empty"}}
    repository.run("now", backends, sets=["mini", "second"])
    said = repository.check("now", "mine.date.f1 >= theirs.date.f1")
    assert said.returncode == 0, said.stdout
    assert repository.check("now", "mine.date.f1 > *.date.f1").stdout.count("not >") == 2
    backends = {"mine": {}, "none": {"use": "file:empty.py:Empty"}}
    repository.run("now", backends, sets=["mini", "second"])
    assert repository.check("now", "mine.date.f1 > *.date.f1").returncode == 0
    repository.run("now", {"mine": {}, "none": {"use": NOBODY}})
    said = repository.check("now", "mine.date.f1 >= *.date.f1")
    assert (said.returncode, "none is unavailable" in said.stdout) == (1, True)


def test_gold_that_is_not_found_is_a_new_miss_whatever_the_reason(repository):
    repository.bless({"mine": {}, "theirs": {}})
    found = {"mine": 5, "theirs": 5}  # three dates and two quotes
    for out, now, misses, why in (
        ("crash", {"when": {IDS[0]: "raise"}}, 2, "it failed on the article"),
        ("kind", {"kinds": ["entity", "quote"]}, 3, "mine does not claim to find the kind 'date'"),
        ("unavailable", {"use": NOBODY}, 5, "mine is unavailable"),
    ):
        repository.run(out, {"mine": now, "theirs": {}})
        said = repository.check(out, "new_misses == 0", "errors >= 0")
        assert f"{misses} missed since the baseline" in said.stdout
        if out == "crash":
            assert repository.check(out, "new_wrong == 0", "errors <= 1").returncode == 0
        # The words and the line are those that another back end was scored on.
        line = f"{IDS[0]}.gold:14: mine: missed DATE '2019': {why}"
        assert line in said.stdout
    repository.run("alone", {"theirs": {"kinds": ["entity"]}})
    said = repository.check("alone", "new_misses == 0", "errors >= 0")
    assert f"{sum(found.values())} missed since the baseline" in said.stdout
    assert f"{IDS[0]}.gold: mine: missed DATE 49:53: mine is not in this run" in said.stdout
    cases = ElementTree.fromstring(
        junit([load(repository.path / "alone")], _verdict(repository, "alone"))
    )
    suite = cases.find("testsuite[@name='mini/mine']")
    assert (suite.get("tests"), suite.get("failures")) == ("5", "5")
    assert cases.find("testsuite[@name='mini/theirs']").get("failures") == "5"


def _verdict(repository, out, *rules):
    baseline = read(repository.path / "reports" / "baselines" / "ci.json")
    return judge(load(repository.path / out), rules or ["new_misses == 0"], baseline)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sets(st.sampled_from(IDS)),
    st.sets(st.sampled_from(["entity", "date", "quote"]), min_size=1),
)
def test_new_misses_are_what_was_right_less_what_is(repository, failing, kinds):
    if not (repository.path / "base").exists():
        repository.bless({"mine": {}, "theirs": {}})
    repository.run(
        "now",
        {"mine": {"when": dict.fromkeys(failing, "raise"), "kinds": sorted(kinds)}, "theirs": {}},
    )

    def right(out):
        return {
            (record.backend, record.match.article, record.match.kind, record.gold.spans)
            for record in load(repository.path / out).matches()
            if record.match.gold is not None and {"strict", "exact"} & {*record.match.right}
        }

    verdict = _verdict(repository, "now", "new_misses == 0", "errors >= 0")
    lost = right("base") - right("now")
    misses = {
        (one.backend, one.article, one.kind, one.fact.spans)
        for one in verdict.changes.broken
        if one.what == "misses"
    }
    assert misses == lost
    assert verdict.exit_code == bool(lost) or kinds != {"entity", "date", "quote"}
    assert verdict.exit_code == 1 or not lost


def first_format(path):
    """The file as the first format had it."""
    old = json.loads(path.read_text(encoding="utf-8"))
    old["format"] = 1
    del old["started"], old["kinds"], old["size"]
    old["errors"] = {place: len(articles) for place, articles in old["errors"].items()}
    for line in old["lines"]:
        del line["found"]
    path.write_text(json.dumps(old, ensure_ascii=False), encoding="utf-8")


def test_a_baseline_of_the_first_format_is_read_and_judges_alike(repository):
    backends = {"mine": {}, "theirs": {"when": {IDS[0]: "raise"}}}
    repository.bless(backends)
    path = repository.path / "reports" / "baselines" / "ci.json"
    base = load(repository.path / "base")
    first_format(path)
    old, new = read(path), of(base, "the first")
    assert (old.format, new.format) == (1, FORMAT)
    assert (old.kinds, old.errors) == (new.kinds, new.errors)
    assert [len(line.found) for line in old.lines] == [len(line.found) for line in new.lines]
    assert repository.check("base", "*.date.f1 drop <= 0", "new_misses == 0").returncode == 0
    repository.run("now", {"mine": {"kinds": ["entity"]}, "theirs": {}})
    now = load(repository.path / "now")
    labels = [
        sorted(one.fact.label for one in changes(now, baseline).broken) for baseline in (old, new)
    ]
    assert labels[0] == labels[1]
    said = repository.check("now", "new_misses(DATE) == 0")
    assert "3 missed since the baseline" in said.stdout
    assert "mine: missed DATE (3 times): mine does not claim" in said.stdout
    assert "the baseline (the first) has numbers of it" in said.stdout


@pytest.mark.parametrize(
    "options",
    [
        ["-b", "mine"],
        ["--limit", "2"],
        ["--sample", "2"],
        ["--article", IDS[0]],
        ["--shard", "1/2"],
    ],
    ids=" ".join,
)
def test_a_run_that_was_narrowed_is_neither_judged_nor_blessed(repository, options):
    repository.run("now", BOTH, rules=["errors == 0", "mine.date.f1 >= 0"], options=options)
    said = repository.check("now")
    assert said.returncode == 4
    assert said.stdout.count("ERROR ") == 3  # each rule, and the result
    assert f"was narrowed by {' '.join(options)}" in said.stderr
    assert repository.check("now", "mine.date.f1 => 0").returncode == 2
    said = repository.shell("bless", "now", "--reason", "all I have")
    assert (said.returncode, " ".join(options) in said.stderr) == (4, True)
    assert not (repository.path / "reports").exists()


def test_all_shards_together_are_the_whole_suite_again(repository):
    for out, more in (("all", []), ("few", ["--limit", "2"])):
        for part in ("1/2", "2/2"):
            repository.run(f"{out}{part[0]}", BOTH, options=["--shard", part, *more])
        shards = [f"{out}1", f"{out}2"]
        assert repository.shell("combine", *shards, "-o", out, "-q").returncode == 0
    assert repository.check("all", "errors == 0").returncode == 0
    said = repository.check("few", "errors == 0")
    assert (said.returncode, "narrowed by --limit 2" in said.stderr) == (4, True)
    assert repository.shell("combine", "all1", "few2", "-o", "mixed").returncode == 4


def test_a_run_directory_from_before_narrowing_was_kept_is_read(repository):
    repository.run("now", BOTH)
    path = repository.path / "now" / "run.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["narrowed"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert repository.check("now", "errors == 0").returncode == 0


@pytest.mark.parametrize(
    ("rules", "code", "said"),
    [
        ([], 2, "the suite has no rules, so there is nothing to check"),
        (["*.quote.f1 >= 0"], 2, "it applies to no number of this run"),
        (["*.quote.f1 >= *.date.f1"], 2, "it applies to no number of this run"),
        (["names.date.f1 >= 0"], 1, "names does not claim to find the kind 'date'"),
        (["nams.entity.f1 >= 0"], 2, "did you mean 'names'?"),
        (["*.entity.PRE.f1 >= 0"], 2, "did you mean 'PER'?"),
        (["*.entity.strikt.f1 >= 0"], 2, "did you mean 'strict'?"),
        (["*.entity.PER.strikt.f1 >= 0"], 2, "did you mean 'strict'?"),
        (["names.entity.f1 >= names.entity.strict.f1"], 2, "is compared with itself"),
        (["*.entity.*.f1 >= 0", "errors == 0"], 0, "RESULT: PASS (2 rules) exit 0"),
    ],
)
def test_a_rule_that_stands_for_nothing_is_wrong_use(repository, rules, code, said):
    repository.run("now", {"names": {"kinds": ["entity"]}}, rules=rules)
    answer = repository.check("now")
    assert answer.returncode == code, answer.stdout
    assert said in answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("  yuors.date.f1 >= 0", 2),
        ("mine.date.f1 >= yuors.date.f1", 16),
        ("mine.date.DATA.f1>=0", 10),
        ("mine.date.DATE.strikt.f1 >= 0", 15),
        ("new_misses( DATA ) == 0", 12),
    ],
)
def test_an_unknown_name_is_pointed_at(repository, rule, place):
    repository.bless({"mine": {}})
    said = repository.check("base", rule)
    assert said.returncode == 2
    assert f"\n  {rule}\n  {' ' * place}^\n" in said.stderr
    assert "grammar" not in said.stderr


def test_every_rule_has_its_result_and_the_first_code_that_applies_is_that_of_the_whole(repository):
    rules = ["errors == 0", "*.date.f1 > 1", "*.date.f1 drop <= 0", "*.date.f1 => 0"]
    repository.run("now", {"mine": {}})
    said = repository.check("now", *rules)
    words = [line.split()[0] for line in said.stdout.splitlines() if line and line[0] != " "]
    assert words == ["pass", "FAIL", "ERROR", "ERROR", "RESULT:"]
    assert said.stdout.endswith("RESULT: ERROR (2 of 4 rules not judged, 1 failed) exit 2\n")
    assert repository.check("now", *rules[:3]).returncode == 4
    assert repository.check("now", *rules[:2]).returncode == 1
    repository.run("none", {"mine": {"use": NOBODY}})
    said = repository.check("none", *rules[:3])
    assert (said.returncode, said.stdout.count("nothing was scored")) == (3, 3)
    assert repository.check("none", *rules).returncode == 2
    assert "nothing was scored" in repository.shell("bless", "none", "--reason", "x").stderr


def test_github_gets_each_rule_that_was_not_judged_as_one_annotation(repository):
    repository.run("now", {"mine": {}})
    rules = ["mine.date.f1 => 0", "mine.date.f1 > 1"]
    said = repository.check("now", *rules, options=["--github", "--junit=x.xml"])
    lines = said.stdout.splitlines()
    assert lines[0].startswith("::error title=gate rule failed::mine.date.f1 > 1: mini/mine")
    assert lines[1].startswith("::error title=gate rule not judged::mine.date.f1 => 0%0Aa gate")
    assert not lines[2].startswith("::")
    suite = ElementTree.parse("x.xml").find("testsuite[@name='gate']")
    assert (suite.get("failures"), suite.get("errors")) == ("1", "1")


def test_a_rule_that_cannot_be_read_is_said_before_anything_runs(repository):
    (repository.path / "ci.toml").write_text(
        '[suite]\ngoldsets = ["mini"]\n[[backend]]\nuse = "file:gone.py:build"\n[gate]\n'
        '# "*.date.f1 => 0" is no rule\nrules = [\n  "errors == 0",\n  "*.date.f1 => 0",\n]\n',
        encoding="utf-8",
    )
    said = repository.shell("run", "ci.toml", "-o", "now")
    assert said.returncode == 2
    assert "ci.toml:9: a gate rule cannot be read" in said.stderr
    assert not (repository.path / "now").exists()


def test_leaving_out_every_rule_is_no_verdict(repository):
    repository.run("now", {"mine": {}}, rules=["*.date.f1 drop <= 0", "new_misses == 0"])
    said = repository.check("now", options=["--allow-missing-baseline"])
    assert (said.returncode, said.stdout.count("there is no baseline")) == (4, 2)
    more = ["new_misses == 0", "errors == 0"]
    said = repository.check("now", *more, options=["--allow-missing-baseline"])
    assert said.returncode == 0
    assert "note: left out, as there is no baseline: new_misses == 0" in said.stdout
    assert repository.check("now", *more).returncode == 4
    assert repository.shell("bless", "now", "--reason", "now there is").returncode == 0
    said = repository.check("now", *more, options=["--allow-missing-baseline"])
    assert said.stdout.endswith("RESULT: PASS (2 rules) exit 0\n")


def test_a_baseline_that_is_named_must_be_there(repository):
    repository.run("now", {"mine": {}})
    named = ["--baseline=mien.json"]
    said = repository.check("now", "errors == 0", "new_misses == 0", options=named)
    assert (said.returncode, "mien.json: there is no baseline" in said.stderr) == (4, True)
    assert "reports/baselines" not in said.stdout + said.stderr
    named.append("--allow-missing-baseline")
    assert repository.check("now", "errors == 0", options=named).returncode == 0
    path = repository.path / "now" / "run.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["gate"]["baseline"] = "mien.json"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert repository.check("now", "errors == 0").returncode == 4


def test_a_blessing_says_what_it_does_not_hold(repository):
    repository.run("now", {"mine": {"when": {IDS[0]: "error"}}, "other": {"use": NOBODY}})
    said = repository.shell("bless", "now", "--reason", "as it is")
    assert said.returncode == 0
    assert "mine has no numbers of 1 article of mini: it failed on them" in said.stderr
    assert "other is not in it: " in said.stderr


def test_what_came_from_the_cache_is_noted(repository):
    repository.run("now", BOTH)
    assert "cache" not in repository.check("now", "errors == 0").stdout
    path = repository.path / "ci.toml"
    for _ in range(2):
        shutil.rmtree(repository.path / "now")
        assert repository.shell("run", path, "-o", "now", "-q").returncode == 0
    said = repository.check("now", "errors == 0").stdout
    assert "the back ends: mini/mine (3 of 3), mini/names (3 of 3)\n" in said


def test_texts_that_are_not_here_are_noted_and_a_set_without_any_fails(repository):
    repository.add_set("second", "b-", IDS[:1])
    path = repository.path / "goldsets" / "mini" / f"{IDS[0]}.gold"
    path.write_text(render(withhold(read_document(path))), encoding="utf-8")
    sets = ["mini", "second"]
    repository.run("now", BOTH, sets=sets)
    said = repository.check("now", "errors == 0")
    assert said.returncode == 0
    assert f"note: mini: 1 article is not here in full; {IDS[0]}: its text" in said.stdout
    path = repository.path / "goldsets" / "second" / f"b-{IDS[0]}.gold"
    path.write_text(render(withhold(read_document(path))), encoding="utf-8")
    repository.run("now", BOTH, sets=sets)
    for rule in ("errors == 0", "mine.date.f1 >= 0", "*.entity.f1 >= 0"):
        said = repository.check("now", rule)
        assert said.returncode == 1
        assert "no article of second was scored: 1 are skipped, its text is with" in said.stdout


def test_two_gold_sets_of_one_name_are_no_suite(repository):
    repository.add_set("second", "b-", IDS[:1])
    path = repository.path / "goldsets" / "second" / "set.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("second", "mini"), encoding="utf-8")
    for second in ("mini", "second"):
        suite = repository.path / "ci.toml"
        repository.run("now", BOTH)
        text = suite.read_text(encoding="utf-8").replace('["mini"]', f'["mini", "{second}"]')
        suite.write_text(text, encoding="utf-8")
        said = repository.shell("run", suite, "-o", "twice")
        assert (said.returncode, "2 gold sets are called 'mini'" in said.stderr) == (2, True)


def test_a_back_end_that_fails_everywhere_is_gone_whatever_the_rules(repository):
    repository.bless(BOTH)
    repository.run("now", BOTH | {"mine": {"when": dict.fromkeys(IDS, "raise")}})
    said = repository.check("now", "errors >= 0")
    assert said.returncode == 1
    assert "mine is gone since the baseline: it failed on every article" in said.stdout
    assert repository.shell("bless", "now", "--reason", "so it is").returncode == 0
    assert repository.check("now", "errors >= 0").returncode == 0


def test_an_article_that_every_back_end_failed_on_is_known_to_the_baseline(repository):
    repository.bless({"mine": {"when": {IDS[1]: "raise"}}})
    assert "is new since" not in repository.check("base", "errors >= 0").stdout
    (repository.path / "goldsets" / "mini" / f"{IDS[1]}.gold").unlink()
    repository.run("now", {"mine": {}})
    said = repository.check("now", "errors >= 0")
    assert said.returncode == 1
    assert f"mini/{IDS[1]} is gone since the baseline" in said.stdout


def test_what_an_article_that_failed_may_hold_is_missed_on_its_set(repository):
    """Without a baseline nobody knows what gold there is in it; a set without that kind is passed over."""
    repository.add_set("second", "b-", IDS[:2])
    path = repository.path / "goldsets" / "second" / f"b-{IDS[0]}.gold"
    text = path.read_text(encoding="utf-8").replace(
        '"none" }', '"none", skip = ["date", "quote"] }'
    )
    kept = [line for line in text.splitlines() if not line.startswith(("  DATE", "  QUOTE"))]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    sets = ["mini", "second"]
    repository.run("now", {"mine": {"when": {f"b-{IDS[1]}": "raise"}}}, sets=sets)
    for rule in ("mine.date.DURATION.f1 >= 0", "*.date.f1 >= 0", "*.date.*.f1 >= 0"):
        said = repository.check("now", rule, "errors <= 1")
        assert said.returncode == 1
        assert "second/mine.date" in said.stdout
    (path.parent / f"b-{IDS[1]}.gold").unlink()
    repository.run("now", {"mine": {}}, sets=sets)
    said = repository.check("now", "mine.date.DURATION.f1 >= 0", "*.date.*.f1 >= 0", "errors == 0")
    assert said.returncode == 0, said.stdout


def test_a_label_without_gold_is_passed_over_on_a_set_that_was_scored_whole(repository):
    repository.add_set("second", "b-", [IDS[0], IDS[2]])
    repository.run("now", {"mine": {}}, sets=["mini", "second"])
    assert repository.check("now", "mine.date.DURATION.f1 >= 0").returncode == 0
    repository.run("now", {"mine": {"when": {f"b-{IDS[2]}": "raise"}}}, sets=["mini", "second"])
    said = repository.check("now", "mine.date.DURATION.f1 >= 0", "errors <= 1")
    assert (said.returncode, "second/mine.date.DURATION" in said.stdout) == (1, True)
