"""Colours for ``gold`` blocks: the header, the paragraphs, and fact lines in the colours of their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pygments.lexer import RegexLexer, bygroups, using
from pygments.lexers.configs import TOMLLexer
from pygments.token import Comment, Keyword, Operator, Punctuation, Text

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_LABELS = {
    "PER": Keyword.Per,
    "ORG": Keyword.Org,
    "LOC": Keyword.Loc,
    "MISC": Keyword.Misc,
    "DATE|TIME|DURATION|SET": Keyword.Date,
    "QUOTE": Keyword.Quote,
}


class GoldLexer(RegexLexer):
    """Reads a gold file, or some lines of one."""

    name = "gold"
    aliases = ("gold",)
    filenames = ("*.gold",)
    url = ""
    version_added = ""

    tokens: ClassVar = {
        "root": [
            (r"^\+\+\+$", Punctuation),
            (r"^[\w-]+\s*=.*\n", using(TOMLLexer)),
            (r"^\s*#.*\n", Comment),
            (r"^(>)(.*\n)", bygroups(Punctuation, Text)),
            *((rf"^\s+(?:{label})(?=[?\s])\??", kind, "fact") for label, kind in _LABELS.items()),
            (r".*\n", Text),
        ],
        "fact": [
            (r"\n", Text, "#pop"),
            (r"\|", Operator),
            (r"\b(by|cue|note|mod|meto|to|at)(:)", bygroups(Comment, Punctuation)),
            (r"[^|\n]+?(?=\||\n|\b(?:by|cue|note|mod|meto|to|at):)", Text),
        ],
    }


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the lexer."""
    app.add_lexer("gold", GoldLexer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
