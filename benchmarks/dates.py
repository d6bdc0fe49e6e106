"""The rules beside other extractors of French dates, on the gold of this project.

    python benchmarks/dates.py [--gold GOLDSET ...] [--peers NAME ...] [--environments FOLDER]

GOLDSET is the name or folder of a gold set: `depeches`, and `wikinews` too if its texts are attached. Each
extractor is installed by pip in a virtual environment of its own, in a temporary folder, or in FOLDER, where
the next run finds it again. Its answers are stored as records, replayed and scored by the one scorer. Prints a
table in Markdown for each gold set. An extractor that cannot be installed, started or used has a line that says
so, and the exit code is then 1.

`strict` wants the span and the type of the guidelines, `normalised` forgives articles at the front. `value` is
an overlap with the right value; *value accuracy* is the share of right values among the overlaps. Speed is in
characters per second of processor time, of one warm process.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from fact_extractors.records import request
from fact_extractors.replay import build as replay
from factharness.errors import ExtractionError
from factharness.facts import GoldArticle, Prediction
from factharness.gold.sets import load_set
from factharness.resources import find
from factharness.score import Counts, evaluate

PEERS = ("rules", "heideltime", "duckling", "dateparser", "timexy")
REGIMES = ("strict", "normalised", "overlap", "value")
NOT_RUN = "not run: "
HEADER = """\
| | version | strict F1 | normalised F1 | value F1 | value accuracy | characters/s | licence |
|---|---|---|---|---|---|---|---|"""


class CannotRun(Exception):
    """An extractor could not be installed, started or used here; the message is one line."""


def python_for(name: str, environments: Path) -> str:
    """The Python that has the extractor, installed into an environment of its own unless it needs none."""
    packages = import_module(f"dates_peers.{name}").PACKAGES
    if not packages:
        return sys.executable
    place = environments / name
    python, done = place / "bin" / "python", place / "installed"
    if not done.exists():
        called([sys.executable, "-m", "venv", "--clear", str(place)])
        called([str(python), "-m", "pip", "install", "-q", *packages])
        done.touch()
    return str(python)


def called(command: Sequence[str]) -> str:
    """What a program prints. Raises CannotRun with the last line of its errors."""
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise CannotRun(said[-1])
    return done.stdout


def row(name: str, golds: Sequence[GoldArticle], environments: Path) -> str:
    """The line of the table for an extractor."""
    peer = import_module(f"dates_peers.{name}")
    with tempfile.TemporaryDirectory() as folder:
        articles, answers = Path(folder) / "articles.jsonl", Path(folder) / "answers.jsonl"
        articles.write_bytes(b"".join(request(gold.article) + b"\n" for gold in golds))
        try:
            python = python_for(name, environments)
            lines = called([python, "-m", "dates_peers.run", name, str(articles), str(answers)])
        except CannotRun as error:
            return f"| {name} | {NOT_RUN}{error} | | | | | | {peer.LICENCE} |"
        told = json.loads(lines.splitlines()[-1])
        version = f"{peer.PACKAGE} {told['version']}"
        figures = figures_of(predictions_in(answers, golds), golds)
        speed = rounded(told["characters"] / told["seconds"])
        return f"| {name} | {version} | {figures} | {speed} | {peer.LICENCE} |"


def predictions_in(answers: Path, golds: Sequence[GoldArticle]) -> list[Prediction]:
    said = replay(str(answers), kinds=["date"]).extract(gold.article for gold in golds)
    predictions = []
    for gold, outcome in zip(golds, said, strict=True):
        if isinstance(outcome, ExtractionError):
            raise outcome
        predictions.append(Prediction(gold.article.id, tuple(outcome)))
    return predictions


def figures_of(predictions: list[Prediction], golds: Sequence[GoldArticle]) -> str:
    """Four cells of the table: strict, normalised and value F1, and value accuracy."""
    result = evaluate(golds, predictions, kinds={"date"}, regimes=REGIMES)
    total = dict.fromkeys(REGIMES, Counts())
    for one in result.counts:
        if one.label == "*" and one.regime in total:
            total[one.regime] += one.counts
    figures = [total[regime].f1 or 0 for regime in ("strict", "normalised", "value")]
    figures.append(total["value"].tp / (total["overlap"].tp or 1))
    return " | ".join(f"{one:.3f}" for one in figures)


def rounded(number: float) -> str:
    """Two significant digits, as in `1 200 000`."""
    return f"{float(f'{number:.2g}'):,.0f}".replace(",", " ")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", nargs="+", default=["depeches", "wikinews"])
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=PEERS)
    parser.add_argument("--environments", type=Path)
    options = parser.parse_args()
    code = 0
    with tempfile.TemporaryDirectory() as folder:
        environments = (options.environments or Path(folder)).resolve()
        for name in options.gold:
            golds = load_set(find("goldsets", name)).articles
            if not golds:
                print(f"\n{name}: its texts are not attached; see factharness gold fetch")
                continue
            print(f"\n{name}, {len(golds)} articles\n\n{HEADER}", flush=True)
            for peer in options.peers:
                line = row(peer, golds, environments)
                print(line, flush=True)
                code |= NOT_RUN in line
    return code


if __name__ == "__main__":
    sys.exit(main())
