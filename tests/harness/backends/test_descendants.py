"""What a process started is known, and killed with it, also when it is a leader of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from factharness.backends.descendants import descendants, kill

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="needs /proc")

PARENT = """
import subprocess, sys, time
child = subprocess.Popen(
    [sys.executable, "-c", "import time; print('x', flush=True); time.sleep(3600)"],
    stdout=subprocess.PIPE, start_new_session=True,
)
child.stdout.read(1)
print(child.pid, flush=True)
time.sleep(3600)
"""


def test_what_a_process_started_is_killed_after_it_too():
    process = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE)
    child = int(process.stdout.readline())
    found = descendants([process.pid, None])
    try:
        assert [pid for pid, _ in found] == [child]
        process.kill()
        process.wait()
        kill({(child, b"0")})  # a number that another process has now
        assert Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    finally:
        process.kill()
        kill(found)
        process.communicate()
    kill(found)
