"""The files of a new repository, as ``factharness init`` writes them; most of them lie beside this module."""

from __future__ import annotations

from pathlib import Path

from factharness.backends.scaffold import scaffold
from factharness.errors import OutputError
from factharness.files import make_folder, read_bytes, write_bytes, writing
from factharness.resources import example

BACKEND = "mine"

OWN = {
    "goldsets/exemple/2024-03-05-bureau.gold": "article.gold",
    "goldsets/exemple/set.toml": "set.toml",
    "suites/ci.toml": "suite.toml",
}
"""What is measured: the path in the repository, and the file beside this module."""

COMMON = {
    "README.md": "guide.md",
    ".gitignore": "gitignore",
    ".pre-commit-config.yaml": "pre-commit.yaml",
}
"""What many repositories have already."""

HOSTED = {
    ".github/workflows/facts.yml": "github-workflow.yml",
    ".gitlab-ci.yml": "gitlab-ci.yml",
}
"""What the hosts of repositories read; the files are the examples of the documentation."""


def write(folder: Path) -> None:
    """Write the files of a new repository into an empty folder; the baseline is not among them."""
    for path, name in (OWN | COMMON).items():
        _put(folder / path, (Path(__file__).parent / name).read_bytes())
    for path, name in HOSTED.items():
        _put(folder / path, example(name).read_bytes())
    scaffold(BACKEND, folder)


def refuse_another(folder: Path) -> None:
    """Raise ``OutputError`` when the folder has a file of the name of one that a repository is made of."""
    for path in (*OWN, f"{BACKEND}.py", f"test_{BACKEND}.py", "reports/baselines/ci.json"):
        if (folder / path).exists():
            raise OutputError(
                "exists already",
                file=folder / path,
                remedy="name a new folder: factharness init DIR",
            )


def move(whole: Path, folder: Path) -> tuple[list[Path], list[Path]]:
    """Put the files of a repository that is written in ``whole`` into ``folder``, all or none.

    Returns the files that were written, and those that were there before and are left. Raises ``OutputError``.
    """
    written: list[Path] = []
    left: list[Path] = []
    try:
        for source in sorted(path for path in whole.rglob("*") if path.is_file()):
            target = folder / source.relative_to(whole)
            if target.exists():
                left.append(target)
                continue
            _put(target, read_bytes(source))
            written.append(target)
    except OutputError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written, left


def _put(path: Path, content: bytes) -> None:
    with writing(path, "choose another folder"):
        make_folder(path.parent)
        write_bytes(path, content)
