"""Escapes text for the place where it is shown: a terminal, a CI host's log, Markdown, CSV, LaTeX, XML, JSON.

Labels, names, words and errors come from articles, back ends and servers, and may hold any characters:
sequences that control a terminal, lines that a CI host takes for commands, markup, formulas. Each target has
one function here, from text to text, and every rendering passes what it was given through it. What cannot be
shown is not dropped: it is written as Python writes it, U+001B as ``\\x1b``. Calling :func:`visible`,
:func:`line` or :func:`terminal` again changes nothing.
"""

from __future__ import annotations

import re

LONGEST_ERROR = 2048
"""How many bytes of a back end's error are shown; the run directory has all of it."""

# Control characters except line end and tab; characters without a shape: soft hyphen, marks that change the
# direction of writing, zero-width characters, fillers, separators, tags; surrogates; code points that are not
# characters. The joiners U+200C and U+200D are allowed, as they are part of words and emoji.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff]"
)

# GitHub takes `::` at the beginning of a line, or after white space there, for a command, and an older form of
# it anywhere in a line, like Azure DevOps (`##vso[`) and TeamCity (`##teamcity[`).
_COMMAND = re.compile(r"^([^\S\n]*)(?=::)", re.MULTILINE)
_OLD_COMMAND = re.compile(r"##(?=[\w.-]*\[)")

_MARKDOWN = re.compile(r"[\\`*_\[\]<>|#~&$]|^[-+=]")
_NUMBERED = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))")

# A spreadsheet takes a field that begins with one of these for a formula; some do so for the wide forms too.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")

# What :func:`csv_field` marks: nothing at all, a formula, what some spreadsheets take for one after cutting
# the white space before it, and what looks as if it were marked.
_TO_MARK = re.compile(rf"'*(?:\Z|[\s{re.escape(''.join(_FORMULA))}])")

_LATEX = {
    "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "`": r"\textasciigrave{}",
    **{character: f"\\{character}" for character in "#$%&_{}"},
    # After the `\\` that ends a row of a table, LaTeX would read these as an argument of it.
    "[": "{[}", "]": "{]}", "*": "{*}",
    "α": r"\ensuremath{\alpha}", "≤": r"\ensuremath{\leq}", "≥": r"\ensuremath{\geq}",
    "−": r"\ensuremath{-}", "→": r"\ensuremath{\rightarrow}", "\u202f": "~", "\u00a0": "~",
}  # fmt: skip
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009", " "))

_LATEX_KNOWS = re.compile("[ -~\u00a1-\u00ff\u0152\u0153\u0178–—‘’‚“”„†‡•…‰‹›€™]")


def visible(text: str) -> str:
    """``text`` with characters that are invisible or control a terminal written as codes (``\\x1b``).

    Line ends and tabs stay. The result can be written into any file and into XML 1.0.
    """
    return _HIDDEN.sub(lambda match: _code(match[0]), text)


def cited(words: str) -> str:
    """``words`` of an article as a message cites them: in marks, with no-break spaces as spaces."""
    return repr(words.translate(_SPACES))


def line(text: str) -> str:
    """As :func:`visible`, on one line: line ends and tabs as ``\\n`` and ``\\t``."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def terminal(text: str) -> str:
    """As :func:`visible`, with a backslash in lines that a CI host would take for a command: ``\\::error``."""
    return _OLD_COMMAND.sub(r"#\\#", _COMMAND.sub(r"\1\\", visible(text)))


def json(document: str) -> str:
    """A JSON document with the same value, to be printed: invisible characters in its strings are escaped."""
    hidden = _HIDDEN.sub(lambda match: _utf16(match[0]), document)
    return _OLD_COMMAND.sub(r"#\\u0023", hidden)


def workflow_command(level: str, message: str, **properties: object) -> str:
    """A command for GitHub's runner, without a line end: ``::error file=a.gold,line=3::message``.

    It is escaped as in GitHub's own toolkit. Properties that are empty or 0 are left out.
    """
    listed = ",".join(
        f"{key}={_percent(str(value), ':,')}" for key, value in properties.items() if value
    )
    return f"::{level}{listed and ' '}{listed}::{_percent(message)}"


def markdown(text: str) -> str:
    """One line of GitHub's Markdown that is shown as ``text``; it may be a cell of a table."""
    shown = visible(text).replace("\n", " ").replace("\t", " ").strip(" ")
    return _NUMBERED.sub(r"\1\\", _MARKDOWN.sub(r"\\\g<0>", shown))


def markdown_code(text: str) -> str:
    """One line of Markdown that shows ``text`` as code; for lists and paragraphs, not for a cell of a table.

    In code, GitHub and GitLab make no mention of ``@name``, no reference of ``#12`` and no link. The line may
    also be printed in a log, when something stands before the code.
    """
    shown = (
        _OLD_COMMAND.sub(r"#\\#", visible(text)).replace("\n", " ").replace("\t", " ").strip(" ")
    )
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    pad = " " * (shown.startswith("`") or shown.endswith("`"))
    return f"{fence}{pad}{shown}{pad}{fence}" if shown else ""


def csv(text: str) -> str:
    """One line of text that no spreadsheet takes for a formula: ``'`` is put before it where needed."""
    shown = line(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def csv_field(text: str) -> str:
    """``text`` as a field of a table that programs read as well; :func:`csv_text` gives exactly ``text`` back.

    ``'`` is put before what a spreadsheet could take for a formula, and before an empty text, so that an empty
    field can mean that there is none. Characters that are invisible stay.
    """
    return f"'{text}" if _TO_MARK.match(text) else text


def csv_text(field: str) -> str:
    """The text of which :func:`csv_field` made ``field``."""
    return field[1:] if field.startswith("'") and _TO_MARK.match(field) else field


def latex(text: str) -> str:
    """LaTeX that prints ``text``; it may be a cell of a table.

    Characters that the Latin fonts of pdfTeX lack are printed as their codes, so that the document always
    compiles. The document needs ``\\usepackage[T1]{fontenc}``.
    """
    return "".join(_latex(character) for character in line(text))


def markup(text: str) -> str:
    """``text`` within an element of XML or HTML, or within a quoted attribute."""
    shown = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return shown.replace('"', "&quot;").replace("'", "&#39;")


def brief(error: str, limit: int = LONGEST_ERROR) -> str:
    """As :func:`visible`, cut to ``limit`` bytes of UTF-8: the beginning, the full length, and the end."""
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
