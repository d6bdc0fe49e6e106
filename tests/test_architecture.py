"""docs/architecture.md names modules, folders and functions that exist, and every room."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ROOT / "harness" / "factharness"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`([\w/]+(?:\.py(?:::\w+)?|/))`", PAGE)))


def located(path):
    """The file or folder that a path of the page stands for: of the engine, else of the repository."""
    return next((root / path for root in (ENGINE, ROOT) if (root / path).exists()), None)


def defined(module):
    """The names that a module defines at its top level."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


@pytest.mark.parametrize("named", PATHS)
def test_what_is_named_exists(named):
    path, _, name = named.partition("::")
    module = located(path)
    assert module is not None
    assert not name or name in defined(module)


def test_every_room_is_on_the_page():
    table = PAGE.partition("## The rooms")[2].partition("## The way")[0].partition("| room |")[2]
    rooms = {f"{package.parent.name}/" for package in ENGINE.glob("*/__init__.py")}
    modules = {module.name for module in ENGINE.glob("[!_]*.py")}
    picture = PAGE.partition("```\n")[2].partition("```")[0]
    assert rooms <= set(re.findall(r"`(\w+/)`", table))
    assert modules <= set(re.findall(r"[\w.]+", picture))


def test_the_page_names_many_places():
    assert len([path for path in PATHS if "::" in path]) > 20
