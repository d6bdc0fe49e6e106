"""What changes the facts of a model changes its fingerprint: old predictions must not come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fact_extractors.pipelines import reading
from factharness.backends.registry import build


def options(name: str, folder: Path) -> dict[str, Any]:
    if name in ("spacy", "stanza"):
        return {}
    import tiny_models

    made = {"transformers": tiny_models.random_model, "gliner": tiny_models.gliner_model}[name]
    return {"model": made(folder)}


@pytest.mark.parametrize("name", ["spacy", "stanza", "transformers", "gliner"])
def test_it_follows_label_maps_folding_and_the_libraries_of_dates(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    pytest.importorskip(name)
    made = build(name, options(name, tmp_path))
    before = made.fingerprint()
    monkeypatch.setattr(reading.label_maps, "__file__", __file__)
    monkeypatch.setattr(reading.folding, "__file__", __file__)
    monkeypatch.setattr(reading, "version", lambda library: f"{library} anew")
    after = made.fingerprint()
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"babel", "folding", "holidays", "label_maps"}
