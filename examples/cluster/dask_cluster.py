"""Extracts with a Dask cluster that this script starts, then makes one file of the parts.

    python examples/cluster/dask_cluster.py rules archive.jsonl facts.jsonl all.jsonl [WORKERS]

In place of `LocalCluster`, take the class of your cluster, such as `dask_jobqueue.SLURMCluster`: it has the
same `scheduler_address`. The same command goes on after an interruption.
"""

import subprocess
import sys

from distributed import LocalCluster


def main(backend: str, source: str, folder: str, joined: str, workers: str = "2") -> None:
    """Extract from ``source`` into the parts of ``folder``, then join them. Raises ``CalledProcessError``."""
    factharness = [sys.executable, "-m", "factharness"]
    with LocalCluster(
        n_workers=int(workers), threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        place = f"dask:{cluster.scheduler_address}"
        command = ["extract", backend, source, "-o", folder, "--executor", place]
        subprocess.run([*factharness, *command], check=True)
    subprocess.run([*factharness, "combine", folder, "-o", joined], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
