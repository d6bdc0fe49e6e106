"""Compiled templates are kept beside the modules as Python keeps these, and never used for another template."""

import sys

import pytest
from jinja2 import DictLoader, Environment

from factharness.report.html import page


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the module lies in this test, and with it what is compiled of it."""
    monkeypatch.setattr(page, "__file__", str(tmp_path / "page.py"))
    monkeypatch.setattr(sys, "pycache_prefix", None)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


def render(template, compiled):
    environment = Environment(
        loader=DictLoader({"one.html": template}), bytecode_cache=page.Compiled(), **page.OPTIONS
    )
    compile_ = environment.compile
    environment.compile = lambda *given, **named: compiled.append(1) or compile_(*given, **named)
    return environment.get_template("one.html").render(x="<")


def test_a_template_is_compiled_once(folder):
    compiled = []
    assert [render("a{{ x }}", compiled) for _ in range(2)] == ["a&lt;", "a&lt;"]
    assert len(compiled) == 1
    assert [path.name[:9] for path in (folder / "__pycache__").iterdir()] == ["one.html."]


@pytest.mark.parametrize("what", ["template", "options", "damaged"])
def test_it_is_compiled_again_when_anything_is_other(folder, monkeypatch, what):
    compiled = []
    render("a{{ x }}", compiled)
    if what == "options":
        monkeypatch.setattr(page, "OPTIONS", {**page.OPTIONS, "autoescape": False})
    elif what == "damaged":
        (path,) = (folder / "__pycache__").iterdir()
        path.write_bytes(path.read_bytes()[:-20])
    template = "b{{ x }}" if what == "template" else "a{{ x }}"
    expected = {"template": "b&lt;", "options": "a<", "damaged": "a&lt;"}[what]
    assert render(template, compiled) == expected
    assert len(compiled) == 2


def test_nothing_is_written_where_python_writes_nothing(folder, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert render("a{{ x }}", []) == "a&lt;"
    assert not (folder / "__pycache__").exists()


def test_nothing_goes_wrong_where_nothing_can_be_written(folder):
    (folder / "__pycache__").write_text("a file")
    assert [render("a{{ x }}", []) for _ in range(2)] == ["a&lt;", "a&lt;"]
