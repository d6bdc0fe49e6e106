"""The two ends of a line that stand in one word: *la ligne Paris-Lyon*, *le vol Genève–Nice*."""

from __future__ import annotations

import re

from fact_extractors.rules.lexicon import key, names

_LINE = re.compile(
    r"\b(?:lignes?|liaisons?|axes?|trajets?|trains?|TGV|TER|Eurostar|vols?|navettes?|routes?|autoroutes?|tronçons?|"
    r"parcours|corridors?|ferrys?|bus|cars?|autocars?|aller-retour|relations?|dessertes?|canal|métro|tram) "
    r"(?:\w+ ){0,2}$",
    re.IGNORECASE,
)
_END = re.compile(r"[^-–—]+")


def ends_of_line(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the places of ``text[start:end]`` stand, if it is a line between known ones; else nothing."""
    word = text[start:end]
    if not ("-" in word or "–" in word):
        return []
    spans = [(start + part.start(), start + part.end()) for part in _END.finditer(word)]
    known = names()
    ends = all(known.get(key(text[left:right])) == "LOC" for left, right in spans)
    if not ends or len(spans) < 2 or key(word) in known:
        return []
    return spans if _LINE.search(text, max(0, start - 45), start) else []
