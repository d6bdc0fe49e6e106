"""`os._exit` in a back end: what it ends, and with which exit code."""

import os
import subprocess
import sys
import threading

import pytest

from factharness.exits import ENDED, staying

REAL = os._exit


def test_in_the_block_it_raises_and_after_it_is_what_it_was():
    with staying():
        with staying():
            pass
        with pytest.raises(SystemExit) as ended:
            os._exit(3)
    assert ended.value.code == 3
    assert os._exit is sys.modules[os.name]._exit is REAL


def test_it_raises_where_the_block_is_whichever_thread_that_is():
    said = []

    def work():
        with pytest.raises(SystemExit) as ended, staying():
            sys.modules[os.name]._exit(0)
        said.append(ended.value.code)

    with staying():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        with pytest.raises(SystemExit):
            os._exit(0)
    assert said == [0]
    assert os._exit is REAL


def ended(code):
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import os, threading\nfrom factharness.exits import staying\n{code}",
        ],
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stderr.strip()


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [(0, ENDED, "factharness: a thread of the back end ended the program"), (7, 7, "")],
)
def test_another_thread_ends_the_process_but_never_as_if_all_were_well(status, code, said):
    source = (
        "with staying():\n"
        f"    thread = threading.Thread(target=os._exit, args=({status},))\n"
        "    thread.start()\n"
        "    thread.join()\n"
    )
    assert ended(source) == (code, said)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_process_that_a_back_end_forks_ends_as_it_wants():
    source = (
        "with staying():\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        os._exit(0)\n"
        "    _, status = os.waitpid(child, 0)\n"
        "print(status)\n"
        "raise SystemExit(os.waitstatus_to_exitcode(status))\n"
    )
    assert ended(source) == (0, "")
