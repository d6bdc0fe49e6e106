"""Commands that are told to end while back ends hang: soon, with their code, without a trace."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    not Path("/proc").is_dir(), reason="looks at processes through /proc"
)

ARTICLES = ("2024-03-05-moulin", "2024-03-06-tournoi", "2024-03-07-conseil")
SOON = 120
"""Seconds, on a machine that has other things to do; a back end that hangs does so for an hour."""

HANGING = """
import json, os, time
with open("log.pids", "a") as file:
    file.write(f"{os.getpid()}\\n")
while True:
    time.sleep(3600)
"""


def until(condition):
    deadline = time.monotonic() + 2 * SOON
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.02)


def gone(pid):
    """Whether a process has ended; nobody may have asked a zombie for its exit code yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def of_session(leader):
    """The processes of a session that have not ended."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[3]) == leader and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def capitals(what, more="", articles=ARTICLES):
    when = ", ".join(f'"{name}" = "{what}"' for name in articles)
    return (
        f'[[backend]]\nuse = "capitals"\noptions = {{ log = "log", when = {{ {when} }}{more} }}\n'
    )


def a_program(shell):
    (shell.folder / "hanging.py").write_text(HANGING)
    command = f'["{sys.executable}", "hanging.py"]'
    return f'[[backend]]\nuse = "command"\noptions = {{ command = {command}, timeout = 3600 }}\n'


HANGS = {
    "a sleeper": lambda _: capitals("sleep"),
    "a back end that catches everything": lambda _: capitals("doze", ", dozing = 3600"),
    "a program": a_program,
}


def end(shell, arguments, ending, whole_group, begun=2):
    """What a command says when it is told to end once so many articles were begun, and its exit code."""
    process = subprocess.Popen(
        shell.command(*arguments),
        cwd=shell.folder,
        env=shell.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    pids = shell.folder / "log.pids"
    try:
        until(lambda: pids.exists() and pids.read_text().count("\n") >= begun)
        (os.killpg if whole_group else os.kill)(process.pid, ending)
        _, said = process.communicate(timeout=SOON)
        workers = {int(line) for line in pids.read_text().splitlines()}
        until(lambda: all(map(gone, workers)) and not of_session(process.pid))
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, said.decode()


@pytest.mark.parametrize("hangs", HANGS)
@pytest.mark.parametrize(
    ("ending", "whole_group", "code", "word"),
    [
        (signal.SIGINT, False, 130, "interrupted"),
        (signal.SIGINT, True, 130, "interrupted"),
        (signal.SIGTERM, False, 143, "terminated"),
    ],
)
def test_a_run_ends_when_it_is_told_to(shell, hangs, ending, whole_group, code, word):
    suite = shell.suite(backends=HANGS[hangs](shell))
    returned, said = end(shell, ["run", suite, "-j", "2"], ending, whole_group)
    assert (returned, said.strip()) == (code, f"factharness: {word}")
    assert list((shell.folder / "reports").iterdir()) == []


def test_a_worker_without_work_ends_as_quietly(shell):
    suite = shell.suite(backends=capitals("sleep", ", pause = 0.3", ARTICLES[2:]))
    returned, said = end(shell, ["run", suite, "-j", "2"], signal.SIGINT, True, begun=3)
    assert (returned, said.strip()) == (130, "factharness: interrupted")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_an_extraction_ends_when_it_is_told_to(shell, ending):
    (shell.folder / "hanging.py").write_text(HANGING)
    (shell.folder / "texts").mkdir()
    for number in range(80):
        (shell.folder / "texts" / f"{number}.txt").write_text("Un mot.")
    options = [
        "--option",
        f"command=['{sys.executable}', 'hanging.py']",
        "--option",
        "timeout=3600",
    ]
    arguments = ["extract", "command", "texts", "-o", "out.jsonl", "-j", "2", *options]
    returned, said = end(shell, arguments, ending, whole_group=True)
    assert returned == 128 + ending
    assert "Traceback" not in said
    assert "the same command goes on from there" in said


def test_a_command_in_one_process_ends_when_it_is_terminated(shell):
    suite = shell.suite(backends=capitals("sleep"))
    process = subprocess.Popen(
        shell.command("run", suite), cwd=shell.folder, env=shell.environment, stderr=subprocess.PIPE
    )
    until(lambda: (shell.folder / "log.pids").exists())
    process.terminate()
    _, said = process.communicate(timeout=SOON)
    assert (process.returncode, said.decode().strip()) == (143, "factharness: terminated")
    assert list((shell.folder / "reports").iterdir()) == []


def test_after_a_command_sigterm_does_what_it_did(shell):
    before = signal.getsignal(signal.SIGTERM)
    shell("cache", "stats")
    assert signal.getsignal(signal.SIGTERM) is before
