"""Proposes the ``mod:`` of a date from the words around it and at its head, by D3 and D4 of the guidelines.

« début », « mi- » and « fin » are part of the date, and count before a BEFORE; the other words stand outside
the date. *depuis*, *jusqu'à*, *dès* and *à partir de* give none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from factharness.facts import DateType, Span
from factharness.text import fold

_REACH = 40
_Rules: TypeAlias = tuple[tuple[str, str], ...]
_HEADS = (("START", "début"), ("MID", "mi-"), ("MID", "milieu"), ("END", "fin"))
_ARTICLE = r"(?: (?:le|la|les|l'|un|une|à|au|aux|à la|à l'|de|du|des|d'))?"
# Words before the date; of each list, the first that matches.
_POINTS: _Rules = (
    ("ON_OR_AFTER", r"pas avant|au plus tôt"),
    ("BEFORE", r"avant|d'ici|antérieure?s? (?:à|au|aux)"),
    ("AFTER", r"après|postérieure?s? (?:à|au|aux)"),
    ("ON_OR_BEFORE", r"au plus tard"),
)
_LENGTHS: _Rules = (
    ("MORE_THAN", r"plus (?:de|d')|au-delà (?:de|d')"),
    ("LESS_THAN", r"moins (?:de|d')"),
    ("EQUAL_OR_MORE", r"au (?:moins|minimum)"),
    ("EQUAL_OR_LESS", r"au (?:plus|maximum)|tout au plus"),
)
_ROUGHLY: _Rules = (
    ("APPROX", r"vers|environ|près (?:de|d')|à peu près|quelque"),
    ("APPROX", r"(?:autour|aux alentours|aux environs) (?:de|du|d')"),
)
# Words behind it.
_BEHIND_POINTS: _Rules = (
    ("ON_OR_BEFORE", r"au plus tard"),
    ("ON_OR_AFTER", r"au plus tôt"),
    ("APPROX", r"environ"),
)
_BEHIND_LENGTHS: _Rules = (
    ("EQUAL_OR_MORE", r"au (?:moins|minimum)"),
    ("EQUAL_OR_LESS", r"(?:tout )?au (?:plus|maximum)"),
    ("APPROX", r"environ"),
)
_AROUND: dict[DateType, tuple[_Rules, _Rules]] = {
    "DATE": (_POINTS, _BEHIND_POINTS),
    "TIME": (_POINTS, _BEHIND_POINTS),
    "DURATION": (_LENGTHS, _BEHIND_LENGTHS),
    "SET": ((), ()),
}


def _matched(rules: Iterable[tuple[str, str]], form: str, words: str) -> str | None:
    """The modifier of the first rule whose pattern, put into ``form``, matches ``words``, or None."""
    return next((mod for mod, pattern in rules if re.search(form.format(pattern), words)), None)


def mod_of(text: str, span: Span, type: DateType) -> str | None:
    """The ``mod`` that the words in and around a date of this type ask for, or None."""
    words = fold(span.of(text)).lower()
    if type in ("DATE", "TIME"):
        for mod, head in _HEADS:
            if words.startswith(head) and not words.startswith(f"{head} de semaine"):
                return mod
    before = " " + fold(text[max(0, span.start - _REACH) : span.start]).lower()
    behind = fold(text[span.end : span.end + _REACH]).lower()
    ahead, after = _AROUND[type]
    return _matched((*ahead, *_ROUGHLY), r"[^\w-](?:{})" + _ARTICLE + r" ?$", before) or _matched(
        after, r"^ (?:{})(?![\w-])", behind
    )
