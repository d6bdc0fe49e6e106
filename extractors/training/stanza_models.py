"""What the trainings of Stanza models share: the files that Stanza loads, and steadier weights."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from corpus import LABELS

PACKAGE = "news"


class Average:
    """An exponential average of a model's weights; steadier on few data than the last weights."""

    def __init__(self, model: torch.nn.Module, decay: float = 0.998) -> None:
        self.model, self.decay, self.updates = model, decay, 0
        self.mean = {k: v.detach().clone() for k, v in model.state_dict().items()}

    def update(self) -> None:
        """Take in the present weights; early ones count less, as they are far off."""
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                self.mean[name].lerp_(value, 1 - decay)

    def swap(self) -> None:
        """Exchange the model's weights and the average."""
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                value_now = value.clone()
                value.copy_(self.mean[name])
                self.mean[name] = value_now


def save_half(state: dict[str, Any], out: Path) -> None:
    """Write what Stanza loads (`model`, `vocab`, `config` …), the weights in 16 bits.

    Half the size; the predictions are the same.
    """
    weights = {k: v.half() if v.is_floating_point() else v for k, v in state["model"].items()}
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({**state, "model": weights}, out, _use_new_zipfile_serialization=False)


def model_file(out: Path, processor: str) -> Path:
    """Where Stanza looks for the model of a processor in the model directory `out`."""
    return out / "fr" / processor / f"{PACKAGE}.pt"


def write_resources(out: Path, processors: Iterable[str]) -> None:
    """The `resources.json` by which Stanza finds these processors, and those that `out` already has.

    The labels are for the back end, so that it need not load the tagger to know them. Stanza's parser asks for
    lemmas of some kind: `identity` gives it the words themselves.
    """
    there = {path.parent.name for path in out.glob(f"fr/*/{PACKAGE}.pt")} | {*processors}
    models = {name: PACKAGE for name in ("tokenize", "ner", "pos", "depparse") if name in there}
    package = models | ({"lemma": "identity"} if "depparse" in models else {})
    resources: dict[str, Any] = {
        "fr": {
            "lang_name": "French",
            **{processor: {package: {}} for processor, package in models.items()},
            "packages": {"default": package},
        }
    }
    if "ner" in models:
        resources["fr"]["ner"][PACKAGE]["labels"] = sorted(LABELS)
    out.mkdir(parents=True, exist_ok=True)
    (out / "resources.json").write_text(json.dumps(resources, indent=1) + "\n", encoding="utf-8")
