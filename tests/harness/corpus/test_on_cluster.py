"""Extraction on a Dask cluster: whoever dies, the parts together are what one process writes."""

import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from factharness.backends import apart
from factharness.backends.recipe import Recipe
from factharness.corpus import cut, extraction, joining, on_cluster, part_work, parts, sources
from factharness.errors import BackendError, HarnessError, OutputError
from factharness.extracted.reading import stored

pytestmark = [pytest.mark.slow, pytest.mark.needs("distributed")]

HERE = str(Path(__file__).parents[1])
COUNT, SIZE = 120, 1000
USE = "file:local_backends.py:build"


def recipe(timeout=None, **options):
    return Recipe(USE, options, HERE, timeout)


@pytest.fixture(scope="module")
def cluster():
    import distributed

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as made:
        yield made


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "c.jsonl"
    lines = (
        json.dumps({"id": f"a{n}", "text": f"Anne {n} part en 20{n % 90 + 10}."})
        for n in range(COUNT)
    )
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return sources.find(path)


@pytest.fixture
def whole(corpus, tmp_path):
    extraction.extract(recipe(), corpus, tmp_path / "whole.jsonl")
    return (tmp_path / "whole.jsonl").read_bytes().splitlines()


def extract(cluster, corpus, folder, made=None, **more):
    more.setdefault("part_size", SIZE)
    return on_cluster.extract(made or recipe(), corpus, folder, cluster.scheduler_address, **more)


def lines(folder):
    return [line.data.rstrip() for line in stored(folder)]


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz", ".csv"])
def test_the_parts_are_what_one_process_writes(cluster, corpus, whole, tmp_path, ending):
    tally = extract(cluster, corpus, tmp_path / f"out{ending}")
    assert (tally.articles, tally.errors, tally.before) == (COUNT, 0, 0)
    assert lines(tmp_path / f"out{ending}") == whole
    names = sorted(file.name for file in (tmp_path / f"out{ending}").iterdir())
    assert f"part-00001{ending}" in names
    assert "part-00002.done" in names
    assert not [name for name in names if name.startswith(".part-")]


def test_what_is_done_is_not_read_again(cluster, corpus, whole, tmp_path):
    log, out = tmp_path / "log", tmp_path / "out.jsonl"
    extract(cluster, corpus, out, recipe(log=str(log)))
    assert len(log.read_text().splitlines()) == COUNT
    (out / "part-00002.done").unlink()
    held = parts.complete(out, 3).articles
    again = extract(cluster, corpus, out, recipe(log=str(log)), part_size=None, resume=True)
    redone = COUNT - again.before
    assert len(log.read_text().splitlines()) == COUNT + redone
    assert abs(redone - held) <= 1
    assert lines(out) == whole


@pytest.mark.parametrize("how", ["die", "vanish"])
def test_a_back_end_that_ends_its_process_costs_one_article(cluster, corpus, whole, tmp_path, how):
    fatal = {"a7": how, "a8": how, "a50": how}
    tally = extract(cluster, corpus, tmp_path / "out.jsonl", recipe(when=fatal))
    assert [name for name, _ in sorted(tally.failed)] == ["a50", "a7", "a8"]
    assert all(error.startswith("the process died: it ") for _, error in tally.failed)
    made = [line for line in lines(tmp_path / "out.jsonl") if b'"error"' not in line]
    assert made == [line for line in whole if json.loads(line)["id"] not in fatal]


def test_a_process_that_is_killed_from_outside_costs_no_article(cluster, corpus, whole, tmp_path):
    """Also while the articles after a death are read one at a time, and while the model is loaded."""
    log = tmp_path / "log"
    when = {"a7": "die_twice", "a50": "die_twice"}
    made = recipe(when=when, log=str(log), sick={"load": "die_once"})
    tally = extract(cluster, corpus, tmp_path / "out.jsonl", made)
    assert tally.failed == []
    assert lines(tmp_path / "out.jsonl") == whole
    assert Path(f"{log}.died").exists()
    assert {name: log.read_text().split().count(name) for name in when} == dict.fromkeys(when, 3)


def test_a_back_end_that_dies_whenever_it_is_loaded_is_said(cluster, corpus, tmp_path):
    made = recipe(sick={"load": "die"}, log=str(tmp_path / "log"))
    with pytest.raises(BackendError, match="the process died while it loaded the back end"):
        extract(cluster, corpus, tmp_path / "out.jsonl", made)


