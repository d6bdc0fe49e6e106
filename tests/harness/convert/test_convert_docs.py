"""The pages on other programs: every command on them is run, and says what is printed there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from factharness.convert import FORMATS
from factharness.convert.losses import NO_FORMAT

ROOT = Path(__file__).resolve().parents[3]
NEEDS = {"columns": "seqscore", "inception": "cassis", "spacy": "spacy"}
NAMES = ("label-studio", "doccano", "brat", "prodigy", "inception", "spacy", "columns")
PAGES = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in NAMES}
LIST = (ROOT / "docs" / "gold-format.md").read_text(encoding="utf-8")


def columns(text: str) -> str:
    """How wide a column is, is not the page's business."""
    return re.sub(" +", " ", text)


def pattern(printed: str) -> str:
    """`…` stands for whatever else is there: alone on a line, for any lines."""
    return re.escape(columns(printed)).replace("…\\\n", r"(?:.*\n)*").replace("…", ".*")


@pytest.mark.slow
@pytest.mark.needs(name=NEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_can_be_followed_from_top_to_bottom(name, tmp_path):
    shutil.copytree(ROOT / "goldsets" / "depeches", tmp_path / "goldsets" / "depeches")
    environment = os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONIOENCODING": "utf-8",
    }
    ran = 0
    for block in re.findall(r"^```console\n(.*?)^```$", PAGES[name], re.M | re.S):
        for command, printed in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.M):
            said = subprocess.run(
                command,
                shell=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                cwd=tmp_path,
                env=environment,
            )
            assert said.returncode == 0, f"{command}\n{said.stdout}"
            assert re.fullmatch(pattern(printed), columns(said.stdout)), f"{command}\n{said.stdout}"
            ran += 1
    assert ran == len(re.findall(r"^\$ ", PAGES[name], re.M)) >= 3


def test_every_format_has_a_page_and_a_line_in_the_list():
    for name, listed in FORMATS.items():
        assert any(re.search(rf"`{name}`|export {name} ", page) for page in PAGES.values()), name
        (line,) = re.findall(rf"^\| `{name}` \|.*\|$", LIST, re.M)
        assert line.split(" | ")[-1].removesuffix(" |") == (", ".join(listed.loses) or "–")
    for page in NAMES:
        assert f"({page}.md)" in LIST
    assert ", ".join(f"`{key}`" for key in NO_FORMAT) in " ".join(LIST.split())
