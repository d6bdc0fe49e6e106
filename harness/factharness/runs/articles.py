"""Finds an article that the user names: by a gold file, a text file, or its id in a gold set."""

from __future__ import annotations

from pathlib import Path

from factharness.errors import SuiteError, unknown
from factharness.facts import Article
from factharness.files import listed, read_text
from factharness.gold.sets import load_file
from factharness.resources import find, names
from factharness.text import normalise


def find_article(where: str) -> Article:
    """The article that ``where`` names. Raises ``HarnessError`` when there is none.

    A text file is normalised as a gold file would be; it has no date of publication.
    """
    path = Path(where)
    if path.is_file():
        if path.suffix == ".gold":
            return load_file(path).article
        return Article(path.stem, normalise(read_text(path)))
    known: set[str] = set()
    for goldset in names("goldsets"):
        folder = find("goldsets", goldset)
        if (folder / f"{where}.gold").is_file():
            return load_file(folder / f"{where}.gold").article
        known |= {file.stem for file in listed(folder, ".gold")}
    message, remedy = unknown("article", where, known)
    raise SuiteError(message, remedy=f"{remedy}; a file is fine, too")