@pytest.fixture
def frail_cluster(tmp_path):
    """A scheduler that gives a task up as soon as a worker has died under it, and a worker, again and again."""
    import dask
    import distributed

    over = threading.Event()
    begun = []

    def work(address):
        while not over.is_set():
            begun.append(started_worker(address, tmp_path, "--no-nanny"))
            begun[-1].wait()

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        distributed.LocalCluster(n_workers=0, dashboard_address=None) as made,
    ):
        thread = threading.Thread(target=work, args=(made.scheduler_address,))
        thread.start()
        yield made
        over.set()
        while thread.is_alive():
            begun[-1].kill()
            thread.join(0.1)


def started_worker(address, folder, *options):
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "distributed.cli.dask_worker", address, *options),
            *("--nthreads", "1", "--no-dashboard", "--local-directory", str(folder)),
        ],
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )


@pytest.mark.parametrize("deaths", [on_cluster.DEATHS, on_cluster.DEATHS + 1])
def test_a_part_under_which_workers_die_is_tried_again_and_then_named(
    frail_cluster, corpus, whole, tmp_path, deaths
):
    log, out = tmp_path / "log", tmp_path / "out.jsonl"
    made = recipe(when={"a7": "fell"}, fellings=deaths, log=str(log))
    if deaths > on_cluster.DEATHS:
        with pytest.raises(
            HarnessError, match=r"workers die while they read part 1: .*give them more memory"
        ):
            extract(frail_cluster, corpus, out, made, part_size=10**6)
    tally = extract(frail_cluster, corpus, out, made, part_size=10**6)
    assert (tally.articles, tally.errors) == (COUNT, 0)
    assert lines(out) == whole
    assert log.read_text().split().count("a7") == deaths + 1


def test_a_time_limit_holds_on_a_worker(cluster, corpus, tmp_path):
    slow = recipe(timeout=0.5, when={"a9": "sleep"})
    tally = extract(cluster, corpus, tmp_path / "out.jsonl", slow)
    assert tally.failed == [("a9", "took more than 0.5 s")]


def test_a_model_is_loaded_once_per_thread_and_stays(cluster, corpus, tmp_path):
    log = tmp_path / "log"
    extract(cluster, corpus, tmp_path / "out.jsonl", recipe(log=str(log)))
    assert len(set(Path(f"{log}.pids").read_text().split())) <= 2


def test_enough_errors_end_it_early(cluster, corpus, tmp_path):
    log = tmp_path / "log"
    sick = recipe(when={f"a{n}": "raise" for n in range(COUNT)}, log=str(log))
    tally = extract(
        cluster, corpus, tmp_path / "out.jsonl", sick, enough=lambda tally: tally.errors > 3
    )
    assert 3 < tally.errors == tally.articles < COUNT


@pytest.mark.parametrize("share", [10, 10.1])
def test_a_share_of_errors_ends_it_as_soon_as_it_is_certain(cluster, corpus, tmp_path, share):
    """13 of 120 are more than 10 %, whatever comes; the last part waits until that was seen."""
    gate, totals = tmp_path / "gate", set()
    sick = {f"a{n}": "raise" for n in range(13 if share == 10 else 12)}
    made = recipe(when=sick | {"a119": "wait"}, gate=str(gate))

    def enough(tally):
        if tally.articles > 90:
            gate.touch()
        return tally.total is not None and tally.errors > tally.total * share / 100

    tally = extract(
        *(cluster, corpus, tmp_path / "out.jsonl", made),
        count=True,
        enough=enough,
        listen=lambda tally: totals.add(tally.total),
    )
    gate.touch()
    assert totals >= {COUNT}
    assert tally.errors == len(sick)
    assert tally.unread == (share == 10)
    assert (tally.articles < COUNT) == tally.unread


def test_the_command_that_ends_early_stops_the_cluster(cluster, tmp_path):
    """A worker may be at work on a part when the command ends, hence the attempts; none of them goes on."""
    for number in range(8):
        tried = tried_until_the_end(cluster, tmp_path / str(number))
        assert "a40" not in tried
        if "a20" in tried:
            return
    pytest.fail("no worker was at work when the command ended")


