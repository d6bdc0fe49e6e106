"""The cluster of docs/suites.md: what the page shows is run, on a port that is free."""

import os
import re
import shlex
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "suites.md").read_text(encoding="utf-8")
(COMMANDS,) = re.findall(r"^```sh cluster\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PORT = "8786"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def command(line):
    program, *arguments = shlex.split(line.removesuffix("&"))
    return [sys.executable, "-m", program, *arguments]


@contextmanager
def background(line, **more):
    """A program that runs during the block."""
    with subprocess.Popen(command(line), **more) as process:
        try:
            yield process
        finally:
            process.terminate()


def wait_for(lines, words, times):
    """Read lines until ``words`` were in so many of them."""
    seen = 0
    for line in lines:
        seen += words in line
        if seen == times:
            return
    pytest.fail(f"the program ended before it had logged {words!r} {times} times")


@pytest.mark.slow
@pytest.mark.needs("distributed")
def test_the_cluster_that_is_shown_runs_the_suite_and_says_what_one_process_says(tmp_path):
    scheduler, worker, run = COMMANDS.replace(PORT, free_port()).splitlines()
    where = {"cwd": tmp_path, "env": os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache")}}
    options = ["--no-cache", "--quiet", "-o"]
    with background(scheduler, stderr=subprocess.PIPE, text=True, **where) as cluster:
        wait_for(cluster.stderr, "Scheduler at:", 1)
        with background(worker, **where) as workers:
            # So that nothing waits for a scheduler whose workers could not be started.
            threading.Thread(target=lambda: (workers.wait(), cluster.terminate())).start()
            wait_for(cluster.stderr, "Register worker addr:", 2)
            subprocess.run([*command(run), *options, "cluster"], check=True, **where)
        assert "Receive client connection:" in cluster.stderr.read()
    alone = run.partition(" --executor ")[0]
    subprocess.run([*command(alone), *options, "alone"], check=True, **where)
    scores = (tmp_path / "cluster" / "scores.csv").read_text(encoding="utf-8")
    assert "depeches,rules,entity" in scores
    assert scores == (tmp_path / "alone" / "scores.csv").read_text(encoding="utf-8")
