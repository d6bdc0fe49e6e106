"""The examples of docs/scale.md, run as they stand: each gives what one extraction gives."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "cluster"
COUNT = 9

pytestmark = pytest.mark.slow


@pytest.fixture
def here(shell_folder):
    """A folder with an archive and what one extraction makes of it."""
    lines = (json.dumps({"id": f"a{n}", "text": f"Le {n + 1} mars 2024."}) for n in range(COUNT))
    (shell_folder / "archive.jsonl").write_text("".join(f"{line}\n" for line in lines))
    call = ["factharness", "extract", "rules", "archive.jsonl", "-o", "whole.jsonl"]
    subprocess.run(call, check=True)
    return shell_folder


def test_the_tasks_of_a_slurm_array_are_the_whole(here, bash):
    call = [bash, str(EXAMPLES / "slurm_array.sh"), "rules", "archive.jsonl", "facts"]
    for task in "123":
        of_task = {"SLURM_ARRAY_TASK_ID": task, "SLURM_ARRAY_TASK_COUNT": "3"}
        subprocess.run(call, check=True, env=os.environ | of_task)
    subprocess.run(call, check=True, env=os.environ | {"COMBINE": "3"})
    assert (here / "facts" / "all.jsonl").read_bytes() == (here / "whole.jsonl").read_bytes()


def test_the_jobs_of_a_matrix_are_the_whole(here, bash):
    workflow = (EXAMPLES / "extract_matrix.yml").read_text(encoding="utf-8")
    values = json.loads(re.search(r"k: (\[.*\])", workflow)[1])
    extract, combine = (
        re.search(rf"- name: {name}\n +run: (.*)\n", workflow)[1] for name in ("Extract", "Combine")
    )
    for value in values:
        line = extract.replace("${{ matrix.k }}", str(value))
        subprocess.run([bash, "-ec", line], check=True)
    subprocess.run([bash, "-ec", combine], check=True)
    assert (here / "facts.jsonl").read_bytes() == (here / "whole.jsonl").read_bytes()


@pytest.mark.needs("distributed")
def test_the_parts_of_a_dask_cluster_are_the_whole(here):
    call = [sys.executable, EXAMPLES / "dask_cluster.py", "rules", "archive.jsonl"]
    subprocess.run([*call, "facts.jsonl", "all.jsonl", "1"], check=True)
    assert (here / "all.jsonl").read_bytes() == (here / "whole.jsonl").read_bytes()
