"""Read articles with one date extractor, and time it.

    python -m dates_peers.run NAME ARTICLES PREDICTIONS

ARTICLES and PREDICTIONS are JSON records, one per line, as the back end `replay` reads them. All articles are
read twice or more: the first reading is written down and warms the extractor, the others are timed. Prints one
line of JSON: the version of the extractor, the characters, and the seconds of processor time that the fastest
reading took, those of programs that it started included. An article that the extractor fails on ends the run.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

ENOUGH = 2.0
"""Seconds of timed reading after which no round is added; the fastest round counts."""


def seconds() -> float:
    """Processor time so far, of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


def main(name: str, articles: Path, predictions: Path) -> None:
    peer = import_module(f"dates_peers.{name}")
    read = peer.reader()
    with articles.open(encoding="utf-8") as stored:
        lines = [json.loads(line) for line in stored]
    with predictions.open("w", encoding="utf-8") as out:
        for line in lines:
            facts = read(line["text"], line["published"][:10])
            print(json.dumps({"id": line["id"], "facts": facts}), file=out)
    rounds: list[float] = []
    while sum(rounds) < ENOUGH:
        start = seconds()
        for line in lines:
            read(line["text"], line["published"][:10])
        rounds.append(seconds() - start)
    told = {
        "version": version(peer.PACKAGE),
        "characters": sum(len(line["text"]) for line in lines),
        "seconds": min(rounds),
    }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
