"""Checks of where names begin and end: « à Bouillon », « Le Sénégal », « Mali : », « Pr Delpeyrat »."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from factharness.escape import cited
from factharness.facts import Entity
from factharness.gold.anchors import hits
from factharness.gold.articled_places import ARTICLED_PLACES
from factharness.gold.checks.finding import Checked, Finding
from factharness.text import fold

_PREPOSITION = re.compile(
    r"(?:(?:à|aux?|avec|chez|contre|dans|depuis|devant|durant|entre|et|hors|mais|ou|où|par"
    r"|pendant|pour|que|sans|selon|sous|sur|vers|d'après|près d[eu]|en|de|du|des) |d')(?:l[ea] |l')?(?=\w)"
)
_PARTICLE = re.compile(r"(?:d[eu]s?|de la) |d(?:e l)?'")
"""What may begin a family name: « de Gaulle », « d'Ormesson »."""
_ARTICLE = re.compile(
    r"(?:l[ea]s?|une?|cet?|cette|ces|[mts](?:on|a|es)|leurs?|notre|votre|nos|vos) (?=\w)"
)
_CAPITAL_ARTICLE = re.compile(r"L(?:[ea]s? |')(?=\w)")
_CAPITAL_PREPOSITION = re.compile(
    r"(?:[ÀA]|Aux?|Chez|Dans|Depuis|En|Entre|Pour|Selon|Sur|Vers|D'après) (?=\w)"
)
_TITLE = re.compile(
    r"(?:MM?\.|Mmes?|Mlles?|Mes?|Mgr|Drs?\.?|Prs?\.?|monsieur|madame|mademoiselle|maître|docteure?|professeure?)"
    r" (?=\w)"
)
_FUNCTION = re.compile(
    r"(?:(?:[Aa]ncien(?:ne)? |ex-|vice-)?(?:Monsieur|Madame|Mademoiselle|Maître|Docteure?|Professeure?"
    r"|[Pp]résidente?|[Mm]inistre|[Gg]énérale?|[Cc]olonel(?:le)?"
    r"|[Cc]apitaine|[Ll]ieutenante?|[Cc]ommandante?|[Aa]djudante?|[Ss]ergente?|[Cc]ommissaire|[Mm]aire"
    r"|[Ss]énat(?:eur|rice)|[Dd]éputée?|[Pp]réfète?|[Jj]uge|[Pp]rocureure?|[Cc]ardinal|[Pp]ape|[Rr]oi|[Rr]eine"
    r"|[Cc]hanceli(?:er|ère)|[Gg]ouverneure?)) (?=[^\W\d_])"
)
_CUT_SHORT = re.compile(r" (?:à|aux?|d[eu]|des|en|et|l[ea]s?|ou|par|pour|sur)$")
_SENTENCE_STOP = re.compile(r"[^\W\d_]{5,}\.$")
"""A word of five letters or more with its stop; shorter ones may be abbreviations (« Inc. », « Corp. »)."""
_PAIRS = {"«": "»", "“": "”", "(": ")", "[": "]", '"': '"'}
_ANY_OF_PAIRS = re.compile(f"[{re.escape(''.join((*_PAIRS, *_PAIRS.values())))}]")

Told = tuple[str, str, bool]
"""What is wrong with a name, by which guideline, and whether that is sure."""


def edges(file: Checked) -> Iterator[Finding]:
    """A name begins and ends with the name: no preposition, article, title or punctuation around it."""
    if file.text is None:
        return
    for fact in file.facts:
        if not isinstance(fact.fact, Entity):
            continue
        words = fold(file.words(fact.fact.span)).replace("\n", " ").strip(" ")
        for reader in _READERS:
            told = reader(words, fact.fact.label.split(".")[0], file.text)
            if told and (told[2] or not (fact.ignore or "note" in fact.attributes)):
                message, rule, sure = told
                remedy = (
                    "leave it out" if sure else "leave it out, or say in a note: that it belongs"
                )
                level = "error" if sure else "warning"
                yield Finding(fact.line, message, remedy, level, rule)  # type: ignore[arg-type]
                break


def _preposition(words: str, label: str, _text: str) -> Told | None:
    found = _PREPOSITION.match(words)
    if found and not (label == "PER" and _PARTICLE.fullmatch(found[0])):
        return _starts(words, found[0], "E6", sure=True)
    found = _CAPITAL_PREPOSITION.match(words)
    if found and label in ("LOC", "PER"):
        return _starts(words, found[0], "E6", sure=False)
    return None


def _article(words: str, label: str, text: str) -> Told | None:
    found = _ARTICLE.match(words)
    if found:
        return _starts(words, found[0], "E6", sure=label in ("LOC", "PER"))
    found = _CAPITAL_ARTICLE.match(words)
    if not found:
        return None
    if label == "LOC" and words[found.end() :] in ARTICLED_PLACES:
        return _starts(words, found[0], "E7", sure=True)
    if hits(words[0].lower() + words[1:], text):
        return f"{cited(words)} has a small article elsewhere in the article", "E7", False
    return None


def _title(words: str, label: str, _text: str) -> Told | None:
    if label != "PER":
        return None
    found = _TITLE.match(words)
    if found:
        return _starts(words, found[0], "E6", sure=True)
    found = _FUNCTION.match(words)
    return _starts(words, found[0], "E6", sure=found[0][0].islower()) if found else None


def _end(words: str, label: str, _text: str) -> Told | None:
    if words[-1] in ",;:" or (words[-1] in "-–—" and len(words) > 1):
        return f"{cited(words)} ends with {cited(words[-1])}", "E6", True
    if words[-1] in "!?…" and label in ("LOC", "PER"):
        return f"{cited(words)} ends with {cited(words[-1])}", "E6", False
    if _SENTENCE_STOP.search(words):
        return f"{cited(words)} ends with the stop of its sentence", "E6", True
    if _CUT_SHORT.search(words) and label != "MISC":
        return f"{cited(words)} ends with {cited(words.split()[-1])}", "E6", True
    return None


def _marks(words: str, _label: str, _text: str) -> Told | None:
    """Marks and brackets around the whole name, or one of a pair."""
    if not _ANY_OF_PAIRS.search(words):
        return None
    for left, right in _PAIRS.items():
        if words.startswith(left) and words.endswith(right) and len(words) > 1:
            return f"{cited(words)} has its name in {left} {right}", "E6", True
        if left != right and words.count(left) != words.count(right):
            return f"{cited(words)} has one of {left} {right} alone", "E6", True
    return None


def _starts(words: str, what: str, rule: str, *, sure: bool) -> Told:
    return f"{cited(words)} starts with {cited(what.strip())}", rule, sure


_READERS: tuple[Callable[[str, str, str], Told | None], ...] = (
    _preposition,
    _article,
    _title,
    _end,
    _marks,
)
