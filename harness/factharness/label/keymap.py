"""Reads the keys that a user has given to actions: ``keys.toml``, a line ``action = "key"`` for each."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from factharness.errors import GoldError, unknown
from factharness.files import config_folder, read_text
from factharness.gold.header import read_toml


def keymap(path: Path | None = None) -> dict[str, str]:
    """The keys by action in the file ``path``; without one, in ``keys.toml`` of the user's settings, if any.

    Raises :class:`GoldError` for a file that is not TOML, for a line that gives an action no key or two actions
    the same, and for an action that the page does not have.
    """
    file = config_folder() / "keys.toml" if path is None else path
    if path is None and not file.is_file():
        return {}
    keys: dict[str, str] = {}
    for action, key in read_toml(read_text(file), file).items():
        if action not in actions():
            message, remedy = unknown("action", action, actions())
            raise GoldError(message, file=file, remedy=remedy)
        if not isinstance(key, str) or not key:
            raise GoldError(f"{action} has no key", file=file, remedy='write action = "k"')
        if key in keys.values():
            raise GoldError(f"two actions have the key {key!r}", file=file, remedy="change one")
        keys[action] = key
    return keys


@cache
def actions() -> frozenset[str]:
    """The actions that have a key, as the page's own list of keys names them."""
    script = (Path(__file__).parent / "page" / "keymap.js").read_text(encoding="utf-8")
    keys = script.partition("const KEYS = ")[2].partition("});")[0]
    return frozenset(quoted or bare for quoted, bare in re.findall(r'(?:"([^"]+)"|(\w+)): "', keys))
