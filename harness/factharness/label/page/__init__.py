"""What the labeller sees: one page, its style and its script, each put together from small files.

The page itself holds no article and no name of one: its script asks the server for them.
"""

from __future__ import annotations

from pathlib import Path

from factharness.resources import web

SHARED_STYLES = ("tokens.css", "elements.css", "marked.css")
STYLES = ("article.css", "panel.css", "frame.css", "lists.css")
SHARED_SCRIPTS = ("elements.js", "theme.js", "marked.js")
KEY_SCRIPTS = (
    "doc.js",
    "facts.js",
    "stops.js",
    "extents.js",
    "same.js",
    "quotes.js",
    "choices.js",
    "keymap.js",
    "state.js",
    "walk.js",
    "make.js",
    "mend.js",
    "typed.js",
    "keys.js",
)
"""What a key does: no element of the page, no server, no clock, so that they can be run by themselves."""
SCRIPTS = (
    "offsets.js",
    "lanes.js",
    "article.js",
    "lines.js",
    "panel.js",
    "checks.js",
    "head.js",
    "foot.js",
    "help.js",
    "server.js",
    "listing.js",
    "new.js",
    "pointer.js",
    "rows.js",
    "shown.js",
    "values.js",
    "labelling.js",
    "main.js",
)


def html() -> str:
    """The page without its style and script, which it asks for as ``/page.css`` and ``/page.js``."""
    return _own("page.html")


def style() -> str:
    """The style sheet."""
    return "\n".join([*map(web, SHARED_STYLES), *map(_own, STYLES)])


def script() -> str:
    """One classic script in a function of its own, so that no name of it can be seen from outside."""
    parts = [*map(web, SHARED_SCRIPTS), key_script(), *map(_own, SCRIPTS)]
    return "\n".join(["(() => {", '"use strict";', *parts, "})();"]) + "\n"


def key_script() -> str:
    """What a key does, alone: ``KEY_SCRIPTS`` as one text, with names that can be seen from outside."""
    return "\n".join(map(_own, KEY_SCRIPTS))


def icon() -> str:
    """The mark of the page in a browser's tab, as SVG."""
    return _own("icon.svg")


def _own(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
