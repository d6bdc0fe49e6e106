"""Text that would do more than be read where it is shown, and what to look for in what was shown."""

import re
import unicodedata

from hypothesis import strategies as st

NASTY = (
    *("\x1b[31m", "\x9b2J", "\x07", "\r", "\n", "\t", "\u202e", "\u2066", "\u200b", "\ufeff", "\ufffe"),
    *("\ud800", "\udce9", "\x00", "\u2028", "\x85", "\U000e0041", "::error::", "##[group]", "##vso[x]"),
    *("|", "`", "=1+1", "+", "-", "@SUM(A1)", "#", "_", "\\", "%", "&", "$", "{", "}", "~", "^", "<", ">"),
    *("[", "]", "*", '"', "'", ",", ":", "é", "«\u00a0", "–", "🦊", "1. ", "- ", "::", "##", " "),
)  # fmt: skip
nasty = st.one_of(st.text(), st.lists(st.sampled_from(NASTY)).map("".join))

# Not what escape.py looks for, but what the Unicode database says of each character.
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
SEEN_ALL_THE_SAME = set("\n\t\u200c\u200d") | {
    character
    for character in map(chr, range(0x110000))
    if unicodedata.category(character) == "Cf"
    and ("ARABIC" in (name := unicodedata.name(character, "")) or "SIGN" in name.split()
         or name.split()[:1] in (["KAITHI"], ["EGYPTIAN"], ["MUSICAL"], ["SHORTHAND"], ["SYRIAC"]))
} - {"\u061c"}  # fmt: skip


def unseen(text):
    return [
        character
        for character in text
        if unicodedata.category(character) in UNSEEN and character not in SEEN_ALL_THE_SAME
    ]


def commands(text):
    """The lines that GitHub's runner or another host would follow."""
    lines = re.split(r"\r\n|\r|\n", text)
    return [line for line in lines if line.lstrip().startswith("::") or re.search(r"##\w*\[", line)]
