"""Replaces quotation marks that are typed with other signs by the usual ones.

Such are ``<<`` and ``>>``, two single marks, those of a typewriter or of HTML, single marks around words.
"""

from __future__ import annotations

import re

_DOUBLE = re.compile(r"<<|>>|''|’’|‘‘|``|,,(?=\w)|&(?:quot|[lr]aquo|[lbr]dquo|#0?34|#171|#187);")
_SINGLE = re.compile(
    r"['‘’](?<![\w'’‘].)(?=[^\W\d_])"
    r"(?:(?<=')(?:[^'\n]|'(?=\w)){1,600}'|(?<!')(?:[^‘’\n]|’(?=\w)){1,600}’)(?![\w'’])"
)
_OPENING = frozenset(("<<", "‘‘", "``", ",,", "&laquo;", "&ldquo;", "&bdquo;", "&#171;"))
_CLOSING = frozenset((">>", "&raquo;", "&rdquo;", "&#187;"))


def usual(text: str) -> str:
    """``text`` with the usual marks for the odd ones; same length, spaces where two signs become one."""
    if _DOUBLE.search(text) is not None:
        text = _DOUBLE.sub(_double, text)
    return _SINGLE.sub(lambda found: f"‹{found.group()[1:-1]}›", text)


def _double(found: re.Match[str]) -> str:
    signs, text = found.group(), found.string
    before, after = text[: found.start()][-1:], text[found.end() : found.end() + 1]
    if signs in _OPENING:
        opens = True
    elif signs in _CLOSING:
        opens = False
    elif before.isalnum() and after.isalnum():
        return signs
    else:
        opens = (not before or before.isspace() or before in "(:’'[") and not after.isspace()
    space = " " * (len(signs) - 1)
    return f"«{space}" if opens else f"{space}»"
