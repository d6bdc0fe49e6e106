"""How long the command line takes to start: ``factharness --help`` against ``import click``, pair by pair.

    python benchmarks/startup.py [PAIRS]

Prints the median of each in milliseconds of processor time, and the median ratio. Target: at most 1.5.
"""

import resource
import statistics
import subprocess
import sys

HELP = "from factharness.cli import main; main(['--help'])"


def cpu(code: str) -> float:
    """Processor seconds, of user and system, that a new interpreter spends on ``code``."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    for code in ("import click", HELP):
        cpu(code)  # warm the disk cache
    measured = [(cpu(HELP), cpu("import click")) for _ in range(pairs)]
    ours, floor = (statistics.median(side) * 1000 for side in zip(*measured, strict=True))
    ratio = statistics.median(one / other for one, other in measured)
    print(f"factharness --help {ours:.0f} ms, import click {floor:.0f} ms, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
