"""`factharness run` from outside: what it prints, writes and exits with."""

import csv
import errno
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from factharness.backends.recipe import Recipe
from factharness.facts import KINDS
from factharness.runs import measure
from factharness.runs.directory import load

TESTS = Path(__file__).resolve().parents[2]
LOCAL = TESTS / "harness" / "local_backends.py"
MEMBERS = ("build", "fingerprint", "label_scheme", "load")

COLUMNS = [
    *("goldset", "backend", "kind", "label", "regime", "slice", "articles"),
    *("gold", "pred", "tp", "fp", "fn", "precision", "recall", "f1"),
]


STUBBORN = """
import time
from factharness.errors import ExtractionError
class Stubborn:
    kinds = frozenset({"entity"})
    def fingerprint(self): return {"version": "1"}
    def extract(self, articles):
        for article in articles:
            try:
                time.sleep(60)
            except Exception as error:
                yield []
            else:
                yield []
"""

UNDATED = """
from factharness.facts import Date, Span
class Undated:
    kinds = frozenset({"date"})
    def fingerprint(self): return {"version": "1"}
    def extract(self, articles):
        for article in articles:
            yield [Date(Span(0, 2), "DATE", "2024"), Date(Span(3, 5), "DATE")]
"""

REPORTS = [
    ("txt", "mini@1"),
    ("md", "## mini@1"),
    ("csv", "goldset,backend"),
    ("json", "["),
    ("tex", "% mini@1"),
    ("junit.xml", "<?xml"),
]


