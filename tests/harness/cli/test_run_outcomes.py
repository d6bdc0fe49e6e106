"""What a back end yields and what is stored of it: one outcome per article, and each of its own article."""

import json
import sqlite3
from contextlib import closing

import pytest

from factharness.testing import check_extractor

UNEVEN = """
import itertools
from factharness.facts import Entity, Span

class Uneven:
    '''Yields ``odd`` outcomes for the article of that place; reads ``ahead`` articles before it yields.'''

    kinds = frozenset({"entity"})

    def __init__(self, odd=1, place=0, ahead=1):
        self.odd, self.place, self.ahead = odd, place, ahead

    def fingerprint(self):
        return {"version": "1"}

    def extract(self, articles):
        number = itertools.count()
        while batch := list(itertools.islice(articles, self.ahead)):
            for article in batch:
                for _ in range(self.odd if next(number) == self.place else 1):
                    yield [Entity(Span(0, 1), "PER")] if article.text.strip() else []
"""


@pytest.fixture
def uneven(shell):
    """Writes a suite with a back end of so many outcomes too many or too few."""
    (shell.folder / "uneven.py").write_text(UNEVEN, encoding="utf-8")

    def suite(**options):
        shown = ", ".join(f"{key} = {value}" for key, value in options.items())
        return shell.suite(
            backends=f'[[backend]]\nuse = "file:uneven.py:Uneven"\noptions = {{ {shown} }}\n'
            '[[backend]]\nuse = "capitals"\n'
        )

    return suite


@pytest.mark.parametrize(
    ("options", "jobs"),
    [
        ({"odd": 2}, 1),
        ({"odd": 2, "ahead": 3}, 1),
        ({"odd": 0, "ahead": 3}, 1),
        ({"odd": 2, "ahead": 3}, 2),
    ],
)
def test_outcomes_that_are_not_one_per_article_are_an_error_of_the_run(
    shell, uneven, options, jobs
):
    for _ in range(2):  # the second time, nothing of it is in the cache
        said = shell("run", uneven(**options), "-o", "out", "--force", "-j", jobs)
        assert said.returncode == 2
        assert "uneven is unavailable: the back end yields" in said.stderr
        assert "it is not known which outcome is of which article" in said.stderr
        backends = json.loads((shell.folder / "out" / "scores.json").read_text())["backends"]
        assert [backend["backend"] for backend in backends] == ["capitals"]
    assert ": 3 predictions," in shell("cache", "stats").stdout
    assert shell("run", uneven(), "-o", "out", "--force").returncode == 0


@pytest.mark.parametrize("ahead", [1, 3])
def test_an_extraction_writes_nothing_of_which_it_cannot_tell_whose_it_is(
    shell, uneven, monkeypatch, ahead
):
    uneven()
    lines = [{"id": f"https://exemple.org/{n}", "text": "Un mot."} for n in range(5)]
    (shell.folder / "in.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    broken = "file:uneven.py:Uneven", "in.jsonl", "-o", "out.jsonl", "--option", f"ahead={ahead}"
    for _ in range(2):
        said = shell("extract", *broken, "--option", "odd=2")
        assert said.returncode == 2
        assert "it is not known which outcome is of which article" in said.stderr
        assert (shell.folder / "out.jsonl").read_bytes() == b""


@pytest.mark.parametrize(
    "change",
    [
        ("2024-03-05-moulin", "2024-03-06-tournoi"),  # of another article
        ('"facts":[', '"facts":[{"kind":"entity","span":[0,99999],"label":"PER"},'),
        ('"facts":[', '"facts":[{"kind":"date","span":[0,2],"type":"DATE"},'),  # a kind not claimed
        ('"facts":[', '"error":"no","was":['),
        ('{"article_id"', '[{"article_id"'),
    ],
    ids=["another article", "another text", "another kind", "an error", "no prediction"],
)
def test_a_cached_row_that_cannot_be_of_the_article_is_as_if_it_were_not_there(shell, change):
    backends = '[[backend]]\nuse = "capitals"\noptions = { log = "log", kinds = ["entity"] }\n'
    suite = shell.suite(backends=backends)
    assert shell("run", suite, "-o", "one").returncode == 0
    log = shell.folder / "log"
    log.unlink()
    place = shell.folder / ".cache" / "factharness" / "predictions.sqlite"
    with closing(sqlite3.connect(place)) as database, database:
        for key, stored in database.execute("SELECT key, prediction FROM predictions").fetchall():
            text = stored.decode()
            if "2024-03-05-moulin" in text:
                row = text.replace(*change).encode(), key
                database.execute("UPDATE predictions SET prediction = ? WHERE key = ?", row)
    said = shell("run", suite, "-o", "two")
    assert (said.returncode, said.stderr) == (0, "\nWritten to two\n")
    assert log.read_text() == "2024-03-05-moulin\n"
    assert shell.same("one", "two")


def test_what_was_said_of_another_text_is_not_resumed(shell, gold):
    backends = '[[backend]]\nuse = "capitals"\noptions = { log = "log" }\n'
    suite = shell.suite(backends=backends, goldset=gold.folder)
    gold("a", "Anne part à Lyon.")
    gold("b", "Paul reste à Lille.")
    assert shell("run", suite, "-o", "one", "--no-cache").returncode == 0
    gold("b", "Paul reste à Lens et Anne à Lyon.")
    assert shell("run", suite, "-o", "two", "--no-cache", "--resume", "one").returncode == 0
    assert (shell.folder / "log").read_text().split() == ["a", "b", "b"]
    assert shell("run", suite, "-o", "three", "--no-cache").returncode == 0
    assert shell.same("two", "three")


def test_a_subset_has_a_digest_of_its_own_and_a_shard_that_of_the_whole(shell):
    digests = {}
    for name, options in {
        "whole": [],
        "limit": ["--limit", "2"],
        "article": ["--article", "2024-03-05-moulin"],
        "sample": ["--sample", "1"],
        "shard": ["--shard", "1/3"],
        "all": ["--limit", "9"],
    }.items():
        assert shell("run", shell.suite(), "-o", name, "-q", *options).returncode == 0
        manifest = json.loads((shell.folder / name / "run.json").read_text())
        scores = json.loads((shell.folder / name / "scores.json").read_text())
        (goldset,) = manifest["goldsets"]
        assert scores["backends"][0]["signature"]["gold"] == f"mini@1#{goldset['digest']}"
        digests[name] = goldset["digest"]
    assert digests["whole"] == digests["shard"] == digests["all"]
    assert len(set(digests.values())) >= 4 - (digests["sample"] == digests["article"])
    assert digests["whole"] not in (digests["limit"], digests["article"], digests["sample"])


def test_the_contract_test_counts_outcomes(uneven, shell):
    uneven()
    spaces = {}
    exec((shell.folder / "uneven.py").read_text(), spaces)
    build = spaces["Uneven"]
    check_extractor(build)
    for options in ({"odd": 2}, {"odd": 0}, {"odd": 10**12}, {"odd": 0, "place": 12, "ahead": 13}):
        with pytest.raises(AssertionError, match=r"\d+ outcomes for \d+ articles"):
            check_extractor(build, **options)