def tried_until_the_end(cluster, tmp_path):
    """The articles that were read.

    The first part has one article, which fails; the second waits inside until the command has ended.
    """
    import distributed

    tmp_path.mkdir()
    path, gate, log = tmp_path / "c.jsonl", tmp_path / "gate", tmp_path / "log"
    records = [{"id": "a0", "text": "x" * 9000}]
    records += [{"id": f"a{n}", "text": "Anne part."} for n in range(1, 150)]
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    asked = [
        *(*COMMAND, USE, str(path), "-o", str(tmp_path / "out.jsonl"), "--part-size", "9000"),
        *("--executor", f"dask:{cluster.scheduler_address}", "--max-errors", "0.5%"),
        *("--option", f'log="{log}"', "--option", f'gate="{gate}"'),
        *("--option", 'when={a0="raise", a20="wait"}'),
    ]
    try:
        said = subprocess.run(asked, cwd=HERE, capture_output=True, text=True, timeout=300)
        assert said.returncode == 3, said.stderr
        assert (
            "1 of 1 article failed, more than --max-errors 0.5% allows; the others were"
            in said.stderr
        )
    finally:
        gate.touch()  # else a worker of the cluster, which other tests share, waits for ever
    with distributed.Client(cluster.scheduler_address) as client:
        # Each worker has one thread, so what it is given now waits for the end of what it works on.
        there = client.scheduler_info()["workers"]
        client.gather([client.submit(int, workers=[one], pure=False) for one in there])
    complete = sorted(file.name for file in (tmp_path / "out.jsonl").glob("part-*"))
    assert complete == ["part-00001.done", "part-00001.jsonl"]
    return log.read_text().split()


def test_repeated_ids_are_those_that_one_process_says(cluster, tmp_path):
    path = tmp_path / "c.jsonl"
    names = [f"a{n % 100 if n % 7 else 3}" for n in range(COUNT)]
    path.write_text("".join(f'{{"id": "{name}", "text": "Anne part."}}\n' for name in names))
    found = sources.find(path)
    one = extraction.extract(recipe(), found, tmp_path / "whole.jsonl")
    made = extract(cluster, found, tmp_path / "out.csv")
    assert made.repeats > 20
    assert (made.repeats, made.repeated) == (one.repeats, one.repeated)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_shows_of_how_many_articles(cluster, corpus, tmp_path):
    import pty

    gate = tmp_path / "gate"
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [
            *(*COMMAND, USE, str(corpus.path), "-o", str(tmp_path / "out.jsonl")),
            *("--executor", f"dask:{cluster.scheduler_address}", "--part-size", str(SIZE)),
            *("--option", f'gate="{gate}"', "--option", 'when={a119="wait"}'),
        ],
        cwd=HERE,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            said += os.read(ours, 4096)
        except OSError:  # how a pseudo-terminal ends
            break
        if f"/{COUNT}".encode() in said:
            gate.touch()
    os.close(ours)
    assert process.wait() == 0
    shown = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", said.decode())
    assert re.search(r"extracting .* \d+/120 ", shown), shown


def test_a_back_end_that_cannot_be_loaded_is_said(cluster, corpus, tmp_path):
    with pytest.raises(BackendError, match="the model is broken"):
        extract(cluster, corpus, tmp_path / "out.jsonl", recipe(sick={"load": "refuse"}))


def test_another_back_end_input_or_size_cannot_go_on(cluster, corpus, tmp_path):
    out = tmp_path / "out.jsonl"
    extract(cluster, corpus, out)
    with pytest.raises(
        OutputError, match=r"was begun otherwise: .*kinds date,entity,quote against date"
    ):
        extract(cluster, corpus, out, recipe(kinds=["date"]))
    with pytest.raises(OutputError, match="the input, or the size of its parts"):
        extract(cluster, corpus, out, part_size=SIZE + 1)
    with pytest.raises(OutputError, match="no extraction to continue"):
        extract(cluster, corpus, tmp_path / "none.jsonl", resume=True)
    (tmp_path / "notes.jsonl").mkdir()
    (tmp_path / "notes.jsonl" / "mine").write_text("")
    with pytest.raises(OutputError, match="no extraction wrote it"):
        extract(cluster, corpus, tmp_path / "notes.jsonl")


def test_workers_that_are_killed_lose_nothing(cluster, corpus, whole, tmp_path):
    """After each of the first parts, a worker is killed in the middle of another."""
    log, deaths = tmp_path / "log", itertools.count()

    def kill(tally):
        if tally.articles and next(deaths) < 3:
            pids = [worker.pid for worker in cluster.workers.values() if worker.pid]
            if pids:
                os.kill(pids[0], signal.SIGKILL)

    made = recipe(pause=0.01, log=str(log))
    tally = extract(cluster, corpus, tmp_path / "out.jsonl", made, listen=kill)
    assert next(deaths) > 3
    assert (tally.articles, tally.errors) == (COUNT, 0)
    assert lines(tmp_path / "out.jsonl") == whole


