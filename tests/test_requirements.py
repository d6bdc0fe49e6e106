"""Published requirements are ranges, to fit beside other packages; constraints.txt pins each of them."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
VERSIONS = {
    canonicalize_name(name): version for name, _, version in (p.partition("==") for p in PINS)
}

EXTRAS = PROJECT["optional-dependencies"]
PUBLISHED = [
    requirement
    for line in [*PROJECT["dependencies"], *(line for lines in EXTRAS.values() for line in lines)]
    if (requirement := Requirement(line)).name != PROJECT["name"]
]


def is_exact(requirement):
    return any(
        specifier.operator == "===" or (specifier.operator == "==" and "*" not in specifier.version)
        for specifier in requirement.specifier
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("torch==2.13.0", True),
        ("torch===2.13.0", True),
        ("torch>=2,==2.13.0", True),
        ("torch==2.*", False),
        ("torch>=2.5,<3", False),
        ("torch", False),
    ],
)
def test_what_an_exact_pin_is(line, expected):
    assert is_exact(Requirement(line)) == expected


def test_no_published_requirement_is_pinned_exactly():
    assert [str(requirement) for requirement in PUBLISHED if is_exact(requirement)] == []


def test_every_constraint_is_a_name_and_a_version():
    assert [line for line in PINS if not re.fullmatch(r"[\w.-]+==\w[\w.]*", line)] == []
    assert len(VERSIONS) == len(PINS)


def test_every_published_requirement_admits_the_version_that_is_pinned():
    assert [
        str(requirement)
        for requirement in PUBLISHED
        if not requirement.specifier.contains(VERSIONS.get(canonicalize_name(requirement.name), ""))
    ] == []


def test_an_extra_that_names_others_names_ones_that_are_there():
    named = {
        extra
        for lines in EXTRAS.values()
        for line in lines
        if (requirement := Requirement(line)).name == PROJECT["name"]
        for extra in requirement.extras
    }
    assert named
    assert named <= EXTRAS.keys()
