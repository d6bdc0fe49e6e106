"""The layers of the design: an import never goes up, and only cli prints or exits."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ROOT / "harness" / "factharness"
BACKENDS = ROOT / "extractors" / "fact_extractors"

# From the bottom up; what stands together may import each other.
LAYERS = [
    {"errors", "escape", "facts", "files", "text", "labels", "names"},
    {"extractor", "signature", "resources"},
    {"gold"},
    {"score"},
    {"agreement", "convert"},
    {"backends"},
    {"runs", "corpus"},
    {"gate", "report", "testing"},
    {"progress"},
    {"api"},
    {"__init__"},
    {"cli", "__main__", "pytest_plugin"},
]
HEIGHT = {name: height for height, layer in enumerate(LAYERS) for name in layer}
MODULES = sorted(ENGINE.rglob("*.py"))


def imports(path, package="factharness"):
    """The first names below ``package`` that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.split(".")[0] == package
        ):
            parts = node.module.split(".")[1:]
            yield from parts[:1] or [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == package:
                    yield from alias.name.split(".")[1:2]


def layer(path):
    return path.relative_to(ENGINE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_an_import_never_goes_up(path):
    here = HEIGHT[layer(path)]
    higher = {name for name in imports(path) if name in HEIGHT and HEIGHT[name] > here}
    assert not higher


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_only_the_command_line_prints_or_exits(path):
    if layer(path) in ("cli", "pytest_plugin"):
        return
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    assert calls.isdisjoint({"print", "sys.exit", "exit", "click.echo"})


@pytest.mark.parametrize(
    "path", sorted(BACKENDS.rglob("*.py")), ids=lambda path: str(path.relative_to(BACKENDS))
)
def test_back_ends_know_five_modules_of_the_engine(path):
    assert set(imports(path)) <= {"facts", "text", "extractor", "labels", "errors"}