def test_two_attempts_at_a_part_at_once_leave_one_whole(corpus, whole, tmp_path):
    """As a worker that was given up and the one that got its part."""
    out = tmp_path / "out.jsonl"
    out.mkdir()
    (part,) = cut.parts(corpus, 10**6)
    work = part_work.Work(recipe(pause=0.005), str(out), str(tmp_path))
    asked = msgspec.json.encode(work), 1, msgspec.json.encode(part)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: part_work.work_on(*asked), range(2))
    for process in apart._idle.pop(asked[0]):
        process.close()
    assert first == second
    assert lines(out) == whole
    assert sorted(file.name for file in out.glob("*part*")) == [
        "part-00001.done",
        "part-00001.jsonl",
    ]


COMMAND = [sys.executable, "-c", "from factharness.cli import main; main()", "extract"]


def test_a_client_that_is_killed_comes_back(cluster, corpus, whole, tmp_path):
    log, out = tmp_path / "log", tmp_path / "out.jsonl"
    asked = [
        *(*COMMAND, USE, str(corpus.path), "-o", str(out), "--part-size", str(SIZE)),
        *("--executor", f"dask:{cluster.scheduler_address}", "--option", f'log="{log}"'),
        *("--option", "pause=0.01"),
    ]
    first = subprocess.Popen(asked, cwd=HERE, stderr=subprocess.PIPE)
    while not list(out.glob("*.done")):
        assert first.poll() is None, first.stderr.read()
    first.kill()
    first.wait()
    first.stderr.close()
    done = {
        json.loads(line)["id"]
        for marker in out.glob("*.done")
        for line in marker.with_suffix(".jsonl").read_bytes().splitlines()
    }
    again = subprocess.run([*asked, "--resume"], cwd=HERE, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert "of them before" in again.stderr
    assert lines(out) == whole
    worked = Counter(log.read_text().split())
    assert worked.keys() == {f"a{n}" for n in range(COUNT)}
    assert {name for name in done if worked[name] > 1} == set()


def test_an_input_that_workers_do_not_see_is_named(cluster, corpus, tmp_path, monkeypatch):
    real = on_cluster.cut.parts

    def vanishing(*arguments):
        made = [*real(*arguments)]
        corpus.path.rename(tmp_path / "elsewhere.jsonl")
        return iter(made)

    monkeypatch.setattr(on_cluster.cut, "parts", vanishing)
    host = re.escape(socket.gethostname())
    with pytest.raises(
        HarnessError, match=rf"c\.jsonl: on the worker {host}: cannot be read: No such"
    ):
        extract(cluster, corpus, tmp_path / "out.jsonl")


def test_combine_joins_the_parts(cluster, corpus, whole, tmp_path):
    out, joined = tmp_path / "out.csv", tmp_path / "all.jsonl"
    extract(cluster, corpus, out)
    assert joining.join([out], joined).articles == COUNT
    assert joined.read_bytes().splitlines() == whole
    with pytest.raises(HarnessError, match="a folder of parts is whole by itself"):
        joining.join([out, out], tmp_path / "twice.jsonl")
    (out / "part-00002.done").unlink()
    with pytest.raises(HarnessError, match="part 2 is missing or not complete"):
        joining.join([out], tmp_path / "some.jsonl")


class OwnScheduler:
    """A scheduler on a port, with one worker; both can be restarted."""

    def __init__(self, port, folder):
        self.port, self.folder = port, folder
        self.scheduler = self.started()
        self.worker = self.joined()

    @property
    def scheduler_address(self):
        return f"tcp://127.0.0.1:{self.port}"

    def started(self):
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "distributed.cli.dask_scheduler", "--no-dashboard"),
                *("--host", "127.0.0.1", "--port", str(self.port)),
            ],
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
        )
        for line in process.stderr:
            if "Scheduler at:" in line:
                threading.Thread(target=process.stderr.read, daemon=True).start()
                return process
        raise AssertionError("the scheduler did not begin")

    def restart(self):
        self.scheduler.kill()
        self.scheduler.wait()
        self.scheduler = self.started()
        self.worker.terminate()
        self.worker.wait()
        self.worker = self.joined()

    def joined(self):
        return started_worker(self.scheduler_address, self.folder, "--nworkers", "1")

    def close(self):
        for process in (self.worker, self.scheduler):
            process.terminate()
            process.wait()


def test_a_scheduler_that_is_restarted_loses_nothing(corpus, whole, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "own").mkdir()
    own = OwnScheduler(port, tmp_path / "own")
    restarts, said = itertools.count(), []

    def restart(tally):
        if tally.articles and next(restarts) == 0:
            own.restart()

    try:
        made = recipe(pause=0.01)
        out = tmp_path / "out.jsonl"
        tally = extract(own, corpus, out, made, listen=restart, warn=said.append)
    finally:
        own.close()
    assert (tally.articles, tally.errors) == (COUNT, 0)
    assert "is gone; waiting for it" in said[0]
    assert lines(out) == whole
