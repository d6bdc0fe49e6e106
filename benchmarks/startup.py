"""What starting costs, in processor time of new interpreters, beside libraries imported in the same way.

    python benchmarks/startup.py [ROUNDS]

- **help**: ``factharness --help`` beside ``import click`` (target: at most 1.5 times as long).
- **import**: ``import factharness`` beside an interpreter that does nothing (target: at most 20 ms more).
- **run**, **report**, **compare**: the default suite once more, every prediction from the cache; its tables
  again; two of its back ends against each other. Each beside ``import pandas``, which none of them needs
  (targets: at most 0.8 s, 0.25 s and 0.5 s). The run needs what the suite's back ends need; its first round,
  which fills the cache, is not timed.

Medians of the rounds; the two sides of each line are timed in turn, since a busy machine slows both. What
Python compiles is kept, as it is for a user.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from machine import environment

HELP = "from factharness.cli import main; main(['--help'])"
COMMAND = "from factharness.cli import main; main({arguments!r})"


def cpu(code: str) -> float:
    """Processor seconds, of user and system, that a new interpreter spends on ``code``."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True, env=environment()
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def beside(ours: str, theirs: str, rounds: int) -> tuple[float, float, float]:
    """Milliseconds of both, and the ratio: medians over the rounds. The first round of each is not counted."""
    for code in (ours, theirs):
        cpu(code)
    measured = [(1000 * cpu(ours), 1000 * cpu(theirs)) for _ in range(rounds)]
    first, second = (statistics.median(side) for side in zip(*measured, strict=True))
    return first, second, statistics.median(one / other for one, other in measured)


def commands(rounds: int) -> Iterator[tuple[str, float, float, float]]:
    """Each command with its milliseconds, those of ``import pandas``, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "out")
        arguments = {
            "run": ["run", "-q", "--force", "-o", out],
            "report": ["report", out],
            "compare": ["compare", f"{out}:rules", f"{out}:spacy"],
        }
        for name, words in arguments.items():
            yield name, *beside(COMMAND.format(arguments=words), "import pandas", rounds)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    ours, click, ratio = beside(HELP, "import click", rounds)
    print(f"help    {ours:5.0f} ms   import click  {click:5.0f} ms   ratio {ratio:.2f}")
    ours, bare, _ = beside("import factharness", "pass", rounds)
    print(f"import  {ours:5.0f} ms   bare python   {bare:5.0f} ms   {ours - bare:.0f} ms more")
    for name, ours, pandas, ratio in commands(rounds):
        print(f"{name:7} {ours:5.0f} ms   import pandas {pandas:5.0f} ms   ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
