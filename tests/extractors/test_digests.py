"""A digest follows the names and contents of files, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fact_extractors.digests import digest

TREES = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["x.bin", "y.bin", "z"])),
    st.binary(max_size=3),
    max_size=5,
)


def planted(folder: Path, tree: dict[tuple[str, str], bytes]) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for (inner, name), content in tree.items():
        (folder / inner).mkdir(exist_ok=True)
        (folder / inner / name).write_bytes(content)
    return folder


@given(one=TREES, two=TREES)
def test_folders_have_one_digest_when_they_hold_the_same(
    tmp_path_factory: pytest.TempPathFactory, one: dict, two: dict
) -> None:
    place = tmp_path_factory.mktemp("trees")
    same = digest([planted(place / "one", one)]) == digest([planted(place / "two", two)])
    assert same == (one == two)


def test_linked_folders_are_followed_and_circles_are_left(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "weights").write_bytes(b"1")
    model = tmp_path / "model"
    model.mkdir()
    try:
        (model / "ner").symlink_to(elsewhere)
        (elsewhere / "back").symlink_to(model)
    except OSError:
        pytest.skip("links cannot be made here")
    before = digest([model])
    (elsewhere / "weights").write_bytes(b"2")
    assert digest([model]) != before
