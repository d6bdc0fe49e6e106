import contextlib
import gzip
import io
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from factharness.cli import main
from factharness.text import sha256

TESTS = Path(__file__).resolve().parents[2]
LOCAL = TESTS / "harness" / "local_backends.py"
COMMAND = [sys.executable, "-c", "from factharness.cli import main; main()"]


class Shell:
    """Runs the command line in a folder of its own, with a cache of its own.

    In this process, since a new one costs more than most commands; ``command`` and ``environment`` are for
    the tests that need one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {"XDG_CACHE_HOME": str(folder / ".cache")}

    def __call__(self, *args):
        out, err = io.StringIO(), io.StringIO()
        code = 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main([str(arg) for arg in args])
            except SystemExit as stop:
                code = stop.code
        return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())

    def command(self, *args):
        """The same as the arguments of a new process."""
        return [*COMMAND, *map(str, args)]

    def lines(self, run, backend="capitals"):
        """What a back end did in a run, a line per article, without what differs from one run to the next."""
        with gzip.open(self.folder / run / "backends" / f"{backend}.jsonl.gz") as file:
            lines = [json.loads(line) for line in file]
        return [{k: v for k, v in line.items() if k not in ("seconds", "cached")} for line in lines]

    def same(self, one, other, backend="capitals"):
        """Whether two runs have the same scores, counts, matches and answers."""
        tables = [(self.folder / run / "scores.csv").read_bytes() for run in (one, other)]
        gold = [(self.folder / run / "gold.jsonl.gz").read_bytes() for run in (one, other)]
        return (
            self.lines(one, backend) == self.lines(other, backend)
            and tables[0] == tables[1]
            and gold[0] == gold[1]
        )

    def suite(self, name="mine", backends='[[backend]]\nuse = "capitals"\n', more="", goldset=None):
        """Write a suite over the small gold set; ``use = "capitals"`` is the tests' own back end."""
        goldset = goldset or TESTS / "data" / "goldsets" / "mini"
        backends = backends.replace(
            'use = "capitals"', f'use = "file:{LOCAL}:build"\nname = "capitals"'
        )
        path = self.folder / f"{name}.toml"
        path.write_text(
            f'[suite]\ngoldsets = ["{goldset}"]\nslices = ["rubrique"]\n{backends}{more}',
            encoding="utf-8",
        )
        return path


GOLD = """gold      = 1
id        = "{id}"
lang      = "{lang}"
published = 2024-03-05
labels    = {{ scheme = "fr-news-1", status = "draft", prelabel = "{prelabel}" }}
text      = "full"
sha256    = "{sha256}"
+++

> {text}
{facts}"""


@pytest.fixture
def gold(tmp_path):
    """Writes a gold file of one paragraph into the folder ``gold.folder``, over one that is there."""
    folder = tmp_path / "gold"

    def write(name, text, *facts, lang="fr", prelabel="none"):
        folder.mkdir(exist_ok=True)
        lines = "".join(f"  {fact}\n" for fact in facts)
        source = GOLD.format(
            id=name, lang=lang, prelabel=prelabel, sha256=sha256(text), text=text, facts=lines
        )
        (folder / f"{name}.gold").write_text(source, encoding="utf-8")

    write.folder = folder
    return write


@pytest.fixture
def shell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    return Shell(tmp_path)
