"""Text made safe for where it is shown: a terminal, a CI host's log, Markdown, CSV, LaTeX, XML, JSON.

Labels, names, words and errors come from articles, back ends and servers, and may hold anything: sequences that
steer a terminal, lines that a CI host takes for commands, markup, formulas. Each target has one function here,
from text to text, and every rendering passes what it was given through it. What cannot be shown is not dropped:
it is written as Python writes it, U+001B as ``\\x1b``. Calling :func:`visible`, :func:`line` or
:func:`terminal` again changes nothing.
"""

from __future__ import annotations

import re

LONGEST_ERROR = 2048
"""Bytes of a back end's error that are shown; the whole of it is in the run directory."""

# Controls but line end and tab, and what has no shape of its own: soft hyphen, marks that turn the direction of
# writing, zero width, fillers, separators, tags; halves of characters; what is no character. Not the joiners
# U+200C and U+200D, which spell words and emoji.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff]"
)

# GitHub reads a command at the beginning of a line, after white space, and an older form of it anywhere, as
# Azure DevOps (`##vso[`) and TeamCity (`##teamcity[`) do.
_COMMAND = re.compile(r"^([^\S\n]*)(?=::)", re.MULTILINE)
_OLD_COMMAND = re.compile(r"##(?=[\w.-]*\[)")

_MARKDOWN = re.compile(r"[\\`*_\[\]<>|#~&$]|^[-+=]")
_NUMBERED = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))")

# After the first of these, a spreadsheet computes; some take the wide forms of East Asian keyboards for them.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")

_LATEX = {
    "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "`": r"\textasciigrave{}",
    **{character: f"\\{character}" for character in "#$%&_{}"},
    # After a line end of a table, these would belong to it.
    "[": "{[}", "]": "{]}", "*": "{*}",
    "α": r"\ensuremath{\alpha}", "≤": r"\ensuremath{\leq}", "≥": r"\ensuremath{\geq}",
    "−": r"\ensuremath{-}", "→": r"\ensuremath{\rightarrow}", "\u202f": "~", "\u00a0": "~",
}  # fmt: skip
_LATEX_KNOWS = re.compile("[ -~\u00a1-\u00ff\u0152\u0153\u0178–—‘’‚“”„†‡•…‰‹›€™]")


def visible(text: str) -> str:
    """``text`` with each character that cannot be seen, or that steers what shows it, as ``\\x1b``.

    Line ends and tabs stay. What is left can stand in any file and in XML 1.0.
    """
    return _HIDDEN.sub(lambda match: _code(match[0]), text)


def line(text: str) -> str:
    """As :func:`visible`, on one line: line ends and tabs as ``\\n`` and ``\\t``."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def terminal(text: str) -> str:
    """As :func:`visible`, and no line of it is a command to a CI host: ``\\::error``."""
    return _OLD_COMMAND.sub(r"#\\#", _COMMAND.sub(r"\1\\", visible(text)))


def json(document: str) -> str:
    """A JSON document of the same value, to be printed: in its strings, escapes for what is not to be seen."""
    hidden = _HIDDEN.sub(lambda match: _utf16(match[0]), document)
    return _OLD_COMMAND.sub(r"#\\u0023", hidden)


def workflow_command(level: str, message: str, **properties: object) -> str:
    """A command to GitHub's runner, without a line end: ``::error file=a.gold,line=3::message``.

    Escaped as the runner's toolkit does it. Properties that are empty or 0 are left out.
    """
    listed = ",".join(
        f"{key}={_percent(str(value), ':,')}" for key, value in properties.items() if value
    )
    return f"::{level}{listed and ' '}{listed}::{_percent(message)}"


def markdown(text: str) -> str:
    """One line of GitHub's Markdown, also in a cell of a table, that reads as ``text``."""
    shown = visible(text).replace("\n", " ").replace("\t", " ").strip(" ")
    return _NUMBERED.sub(r"\1\\", _MARKDOWN.sub(r"\\\g<0>", shown))


def csv(text: str) -> str:
    """A field of text that no spreadsheet computes: ``'`` stands before what would be a formula. One line."""
    shown = line(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def latex(text: str) -> str:
    """LaTeX that prints ``text``, also in a cell of a table.

    What the Latin fonts of pdfTeX lack is printed as its code, so that the document is made in any case. The
    document needs ``\\usepackage[T1]{fontenc}``.
    """
    return "".join(_latex(character) for character in line(text))


def markup(text: str) -> str:
    """``text`` within an element of XML or HTML, or within a quoted attribute."""
    shown = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return shown.replace('"', "&quot;").replace("'", "&#39;")


def brief(error: str, limit: int = LONGEST_ERROR) -> str:
    """As :func:`visible`, cut to ``limit`` bytes of UTF-8: the beginning, how long it was, and the end."""
    data = visible(error).encode()
    if len(data) <= limit:
        return data.decode()
    cut = f" … [{len(data):,} bytes in all] … "
    tail = limit // 4
    head = limit - tail - len(cut.encode())
    return data[:head].decode("utf-8", "ignore") + cut + data[-tail:].decode("utf-8", "ignore")


def _latex(character: str) -> str:
    if character in _LATEX:
        return _LATEX[character]
    if _LATEX_KNOWS.match(character):
        return character
    return _LATEX["\\"] + _code(character)[1:]


def _percent(value: str, more: str = "") -> str:
    for character in "%\n" + more:
        value = value.replace(character, f"%{ord(character):02X}")
    return visible(value)


def _code(character: str) -> str:
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _utf16(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    pairs = (units[start : start + 2].hex() for start in range(0, len(units), 2))
    return "".join(f"\\u{pair}" for pair in pairs)
