"""What was worked out is kept, is never other than what would be worked out anew, and is never in the way."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import factharness as fh
from factharness import kept
from factharness.kept import NOTHING, Kept
from factharness.text import sha256

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """A cache of this test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


class Work:
    """Work that counts how often it is done."""

    def __init__(self, value=("done",)):
        self.value, self.times = value, 0

    def __call__(self):
        self.times += 1
        return self.value


def ask(work, given="given", what="work", kind=tuple[str, ...], store=None):
    return (store or Kept(kept.kept_folder())).of(what, lambda: given, kind, work)


@given(given=VALUES, other=VALUES)
def test_the_same_work_is_done_once_and_other_work_anew(tmp_path_factory, given, other):
    store = Kept(tmp_path_factory.mktemp("kept"))
    work = Work()
    assert ask(work, given, store=store) == ask(work, given, store=store) == ("done",)
    assert work.times == 1
    ask(work, other, store=store)
    assert work.times == 1 + (repr(given) != repr(other))
    ask(work, given, "other work", store=store)
    assert work.times == 2 + (repr(given) != repr(other))


def test_other_code_does_it_anew(monkeypatch):
    work = Work()
    ask(work)
    monkeypatch.setattr(kept, "code", lambda: b"other")
    ask(work)
    assert work.times == 2


def test_the_code_is_all_modules_of_the_package(tmp_path, monkeypatch):
    package = tmp_path / "package"
    (package / "room").mkdir(parents=True)
    (package / "kept.py").write_text("")
    module = package / "room" / "module.py"
    hashes = []
    for source in ("x = 1\n", "x = 2\n"):
        module.write_text(source)
        monkeypatch.setattr(kept, "__file__", str(package / "kept.py"))
        kept.code.cache_clear()
        hashes.append(kept.code())
    kept.code.cache_clear()
    assert hashes[0] != hashes[1]


def only():
    (path,) = kept.kept_folder().iterdir()
    return path


@pytest.mark.parametrize(
    "damaged",
    [lambda raw: b"", lambda raw: raw[:-1], lambda raw: raw[:16], lambda raw: raw[:-1] + b"\0"],
)
def test_what_is_damaged_is_worked_out_again(damaged):
    work = Work()
    ask(work)
    only().write_bytes(damaged(only().read_bytes()))
    assert ask(work) == ask(work) == ("done",)
    assert work.times == 2


def test_a_value_of_another_type_is_worked_out_again():
    ask(Work())
    assert ask(Work(7), kind=int) == 7


def test_where_nothing_can_be_written_it_is_done_every_time(tmp_path):
    (tmp_path / "file").write_text("")
    work, store = Work(), Kept(tmp_path / "file")
    assert ask(work, store=store) == ask(work, store=store) == ("done",)
    assert work.times == 2


def test_nothing_is_kept_where_nothing_shall_be_and_of_many_articles():
    work = Work()
    store = Kept(kept.kept_folder())
    for which in (NOTHING, store.of_few(kept.MANY + 1)):
        ask(work, store=which)
    assert work.times == 2
    assert kept.size() == (0, 0)
    ask(work, store=store.of_few(kept.MANY))
    assert kept.size()[0] == 1


@pytest.mark.skipif(os.name == "nt", reason="permissions are other there")
def test_only_its_user_may_read_it():
    ask(Work())
    assert stat.S_IMODE(only().stat().st_mode) == 0o600


def test_what_was_not_used_for_the_longest_time_goes_first(monkeypatch):
    asked = ["a", "b", "c"]
    for age, name in enumerate(asked):
        ask(Work(("x" * 1000,)), name)
        newest = max(kept.kept_folder().iterdir(), key=lambda path: path.stat().st_mtime)
        os.utime(newest, (age, age))
    ask(Work(), "a")  # is used again
    monkeypatch.setattr(kept, "LIMIT", 3500)
    ask(Work(("x" * 1000,)), "d")
    works = {name: Work() for name in [*asked, "d"]}
    monkeypatch.setattr(kept, "LIMIT", 10**6)
    for name, work in works.items():
        ask(work, name)
    assert [name for name, work in works.items() if work.times] == ["b"]


def test_what_a_killed_process_left_is_counted_and_removed():
    ask(Work())
    (kept.kept_folder() / f"tmpleft{kept.SUFFIX}").write_bytes(b"half")
    assert kept.size()[0] == 2
    assert kept.clear() == 2
    assert kept.size() == (0, 0)


