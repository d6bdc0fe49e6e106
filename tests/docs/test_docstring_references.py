"""What a docstring refers to (``:func:`…```) exists: a module, a name in one, or a member of a class."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (ROOT / "harness", ROOT / "extractors")
MODULES = {
    ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__"): path
    for source in SOURCES
    for package in ("factharness", "fact_extractors")
    for path in source.glob(f"{package}/**/*.py")
}
REFERENCE = re.compile(r":(?:func|class|mod|data|meth|attr):`~?([\w.]+)`")


def defined(body):
    """The names that statements define, those of classes also with their members: ``Span``, ``Span.of``."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            yield node.name
            yield from (f"{node.name}.{name}" for name in defined(node.body))
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    yield from (f"{node.name}.{name}" for name in attributes(method))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.If | ast.Try):
            yield from defined(node.body)


def attributes(method):
    """The attributes that a method sets on its object."""
    for node in ast.walk(method):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


@cache
def names(module):
    return frozenset(defined(ast.parse(MODULES[module].read_text(encoding="utf-8")).body))


def exists(reference, module):
    """Whether a reference in a module leads somewhere; a dot before it stands for the package of the module."""
    if reference.startswith("."):
        package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
        reference = package + reference
    known = names(module)
    if reference in MODULES or reference in known:
        return True
    if any(name.endswith(f".{reference}") for name in known):  # a member of a class of the module
        return True
    parts = reference.split(".")
    for end in range(len(parts) - 1, 0, -1):
        if ".".join(parts[:end]) in MODULES:
            return ".".join(parts[end:]) in names(".".join(parts[:end]))
    return False


@pytest.mark.parametrize("module", MODULES)
def test_every_reference_leads_somewhere(module):
    source = MODULES[module].read_text(encoding="utf-8")
    assert [one for one in REFERENCE.findall(source) if not exists(one, module)] == []


def test_a_reference_to_nothing_is_found():
    module = "factharness.score.spans"
    assert not exists("nothing", module)
    assert not exists("factharness.score.nothing", module)
    assert not exists("factharness.nothing.of", module)
    assert not exists("factharness.facts.Span.nothing", module)
    assert not exists(".words.lower", "fact_extractors.rules.verbs")
    assert exists("factharness.facts.Span.of", module)
    assert exists("factharness.score.trim.trimmed", module)
