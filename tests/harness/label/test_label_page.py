"""The page's files: all of them are used, no name is declared twice, nothing is asked for elsewhere."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from factharness.label import page
from factharness.label.examples import examples
from factharness.resources import web

FOLDER = Path(page.__file__).parent
DECLARED = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


def sources():
    yield from ((name, web(name)) for name in page.SHARED_SCRIPTS)
    for name in (*page.KEY_SCRIPTS, *page.SCRIPTS):
        yield name, (FOLDER / name).read_text(encoding="utf-8")


def test_every_file_is_in_the_page():
    named = {*page.KEY_SCRIPTS, *page.SCRIPTS, *page.STYLES, "page.html", "icon.svg", "__init__.py"}
    assert {path.name for path in FOLDER.iterdir() if path.is_file()} == named


def test_no_name_is_declared_twice():
    """All scripts are one function's: the second declaration would hide the first, or be an error."""
    declared = [(name, file) for file, source in sources() for name in DECLARED.findall(source)]
    names = [name for name, _ in declared]
    assert {one for one in declared if names.count(one[0]) > 1} == set()


def test_the_page_asks_for_nothing_elsewhere():
    whole = page.html() + page.style() + page.script() + page.icon()
    addresses = set(re.findall(r"https?://[^\s\"'`)]+", whole))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert "style=" not in page.html()
    assert re.findall(r"<script(?! src)", page.html()) == []


def test_the_script_is_well_formed(tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node")
    file = tmp_path / "page.js"
    file.write_text(page.script(), encoding="utf-8")
    subprocess.run([node, "--check", str(file)], check=True)


def test_every_label_has_examples_with_their_places():
    labels = {"PER", "ORG", "LOC", "MISC", "DATE", "TIME", "DURATION", "SET"}
    assert examples().keys() == labels | {"direct", "mixed", "indirect"}
    for label, shown in examples().items():
        assert 2 <= len(shown.examples) <= 4
        for example in shown.examples:
            assert example.marked or example.says, (label, example.text)
            for span in example.marked:
                words = span.of(example.text)
                assert words == words.strip() != ""