BACKENDS = """
from factharness.facts import Date, Entity, Span

class Capitals:
    kinds = frozenset({"entity", "date"})
    def __init__(self, label="LOC"):
        self.label = label
    def fingerprint(self):
        return {"version": "1", "label": self.label}
    def extract(self, articles):
        for article in articles:
            at = article.text.find("Lyon")
            yield [Entity(Span(at, at + 4), self.label), Date(Span(0, 2), "DATE")]
"""
SUITE = """
[suite]
goldsets = ["gold"]
regimes = {regimes}
slices = ["rubrique"]
[[backend]]
use = "file:mine.py:Capitals"
name = "one"
[[backend]]
use = "file:mine.py:Capitals"
name = "two"
options = {{ label = "{label}" }}
[[backend]]
name = "both"
entities = {{ vote = ["one", "two"] }}
"""
TEXT = "Le maire de Lyon parle."
GOLD = f"""gold = 1
id = "{{name}}"
title = "Lyon"
lang = "fr"
published = 2024-03-05
licence = {{{{ text = "CC0-1.0", labels = "CC0-1.0" }}}}
meta = {{{{ rubrique = "monde" }}}}
labels = {{{{ scheme = "fr-news-1", by = ["a"], status = "single", prelabel = "none" }}}}
text = "full"
sha256 = "{sha256(TEXT)}"
+++

> {TEXT}
  LOC      Lyon
"""


class Project:
    """A suite of three back ends on two articles, and what each run of it worked out anew."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        self.done = []
        of = Kept.of

        def spied(store, what, given, kind, work):
            return of(store, what, given, kind, lambda: self.done.append(what) or work())

        monkeypatch.setattr(Kept, "of", spied)
        monkeypatch.chdir(folder)
        (folder / "mine.py").write_text(BACKENDS)
        (folder / "gold").mkdir()
        for name in ("a", "b"):
            (folder / "gold" / f"{name}.gold").write_text(GOLD.format(name=name))
        self.suite()

    def suite(self, regimes=("strict",), label="PER"):
        regimes = list(map(str, regimes))
        (self.folder / "suite.toml").write_text(SUITE.format(regimes=regimes, label=label))

    def run(self, **options):
        """The files that a run wrote, without the times of it; ``done`` is what it worked out."""
        self.done.clear()
        run = fh.run("suite.toml", output="out", force=True, **options)
        timeless = repr(run.timeless())
        return {"manifest": timeless.encode()} | {
            str(path.relative_to("out")): path.read_bytes()
            for path in sorted(Path("out").rglob("*"))
            if path.is_file() and path.name not in ("run.json", "report.html", "summary.md")
        }


@pytest.fixture
def project(tmp_path, monkeypatch):
    return Project(tmp_path, monkeypatch)


EVERYTHING = ["joined", "results", "results", "results", "tables", "contents of a page"]


def test_a_run_of_the_same_works_nothing_out_and_writes_the_same(project):
    project.run()
    assert project.done == EVERYTHING
    first = project.run()  # every prediction is from the cache now, which its results say
    again = project.run()
    assert project.done == []
    assert again == first
    anew = project.run(cache=False)
    assert anew.keys() == again.keys()
    assert anew["scores.csv"] == again["scores.csv"]


def test_the_page_of_a_run_of_the_same_is_the_same(project):
    pages = []
    for _ in range(3):
        project.run()
        pages.append(Path("out/report.html").read_text(encoding="utf-8"))
    assert project.done == []
    drawn = [page[page.index('id="data-facts"') :] for page in pages[1:]]
    assert drawn[0] == drawn[1]


def test_of_another_back_end_only_what_depends_on_it_is_worked_out(project):
    for _ in range(2):
        project.run()
    project.suite(label="ORG")
    scores = project.run()["scores.csv"]
    assert project.done == ["joined", "results", "results", "tables", "contents of a page"]
    assert project.run(cache=False)["scores.csv"] == scores


@pytest.mark.parametrize("change", ["gold", "regimes"])
def test_of_other_gold_and_other_regimes_everything_is_worked_out(project, change):
    for _ in range(2):
        before = project.run()["scores.csv"]
    if change == "regimes":
        project.suite(regimes=("exact",))
    else:
        path = project.folder / "gold" / "a.gold"
        path.write_text(path.read_text().replace("LOC ", "ORG "))
    scores = project.run()["scores.csv"]
    assert [one for one in project.done if one != "joined"] == EVERYTHING[1:]
    assert scores != before
    assert project.run(cache=False)["scores.csv"] == scores


def test_a_line_of_gold_that_changes_no_score_is_read_for_the_page(project):
    for _ in range(2):
        project.run()
    path = project.folder / "gold" / "a.gold"
    path.write_text(path.read_text() + "\n# a comment\n")
    project.run()
    assert project.done == ["contents of a page"]
