"""Puts a page together: one HTML file with its style, its script and its data, and nothing from elsewhere.

A Content-Security-Policy in the file allows this one style element and this one script element, by their
hashes, and nothing else: no other script, no inline style, no request. So no word of an article can do
anything, whatever it holds.
"""

from __future__ import annotations

import base64
import hashlib
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup
from msgspec import Struct

from factharness.errors import OutputError
from factharness.files import write_bytes
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
    title: str,
    parts: Sequence[Part],
    data: Mapping[str, object],
    *,
    note: str = "",
    template: str = "page.html",
) -> str:
    """The whole file. ``data`` is embedded as JSON, an element ``data-NAME`` per entry, for the scripts.

    ``note`` is a sentence that stands above every part.
    """
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
            note=note,
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


OPTIONS: Mapping[str, Any] = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
}
"""Everything put into a template is escaped, and a name that is missing fails."""


@cache
def environment() -> Environment:
    """The templates beside this module."""
    return Environment(loader=FunctionLoader(_own), bytecode_cache=Compiled(), **OPTIONS)


class Compiled(BytecodeCache):
    """Keeps the compiled templates where Python keeps what it compiles of this package, and as it does so.

    They are in the same ``__pycache__``, so whoever can change them can change the modules, too. Where Python
    writes none, because it was told so or may not write there, none is written.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the bucket the program that is kept, if it is of this template."""
        with suppress(OSError, NotImplementedError):
            bucket.bytecode_from_string(_compiled(bucket).read_bytes())

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the program in the bucket."""
        if not sys.dont_write_bytecode:
            with suppress(OSError, OutputError, NotImplementedError):
                path = _compiled(bucket)
                path.parent.mkdir(parents=True, exist_ok=True)
                write_bytes(path, bucket.bytecode_to_string())

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002
        """The name of a template, under which its program is kept."""
        return name

    def get_source_checksum(self, source: str) -> str:
        """A hash of all that a program depends on."""
        made_by = f"{jinja2.__version__} {sorted(OPTIONS.items(), key=str)}"
        return hashlib.sha256(f"{made_by}\n{source}".encode()).hexdigest()


def _compiled(bucket: Bucket) -> Path:
    return Path(cache_from_source(str(Path(__file__).parent / f"{bucket.key}.py")))


def _own(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _optional(name: str) -> str:
    return _own(name) if (Path(__file__).parent / name).is_file() else ""


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
