"""What is done to a page before Sphinx reads it, so that one file serves both GitHub and the site.

A page that lists other pages makes the menu of the site. It has the comment ``<!-- contents -->``. Each item
of its lists that begins with a link to a page (``- [Suites](suites.md): what a suite says``) becomes an entry
of the menu, under the heading that it stands under. On the first page, whose items have their link on a line
of its own, the colon behind it is left out.

A link to a file outside of ``docs/`` becomes a download. One to a page there, which the site does not have,
leads to the repository.
"""

from __future__ import annotations

import re
from importlib.metadata import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MARK = "<!-- contents -->"
_LINE = re.compile(
    r"^(?:##\s+(?P<heading>.+)|- \[[^\]]+\]\((?P<page>(?!\.\./)[^)#:]+)\.md\).*)$", re.MULTILINE
)
_COLON = re.compile(r"^(- \[[^\]]+\]\([^)]+\)):", re.MULTILINE)
_OUTSIDE = re.compile(r"\]\((?=\.\./(?!decisions/)[^)#]+\))")
_PAGE_OUTSIDE = re.compile(r"\]\(\.\./(?!decisions/)([^)]+\.md)\)")


def listed(text: str) -> dict[str, list[str]]:
    """The pages that a page lists, without their suffix, by the heading of the second level they stand under.

    Pages before the first heading have the heading ``""``. A page without the comment lists nothing.
    """
    parts: dict[str, list[str]] = {}
    heading = ""
    for line in _LINE.finditer(text if MARK in text else ""):
        if line["heading"]:
            heading = line["heading"].strip()
        else:
            parts.setdefault(heading, []).append(line["page"])
    return parts


def repository() -> str:
    """The address of the repository, as the project states it."""
    stated = metadata("factharness").get_all("Project-URL") or []
    return next(
        url for name, _, url in (one.partition(", ") for one in stated) if name == "Repository"
    )


def toctrees(parts: dict[str, list[str]]) -> str:
    """Hidden tables of contents in MyST's Markdown, one for each heading."""
    blocks = []
    for heading, pages in parts.items():
        caption = [f":caption: {heading}"] if heading else []
        blocks.append("\n".join(["```{toctree}", ":hidden:", *caption, "", *pages, "```"]))
    return "\n\n".join(blocks)


def prepared(page: str, text: str) -> str:
    """The text of a page, named without its suffix, as Sphinx is to read it."""
    if "/" not in page:
        text = _PAGE_OUTSIDE.sub(rf"]({repository()}/blob/main/\1)", text)
        text = _OUTSIDE.sub("](path:", text)
    parts = listed(text)
    if page == "index":
        text = _COLON.sub(r"\1", text)
    return f"{text}\n\n{toctrees(parts)}\n" if parts else text


def setup(app: Sphinx) -> dict[str, bool]:
    """Prepare each page when it is read."""

    def read(_app: Sphinx, page: str, source: list[str]) -> None:
        source[0] = prepared(page, source[0])

    app.connect("source-read", read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
