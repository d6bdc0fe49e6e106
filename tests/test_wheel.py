"""The wheel holds every file of the two packages, not only Python, and nothing else of the tree; the package
index would take it, and the archive of the source, as they are."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("harness", "extractors")
PACKAGES = ("factharness", "fact_extractors")

pytestmark = [pytest.mark.slow, pytest.mark.needs("build", "hatchling")]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with the archive of the source, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    (file,) = built.glob("*.whl")
    return set(zipfile.ZipFile(file).namelist())


@pytest.mark.needs("twine", "check_wheel_contents")
def test_the_package_index_would_take_them(built):
    files = sorted(map(str, built.iterdir()))
    assert len(files) == 2
    checks = (
        ["twine", "check", "--strict", *files],
        ["check_wheel_contents", "--config", str(ROOT / "pyproject.toml"), str(built)],
    )
    for check in checks:
        done = subprocess.run([sys.executable, "-m", *check], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.needs("twine")
def test_a_page_that_the_index_cannot_show_is_found(built, tmp_path):
    (file,) = built.glob("*.whl")
    broken = tmp_path / file.name
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(broken, "w") as copy:
        for name in whole.namelist():
            if name.endswith(".dist-info/METADATA"):
                text = whole.read(name).decode().replace("text/markdown", "text/x-rst")
                copy.writestr(name, text)
    done = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", str(broken)], capture_output=True
    )
    assert done.returncode == 1


def test_every_file_of_the_packages_is_in_it(wheel):
    files = {
        path.relative_to(ROOT / source).as_posix()
        for source, package in zip(SOURCES, PACKAGES, strict=True)
        for path in (ROOT / source / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "factharness/web/elements.css" in files
    assert "factharness/report/html/page.html" in files
    assert files - wheel == set()


def test_nothing_else_is_in_it_but_the_data(wheel):
    places = {tuple(name.split("/")[:2]) for name in wheel}
    assert {place[0] for place in places if not place[0].endswith(".dist-info")} == set(PACKAGES)
    data = {name for name in wheel if name.startswith("factharness/data/")}
    assert all(name.split("/")[2] in ("goldsets", "suites", "examples") for name in data)
