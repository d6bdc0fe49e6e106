"""Put the tagger and the parser of one spaCy pipeline into another, which keeps all it has.

    python extractors/training/join.py PARSED PIPELINE

PARSED is a directory with the components that `train_parser.py` makes, PIPELINE one of `train_spacy.py`.
Neither has to be trained again when the other is new.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import spacy

COMPONENTS = ("tok2vec", "morphologizer", "parser")
SOURCES = (
    {"name": "UD_French-Sequoia", "author": "Marie Candito and others", "license": "LGPL-LR"},
    {"name": "UD_French-GSD", "author": "Bruno Guillaume and others", "license": "CC BY-SA 4.0"},
)


def join(parsed: Path, pipeline: Path) -> None:
    """Write the pipeline back with the components of `parsed` behind its own, in the place of older ones."""
    giver = spacy.load(parsed)
    taker = spacy.load(pipeline, exclude=COMPONENTS)
    with warnings.catch_warnings():
        # The vectors of the two differ; these components read none.
        warnings.filterwarnings("ignore", message=r".*W113")
        for name in COMPONENTS:
            taker.add_pipe(name, source=giver)
    for features in taker.get_pipe("morphologizer").cfg["labels_morph"].values():
        # Among the strings that the pipeline knows; otherwise reading would add them for good.
        taker.vocab.morphology.add(features)
    known = taker.meta.get("sources") or []
    sources = [*known, *(source for source in SOURCES if source not in known)]
    taker.meta["sources"] = sources
    taker.meta["license"] = ", ".join(dict.fromkeys(source["license"] for source in sources))
    taker.to_disk(pipeline, exclude=["lookups"])


if __name__ == "__main__":
    join(*map(Path, sys.argv[1:3]))
