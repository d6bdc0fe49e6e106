"""Reads the data files of the variants, which come with the package."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Gender = Literal["women", "men"]

_GENDERS: Mapping[str, Gender] = {"f": "women", "m": "men"}


@cache
def document(name: str) -> dict[str, Any]:
    """``data/<name>.toml``."""
    return tomllib.loads(_read("factharness.variants", f"{name}.toml"))


@cache
def given_names() -> Mapping[str, Gender]:
    """The given names that mostly women or mostly men have; other names, also those of both, are not in it.

    The names of ``data/names.toml``, and those of the rules' lexicon.
    """
    known: dict[str, Gender] = {}
    for line in _read("fact_extractors.rules", "given_names.tsv").splitlines():
        name, _, gender = line.partition("\t")
        if gender in _GENDERS:
            known[name] = _GENDERS[gender]
    for names in document("names").values():
        for gender in _GENDERS.values():
            for name in names[gender]:
                known.setdefault(name, gender)
    return known


def _read(package: str, name: str) -> str:
    return files(package).joinpath("data", name).read_text(encoding="utf-8")
