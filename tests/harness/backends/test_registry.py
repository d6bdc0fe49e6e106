import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from factharness.backends import registry
from factharness.backends.registry import BUILT_IN, build, factory, identity, listing, targets
from factharness.errors import BackendError, BackendUnavailable

ROOT = Path(__file__).resolve().parents[3]

LOCAL = """
class Silent:
    kinds = frozenset({"entity"})
    label_scheme = "fr-news-1"
    def __init__(self, word="x"): self.word = word
    def fingerprint(self): return {"word": self.word}
    def extract(self, articles): return ([] for _ in articles)
build = Silent
def broken(): raise OSError("no such model")
def leaving(): raise SystemExit(0)
def refusing():
    from factharness.errors import GoldError
    raise GoldError("no such gold")
class Vague(Silent): kinds = frozenset({"entities"})
def unfit(): return object()
class Late(Silent):
    @property
    def kinds(self): raise OSError("no such kind")
TEXT = "no factory"
"""


@pytest.fixture
def local(tmp_path):
    (tmp_path / "mine.py").write_text(LOCAL, encoding="utf-8")
    return tmp_path


def test_the_static_table_and_the_entry_points_say_the_same():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["factharness.extractors"] == dict(BUILT_IN)


def test_all_built_in_back_ends_are_registered():
    assert set(BUILT_IN) <= set(targets())


def test_a_local_file_is_a_back_end(local):
    extractor = build("file:mine.py:build", {"word": "y"}, folder=local)
    assert extractor.fingerprint() == {"word": "y"}