def rows(run):
    with (run / "scores.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def until(condition, seconds=60):
    """Wait for what another process does; fail when it does not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.02)


def row(run, **wanted):
    (found,) = (
        row
        for row in rows(run)
        if all(row[key] == value for key, value in ({"slice": "*", "label": "*"} | wanted).items())
    )
    return found


def test_a_run_prints_the_comparison_and_writes_its_directory(shell):
    said = shell("run", shell.suite(), "-o", "out")
    assert said.returncode == 0, said.stderr
    assert "mini@1, 3 articles, regime strict" in said.stdout
    out = shell.folder / "out"
    assert sorted(path.name for path in out.iterdir()) == [
        "backends",
        "gold.jsonl.gz",
        "report.html",
        "run.json",
        "scores.csv",
        "scores.json",
        "summary.md",
    ]
    assert list(rows(out)[0])[: len(COLUMNS)] == COLUMNS
    assert list(rows(out)[0]) == list(load(out).to_frame().columns)
    entity = row(out, kind="entity", regime="strict")
    # 5 names; the words Le Bressac Fermé Jeanne Aubry Nous Jeanne Aubry Yann Le Goff Vannes Hier Le Rien.
    assert (entity["gold"], entity["tp"], entity["articles"]) == ("5", "0", "3")
    date = row(out, kind="date", regime="value")
    assert (date["gold"], date["pred"], date["tp"], date["precision"]) == (
        "5",
        "3",
        "3",
        "1.000000",
    )
    quote = row(out, kind="quote", regime="exact")
    assert (quote["gold"], quote["pred"], quote["tp"], quote["f1"]) == ("2", "2", "2", "1.000000")
    assert row(out, kind="date", regime="value", slice="rubrique=sport")["articles"] == "1"


def test_every_number_carries_its_signature(shell):
    shell("run", shell.suite(), "-o", "out")
    scores = json.loads((shell.folder / "out" / "scores.json").read_text())["scores"]
    assert all(
        score["signature"].startswith(f"{score['row']['kind']}.")
        and "|gold:mini@1#" in score["signature"]
        and f"|regime:{score['row']['regime']}|" in score["signature"]
        for score in scores
    )


def test_scores_hold_semeval_counts_and_what_was_taken_for_what(shell):
    shell("run", shell.suite(), "-o", "out")
    scores = json.loads((shell.folder / "out" / "scores.json").read_text())
    (found,) = (
        score["row"]["semeval"]
        for score in scores["scores"]
        if [score["row"][key] for key in ("kind", "label", "regime", "slice", "average")]
        == ["quote", "*", "exact", "*", "micro"]
    )
    assert found == {"cor": 2, "inc": 0, "par": 0, "mis": 0, "spu": 0}
    (on_set,) = scores["backends"]
    matrix = on_set["confusion"]["entity"]
    entity = row(shell.folder / "out", kind="entity", regime="strict")
    assert sum(sum(cells.values()) for gold, cells in matrix.items() if gold != "none") == 5
    assert sum(
        times for cells in matrix.values() for label, times in cells.items() if label != "none"
    ) == int(entity["pred"])
    shell("report", "out", "-o", "r.md")
    told = (shell.folder / "r.md").read_text()
    assert "### capitals, entities: gold by row, predicted by column" in told
    gold, cells = next(iter(matrix.items()))
    assert any(
        line.split("|")[1].strip() == gold and f" {next(iter(cells.values()))} |" in line
        for line in told.partition("gold by row")[2].splitlines()
        if line.startswith("| ")
    )


def test_a_report_is_made_again_without_the_back_end(shell):
    suite = shell.suite()
    first = shell("run", suite, "-o", "out").stdout
    suite.unlink()
    again = shell("report", "out")
    assert again.returncode == 0
    # A report has labels and slices, too.
    assert set(first.splitlines()) < set(again.stdout.splitlines())
    assert "Entities by label" in again.stdout
    for suffix, beginning in REPORTS:
        assert shell("report", "out", "-o", f"r.{suffix}").returncode == 0
        assert (shell.folder / f"r.{suffix}").read_text().startswith(beginning)
    assert "unknown format 'docx'" in shell("report", "out", "-o", "r.docx").stderr


def test_a_back_end_that_fails_on_an_article_is_said_and_the_others_are_scored(shell):
    backends = (
        '[[backend]]\nuse = "capitals"\noptions = { when = { "2024-03-06-tournoi" = "raise" } }\n'
    )
    said = shell("run", shell.suite(backends=backends), "-o", "out")
    assert said.returncode == 1
    assert "capitals failed on 2024-03-06-tournoi: RuntimeError: cannot do" in said.stderr
    assert row(shell.folder / "out", kind="date", regime="value")["articles"] == "2"


@pytest.mark.parametrize(
    ("budget", "code"),
    [("1", 0), ("0", 3), ("34%", 0), ("33%", 3), ("-1", 2), ("many", 2), ("101%", 2)],
)
def test_an_error_budget_decides_how_many_articles_may_fail(shell, budget, code):
    backends = (
        '[[backend]]\nuse = "capitals"\noptions = { when = { "2024-03-06-tournoi" = "raise" } }\n'
    )
    said = shell("run", shell.suite(backends=backends), "-o", "out", "--max-errors", budget)
    assert said.returncode == code
    assert (code != 3) or "failed on 1 of 3 articles of mini, more than --max-errors" in said.stderr


def test_a_time_limit_is_not_caught_by_the_back_end(shell):
    (shell.folder / "stubborn.py").write_text(STUBBORN, encoding="utf-8")
    suite = shell.suite(
        backends='[[backend]]\nuse = "file:stubborn.py:Stubborn"\nname = "stubborn"\n'
    )
    said = shell("run", suite, "-o", "out", "--timeout", "0.3", "--article", "2024-03-05-moulin")
    assert said.returncode == 3
    assert "stubborn failed on 2024-03-05-moulin: took more than 0.3 s" in said.stderr


def test_a_back_end_that_fails_on_every_article_is_inconclusive(shell):
    when = ", ".join(
        f'"{name}" = "error"'
        for name in ("2024-03-05-moulin", "2024-03-06-tournoi", "2024-03-07-conseil")
    )
    backends = f'[[backend]]\nuse = "capitals"\noptions = {{ when = {{ {when} }} }}\n'
    said = shell("run", shell.suite(backends=backends))
    assert said.returncode == 3
    assert "nothing was scored" in said.stderr


SICK = f'[[backend]]\nuse = "file:{LOCAL}:build"\nname = "none"\noptions = {{ sick = {{ %s }} }}\n'


@pytest.mark.parametrize(
    "backend",
    [
        '[[backend]]\nuse = "file:none.py:build"\nname = "none"\n',
        *(SICK % f'{m} = "{w}"' for m in MEMBERS for w in ("raise", "refuse", "leave", "panic")),
    ],
)
def test_an_unavailable_back_end_is_said_and_the_others_run(shell, backend):
    suite = shell.suite(backends='[[backend]]\nuse = "capitals"\n' + backend)
    said = shell("run", suite, "-o", "out")
    assert said.returncode == 2
    assert "none is unavailable" in said.stderr
    assert "Traceback" not in said.stderr
    assert row(shell.folder / "out", kind="quote", regime="exact")["tp"] == "2"


def test_a_part_that_does_not_find_its_kind_is_not_scored_as_if_it_had_found_nothing(shell):
    backends = (
        '[[backend]]\nuse = "capitals"\noptions = { kinds = ["entity", "date"] }\n'
        '[[backend]]\nname = "parts"\nentities = "capitals"\nquotes = "capitals"\n'
    )
    said = shell("run", shell.suite(backends=backends), "-o", "out")
    assert said.returncode == 2
    assert (
        "parts is unavailable: capitals does not find kind 'quote', only entity, date"
        in said.stderr
    )
    rows = [line.split() for line in said.stdout.splitlines() if line.startswith("parts ")]
    assert rows
    assert all(row[2] == "unavailable" for row in rows if row[1] in KINDS)


@pytest.mark.parametrize("seconds", ["0", "-1", "inf", "nan", "1e12", "soon"])
def test_a_time_limit_that_is_none_is_refused(shell, seconds):
    for command in (
        ("run", shell.suite(), "-o", "out"),
        ("extract", "rules", "in.jsonl", "-o", "out.jsonl"),
    ):
        said = shell(*command, f"--timeout={seconds}")
        assert said.returncode == 2
        assert "is not a number of seconds above 0" in said.stderr


@pytest.mark.parametrize(
    ("backends", "said"),
    [
        (
            '[[backend]]\nuse = "rulse"\n',
            "mine.toml:5: unknown back end 'rulse'; did you mean 'rules'?",
        ),
        (
            '[[backend]]\nuse = "rules"\noptions = { kind = ["date"] }\n',
            "mine.toml:6: unknown option of rules 'kind'; did you mean 'kinds'?",
        ),
    ],
)
def test_a_suite_with_an_unknown_back_end_or_option_is_refused_before_anything_runs(
    shell, backends, said
):
    answer = shell("run", shell.suite(backends=backends), "-o", "out")
    assert answer.returncode == 2
    assert said in answer.stderr
    assert not (shell.folder / "out").exists()


def test_articles_without_their_texts_are_skipped_with_one_line_that_says_how_to_get_them(shell):
    root = TESTS.parent / "goldsets"
    suite = shell.suite(goldset=root / "wikinews")
    answer = shell("run", suite, "-o", "out")
    assert answer.returncode == 3
    (line,) = (line for line in answer.stderr.splitlines() if "Skipped" in line)
    assert "40 articles" in line
    assert "factharness gold fetch" in line


def test_a_kind_that_is_not_claimed_has_no_table_rather_than_zeros(shell):
    backends = '[[backend]]\nuse = "capitals"\noptions = { kinds = ["date"] }\n'
    said = shell("run", shell.suite(backends=backends), "-o", "out")
    assert "\nDates\n" in said.stdout
    assert "Quotes" not in said.stdout
    assert not [one for one in rows(shell.folder / "out") if one["kind"] == "quote"]


def test_parts_of_several_run_no_back_end_twice(shell):
    backends = (
        '[[backend]]\nuse = "capitals"\noptions = { log = "log" }\n'
        '[[backend]]\nname = "hybrid"\ndates = "capitals"\nquotes = "capitals"\n'
    )
    said = shell("run", shell.suite(backends=backends), "-o", "out", "-b", "hybrid")
    assert said.returncode == 0, said.stderr
    assert (shell.folder / "log").read_text().count("\n") == 3
    assert {one["backend"] for one in rows(shell.folder / "out")} == {"hybrid"}
    assert row(shell.folder / "out", kind="quote", regime="exact")["tp"] == "2"


def test_what_was_extracted_before_comes_from_the_cache_with_the_same_scores(shell):
    suite = shell.suite(backends='[[backend]]\nuse = "capitals"\noptions = { log = "log" }\n')
    assert shell("run", suite, "-o", "one").returncode == 0
    assert shell("run", suite, "-o", "two").returncode == 0
    assert (shell.folder / "log").read_text().count("\n") == 3
    assert shell.same("one", "two")
    assert "3 predictions" in shell("cache", "stats").stdout
    assert shell("cache", "clear").stdout == "forgot 3 predictions, 1 gold set and 6 results\n"
    assert shell("run", suite, "--no-cache", "-q").returncode == 0
    assert (shell.folder / "log").read_text().count("\n") == 6


def test_a_run_is_resumed_without_a_cache_where_it_failed(shell):
    whole = shell.suite(
        backends='[[backend]]\nuse = "capitals"\noptions = { log = "log", broken = "broken" }\n'
    )
    (shell.folder / "broken").write_text("2024-03-06-tournoi")
    assert shell("run", whole, "-o", "one", "--no-cache").returncode == 1
    (shell.folder / "broken").unlink()
    said = shell("run", whole, "-o", "two", "--no-cache", "--resume", "one")
    assert said.returncode == 0, said.stderr
    assert (shell.folder / "log").read_text().splitlines()[3:] == ["2024-03-06-tournoi"]
    assert shell("run", whole, "-o", "three", "--no-cache").returncode == 0
    assert shell.same("two", "three")


def test_what_another_back_end_said_is_not_resumed(shell):
    backend = '[[backend]]\nuse = "capitals"\noptions = {{ log = "log", kinds = {} }}\n'
    assert (
        shell(
            "run", shell.suite(backends=backend.format('["date"]')), "-o", "one", "--no-cache"
        ).returncode
        == 0
    )
    suite = shell.suite(backends=backend.format('["date", "quote"]'))
    assert shell("run", suite, "-o", "two", "--no-cache", "--resume", "one").returncode == 0
    assert (shell.folder / "log").read_text().count("\n") == 6


@pytest.mark.slow
def test_a_run_killed_at_any_point_goes_on_to_the_very_same_scores(shell):
    backends = '[[backend]]\nuse = "capitals"\noptions = { pause = 0.05, log = "log" }\n'
    suite = shell.suite(backends=backends)
    assert shell("run", suite, "-o", "whole", "--no-cache").returncode == 0
    seconds = random.Random(0)
    for attempt in range(50):
        if attempt % 5 == 0:  # else the cache would soon be full, and later kills hit nothing
            shutil.rmtree(shell.folder / ".cache", ignore_errors=True)
        process = subprocess.Popen(
            shell.command("run", suite, "-q", "-o", shell.folder / "killed"),
            cwd=shell.folder,
            env=shell.environment,
        )
        try:
            process.wait(timeout=seconds.uniform(0.1, 1.5))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            assert (
                not (shell.folder / "killed").exists()
                or (shell.folder / "killed" / "run.json").exists()
            )
        shutil.rmtree(shell.folder / "killed", ignore_errors=True)
    assert shell("run", suite, "-o", "resumed").returncode == 0
    assert shell.same("whole", "resumed")


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # A zombie has ended; nobody has asked for its exit code yet.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes through /proc")
def test_workers_end_with_the_run_that_started_them(shell):
    when = '{ "2024-03-05-moulin" = "sleep", "2024-03-06-tournoi" = "sleep" }'
    backends = f'[[backend]]\nuse = "capitals"\noptions = {{ log = "log", when = {when} }}\n'
    process = subprocess.Popen(
        shell.command("run", shell.suite(backends=backends), "-j", "2"),
        cwd=shell.folder,
        env=shell.environment,
        stderr=subprocess.DEVNULL,
    )
    log = shell.folder / "log.pids"
    until(lambda: log.exists() and log.read_text().count("\n") >= 2)
    workers = {int(line) for line in log.read_text().splitlines()}
    assert process.pid not in workers
    process.kill()
    process.wait()
    until(lambda: all(map(gone, workers)))


def test_two_runs_at_once_on_one_cache_and_folder_do_not_harm_each_other(shell):
    suite = shell.suite()
    processes = [
        subprocess.Popen(
            shell.command("run", suite, "-q"),
            cwd=shell.folder,
            env=shell.environment,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    runs = list((shell.folder / "reports").iterdir())
    assert len(runs) == 2
    one, two = ((run / "scores.csv").read_bytes() for run in runs)
    assert one == two


@pytest.mark.parametrize(
    ("options", "articles"),
    [
        (["--limit", "2"], ["2024-03-05-moulin", "2024-03-06-tournoi"]),
        (["--article", "2024-03-07-conseil"], ["2024-03-07-conseil"]),
        (["--shard", "2/2"], ["2024-03-06-tournoi"]),
    ],
)
def test_a_run_can_be_narrowed(shell, options, articles):
    shell("run", shell.suite(), "-o", "out", *options)
    assert [line["id"] for line in shell.lines("out")] == articles


def test_a_sample_is_the_same_for_the_same_seed(shell):
    suite = shell.suite()
    for name in ("one", "two"):
        shell("run", suite, "-o", name, "--sample", "2", "--seed", "5")
    assert shell.same("one", "two")
    assert ["*" in line["counts"]["quote"]["exact"] for line in shell.lines("one")] == [True, True]


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_shards_put_together_equal_the_whole(shell, parts):
    suite = shell.suite()
    shell("run", suite, "-o", "whole")
    shards = []
    for part in range(1, parts + 1):
        shards.append(f"part{part}")
        assert shell("run", suite, "--shard", f"{part}/{parts}", "-o", shards[-1]).returncode == 0
    said = shell("combine", *reversed(shards), "-o", "together")
    assert said.returncode == 0, said.stderr
    assert shell.same("whole", "together")
    one, other = (
        json.loads((shell.folder / n / "scores.json").read_text()) for n in ("whole", "together")
    )
    assert one["scores"] == other["scores"]
    assert [b["confusion"] for b in one["backends"]] == [b["confusion"] for b in other["backends"]]
    assert one["backends"][0]["confusion"]["entity"]
    if parts > 1:
        assert "shards are missing: 1/" in shell("combine", *shards[1:], "-o", "t2").stderr
        assert "is there twice" in shell("combine", shards[0], *shards, "-o", "t2").stderr
        assert not (shell.folder / "t2").exists()


def test_dates_without_a_value_are_counted_also_over_shards(shell):
    (shell.folder / "undated.py").write_text(UNDATED)
    suite = shell.suite(backends='[[backend]]\nuse = "file:undated.py:Undated"\nname = "undated"\n')
    assert "undated: 3 dates without a value." in shell("run", suite, "-o", "whole").stdout
    for part in ("1/2", "2/2"):
        shell("run", suite, "--shard", part, "-o", f"part{part[0]}")
    assert "undated: 2 dates without" in (shell.folder / "part1" / "summary.md").read_text()
    said = shell("combine", "part1", "part2", "-o", "together")
    assert "undated: 3 dates without a value." in said.stdout
    assert "without a value" not in shell("run", shell.suite("other"), "-o", "none").stdout


def test_an_output_folder_that_cannot_be_made_is_said_and_nothing_is_left(shell):
    (shell.folder / "file").write_text("")
    said = shell("run", shell.suite(), "-o", "file/out")
    assert said.returncode == 2
    assert "cannot be written" in said.stderr
    said = shell("run", shell.suite(), "-o", "file")
    assert said.returncode == 2
    assert "exists already" in said.stderr
    assert sorted(path.name for path in shell.folder.iterdir() if path.name[0] != ".") == [
        "file",
        "mine.toml",
    ]


@pytest.mark.parametrize("name", ["capitals.jsonl.gz", "gold.jsonl.gz"])
def test_a_disk_that_is_full_is_said_and_nothing_is_half_written(shell, monkeypatch, name):
    opened = Path.open

    def full(path, *args, **kwargs):
        if path.name == name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", full)
    answer = shell("run", shell.suite(), "-o", "out")
    assert answer.returncode == 2
    assert "cannot be written: No space left on device" in answer.stderr
    assert not [path for path in shell.folder.iterdir() if "out" in path.name]


class FullDisk:
    """A database connection that cannot store any more."""

    def __init__(self, *args, **kwargs):
        self._connection = sqlite3.Connection(*args, **kwargs)

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def executemany(self, *_):
        raise sqlite3.OperationalError("database or disk is full")


def test_a_cache_on_a_full_disk_is_given_up_and_the_run_goes_on(shell, monkeypatch):
    monkeypatch.setattr(sqlite3, "connect", FullDisk)
    answer = shell("run", shell.suite(), "-o", "out")
    assert answer.returncode == 0, answer.stderr
    assert "is not used in this run: database or disk is full" in answer.stderr


def test_a_clock_that_jumps_back_changes_no_number_and_hides_no_run(shell, monkeypatch):
    class Past(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2001, 2, 3, tzinfo=tz)

    suite = shell.suite()
    assert shell("run", suite, "-q").returncode == 0
    monkeypatch.setattr(measure, "datetime", Past)
    assert shell("run", suite, "-q").returncode == 0
    one, two = (run / "scores.csv" for run in (shell.folder / "reports").iterdir())
    assert one.read_bytes() == two.read_bytes()
    assert "2001-02-03" in shell("history").stdout


def test_an_interrupted_run_exits_with_130_and_leaves_no_run(shell):
    when = '{ "2024-03-06-tournoi" = "sleep" }'
    backends = f'[[backend]]\nuse = "capitals"\noptions = {{ log = "log", when = {when} }}\n'
    process = subprocess.Popen(
        shell.command("run", shell.suite(backends=backends)),
        cwd=shell.folder,
        stderr=subprocess.PIPE,
        env=shell.environment,
    )
    log = shell.folder / "log"
    until(lambda: log.exists() and log.read_text().count("\n") == 2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"interrupted" in said
    assert b"Traceback" not in said
    assert list((shell.folder / "reports").iterdir()) == []


def test_the_time_to_build_a_back_end_counts_as_loading(shell, monkeypatch):
    """Some load their model when they are built; what comes from the cache loads nothing."""
    now, build = [0.0], Recipe.build

    def slow(recipe):
        now[0] += 3
        return build(recipe)

    monkeypatch.setattr(Recipe, "build", slow)
    monkeypatch.setattr(
        "factharness.runs.predict.time", SimpleNamespace(perf_counter=lambda: now[0])
    )
    for run, seconds in (("first", 3), ("second", 0)):
        assert shell("run", shell.suite(), "-o", run, "-q").returncode == 0
        assert load(shell.folder / run).manifest.backends[0].load_seconds == seconds
