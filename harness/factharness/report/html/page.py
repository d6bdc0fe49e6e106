"""Puts a page together: one HTML file with its style, its script and its data, and nothing from elsewhere.

A Content-Security-Policy in the file allows this one style element and this one script element, by their
hashes, and nothing else: no other script, no inline style, no request. So no word of an article can do
anything, whatever it holds.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup
from msgspec import Struct

from factharness.resources import web

SHARED_STYLES = ("tokens.css", "elements.css", "parts.css")
SHARED_SCRIPTS = ("elements.js", "theme.js", "parts.js")


class Part(Struct, frozen=True):
    """A part of the page: its name in addresses (``#overview``), its title, and what its template is given.

    ``NAME.html`` beside this module is its template; ``NAME.css`` and ``NAME.js``, where they are there, are
    its style and script. ``shared`` names further files of ``web/`` that it needs, ``own`` further scripts
    beside this module; both come before the scripts of all parts.
    """

    name: str
    title: str
    context: Mapping[str, Any]
    shared: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


def page(
    title: str, parts: Sequence[Part], data: Mapping[str, object], *, template: str = "page.html"
) -> str:
    """The whole file. ``data`` is embedded as JSON, an element ``data-NAME`` per entry, for the scripts."""
    shared = dict.fromkeys(name for part in parts for name in part.shared)
    styles = [web(name) for name in (*SHARED_STYLES, *shared) if name.endswith(".css")]
    scripts = [web(name) for name in (*SHARED_SCRIPTS, *shared) if name.endswith(".js")]
    styles += [_optional(f"{part.name}.css") for part in parts]
    scripts += [_own(name) for name in dict.fromkeys(name for part in parts for name in part.own)]
    scripts += [_optional(f"{part.name}.js") for part in parts]
    style = "\n" + "\n".join(styles)
    script = "\n" + "\n".join(["(() => {", '"use strict";', *scripts, "})();"]) + "\n"
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    return (
        environment()
        .get_template(template)
        .render(
            title=title,
            policy=policy,
            style=Markup(style),
            script=Markup(script),
            parts=parts,
            data={name: embedded(value) for name, value in data.items()},
        )
    )


def embedded(value: object) -> Markup:
    """JSON that may stand in a script element: no ``<`` that could end it, no separator that ends a line."""
    text = value if isinstance(value, bytes) else msgspec.json.encode(value)
    shown = text.decode().replace("<", "\\u003c").replace("\u2028", "\\u2028")
    return Markup(shown.replace("\u2029", "\\u2029"))


@cache
def environment() -> Environment:
    """Templates beside this module; everything put into them is escaped, and a name that is missing fails."""
    return Environment(
        loader=FunctionLoader(_own),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _own(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _optional(name: str) -> str:
    return _own(name) if (Path(__file__).parent / name).is_file() else ""


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