def test_a_local_file_changed_at_once_is_read_anew(local, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = local / "mine.py"
    build("file:mine.py:build", {}, folder=local)
    before = file.stat()
    file.write_text(LOCAL.replace('"word"', '"wort"'), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert build("file:mine.py:build", {}, folder=local).fingerprint() == {"wort": "x"}


def test_errors_of_a_local_file_name_it_from_the_working_directory(local, monkeypatch):
    (local / "suites").mkdir()
    (local / "mine.py").write_text("def build():\n    raise ValueError('no')\n", encoding="utf-8")
    for here, place in ((local, "mine.py"), (local / "suites", str(local / "mine.py"))):
        monkeypatch.chdir(here)
        with pytest.raises(BackendError) as caught:
            build("file:../mine.py:build", {}, folder=local / "suites")
        assert str(caught.value).endswith(f"ValueError: no (at {place}:2)")


def test_predictions_of_a_local_file_are_found_by_its_code_and_options_too(local):
    def known_by(factory="Same", **options):
        use = f"file:mine.py:{factory}"
        return identity(build(use, options, folder=local), use, options, folder=local)

    same = "class Same(Silent):\n    def fingerprint(self): return {'version': '1'}\nOther = Same\n"
    file = local / "mine.py"
    file.write_text(LOCAL + same, encoding="utf-8")
    first = known_by(word="y")
    assert first.keys() == {"version", "file:code", "file:options", "file:factory"}
    assert known_by(word="y") == first
    changed = known_by(word="z")
    assert {name for name in first if first[name] != changed[name]} == {"file:options"}
    changed = known_by("Other", word="y")
    assert {name for name in first if first[name] != changed[name]} == {"file:factory"}
    file.write_text(LOCAL + same + "# another\n", encoding="utf-8")
    changed = known_by(word="y")
    assert {name for name in first if first[name] != changed[name]} == {"file:code"}


def test_predictions_of_a_registered_back_end_are_found_by_its_fingerprint():
    extractor = build("rules", {"kinds": ["date"]})
    assert identity(extractor, "rules", {"kinds": ["date"]}) == extractor.fingerprint()


def test_the_module_of_a_local_file_can_be_looked_up(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.py").write_text(
            "from __future__ import annotations\nfrom dataclasses import dataclass\n"
            f"@dataclass\nclass Options:\n    name: str = {name!r}\n{LOCAL}"
        )
    one, two = (build("file:mine.py:build", {}, folder=tmp_path / n) for n in ("one", "two"))
    files = [sys.modules[type(made).__module__].__file__ for made in (one, two)]
    assert files == [str(tmp_path / "one" / "mine.py"), str(tmp_path / "two" / "mine.py")]


def test_a_local_file_that_fails_leaves_no_module(tmp_path):
    (tmp_path / "half.py").write_text("raise OSError('gone')\n")
    before = set(sys.modules)
    with pytest.raises(BackendError, match="gone"):
        factory("file:half.py:build", folder=tmp_path)
    assert not [name for name in set(sys.modules) - before if "half" in name]


@pytest.mark.parametrize(
    ("use", "options", "said"),
    [
        ("file:mine.py:buidl", {}, "AttributeError: nothing in it is called 'buidl'"),
        ("file:none.py:build", {}, "no such Python file"),
        ("file:mine.py", {}, "names no factory"),
        ("file:mine.py:build", {"wrod": 1}, "unexpected keyword argument 'wrod'"),
        ("file:mine.py:broken", {}, "OSError: no such model"),
        ("file:mine.py:unfit", {}, "is not an extractor"),
        ("file:mine.py:leaving", {}, "it tried to end the program with exit code 0"),
        ("file:mine.py:refusing", {}, "no such gold"),
        ("file:mine.py:Vague", {}, "unknown kind 'entities'; did you mean 'entity'?"),
        ("file:mine.py:Late", {}, "OSError: no such kind"),
        ("file:mine.py:TEXT", {}, "TEXT is not a function that makes a back end"),
        ("ruels", {}, "did you mean 'rules'?"),
    ],
)
def test_what_cannot_be_built_is_a_back_end_error(local, use, options, said):
    with pytest.raises(BackendError) as caught:
        build(use, options, folder=local)
    assert said in str(caught.value)


def test_a_plug_in_that_fails_to_import_is_listed_and_breaks_nothing(monkeypatch):
    monkeypatch.setitem(BUILT_IN, "broken", "fact_extractors.there_is_no_such:build")
    problems = {row.name: row.problem for row in listing()}
    assert "No module named" in problems["broken"]
    assert problems["rules"] is None


@pytest.mark.parametrize(
    "code",
    [
        "REQUIRES = ('no_such_library.part',)\ndef build(): ...\n",
        "REQUIRES = 1\ndef build(): ...\n",
        "build = 'no factory'\n",
        "raise SystemExit(0)\n",
        "class Panic(BaseException): ...\nraise Panic\n",
    ],
)
def test_a_plug_in_whose_module_is_odd_is_listed_and_breaks_nothing(monkeypatch, tmp_path, code):
    (tmp_path / "odd_plug_in.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "odd_plug_in", raising=False)
    monkeypatch.setitem(BUILT_IN, "odd", "odd_plug_in:build")
    problems = {row.name: row.problem for row in listing()}
    assert problems["odd"]
    assert problems["rules"] is None


def test_a_missing_library_is_said_with_the_install_command(monkeypatch, tmp_path):
    (tmp_path / "needy.py").write_text("REQUIRES = ('no_such_library',)\ndef build(): ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(BUILT_IN, "needy", "needy:build")
    with pytest.raises(BackendUnavailable, match=r"pip install 'factharness\[needy\]'"):
        factory("needy")


def test_a_plug_in_requires_for_itself_and_has_no_extra(monkeypatch, tmp_path):
    (tmp_path / "wanting.py").write_text(
        "from local_backends import build\nREQUIRES = ('no_such_library',)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(registry, "_plugged_in", lambda: {"wanting": "wanting:build"})
    with pytest.raises(BackendUnavailable, match="pip install no_such_library"):
        factory("wanting")


def test_help_loads_no_heavy_library():
    heavy = ("spacy", "stanza", "torch", "pandas", "numpy", "scipy", "jinja2", "rich")
    code = (
        "import sys\nfrom factharness.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "[]"


def test_a_path_that_is_no_unicode_names_no_file():
    with pytest.raises(BackendError, match="no such Python file"):
        factory("file:\udcff.py:build")
