"""`docs/extending.md`: every command in it is run, and says what is printed there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PLUGIN = ROOT / "tests" / "data" / "plugin"
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.M | re.S)


def columns(text):
    """How wide a column is, is not the page's business."""
    return re.sub(" +", " ", text)


def pattern(printed):
    """`…` stands for whatever else is there: alone on a line, for any lines."""
    return re.escape(columns(printed)).replace("…\\\n", r"(?:.*\n)*").replace("…", ".*")


def test_the_plug_in_on_the_page_is_the_one_the_tests_use():
    for name in ("pyproject.toml", "factharness_years.py"):
        file = f"# factharness-years/{name}\n" + (PLUGIN / name).read_text(encoding="utf-8")
        assert any(block == file for _, block in BLOCKS), name


@pytest.mark.slow
def test_the_page_can_be_followed_from_top_to_bottom(tmp_path):
    """With `pip` told to install into a folder, without what the test machine has already."""
    site = tmp_path / "site"
    environment = os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PYTHONPATH": str(site),
        "PIP_TARGET": str(site),
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads this one the other way round
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    work = tmp_path / "work"
    work.mkdir()
    ran = 0
    for language, block in BLOCKS:
        if language != "console":
            title = re.match(r"# (\S+)\n", block)
            assert title, block
            (work / title[1]).parent.mkdir(exist_ok=True)
            (work / title[1]).write_text(block, encoding="utf-8")
            continue
        for command, printed in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.M):
            said = subprocess.run(
                command, shell=True, capture_output=True, text=True, cwd=work, env=environment
            )
            assert said.returncode == 0, f"{command}\n{said.stdout}\n{said.stderr}"
            assert re.fullmatch(pattern(printed), columns(said.stdout)), f"{command}\n{said.stdout}"
            ran += 1
    assert ran == len(re.findall(r"^\$ ", PAGE, re.M)) > 8


@pytest.mark.slow
def test_the_plug_in_keeps_the_contract_once_it_is_installed(tmp_path):
    source = shutil.copytree(PLUGIN, tmp_path / "source")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"),
            *("--no-deps", "--no-build-isolation", "--no-index"),
            *("--target", tmp_path / "site", source),
        ],
        check=True,
    )
    code = (
        "from factharness.backends.registry import build, factory\n"
        "from factharness.testing import check_extractor\n"
        "check_extractor(factory('years'))\n"
        "check_extractor(factory('years'), first=2000)\n"
        "print(build('years', {'last': 1999}).fingerprint())\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
    )
    assert "'range': '1900-1999'" in said.stdout, said.stderr
