"""Guesses whether a French sentence tells the past or looks ahead, by the forms of its verbs, for warnings."""

from __future__ import annotations

import re

from factharness.text import fold

_ADVERBS = r"(?: (?:pas|aussi|également|encore|déjà|\w+ment))*"
_PARTICIPLE = r"\w+(?:é|i|u|is|it|ert|ort|int)(?:e?s?)"
_OF_MOTION = (
    r"(?:mort|né|venu|revenu|devenu|parvenu|survenu|intervenu|parti|reparti|sorti|arrivé|entré|rentré|retourné|allé"
    r"|tombé|resté|monté|descendu|décédé|passé)(?:e?s?)"
)
_PAST = re.compile(
    rf"(?<![\w-])(?:(?:a|ont|ai|avons|avait|avaient|était|étaient|fut|furent){_ADVERBS}(?: été)?{_ADVERBS}"
    rf" {_PARTICIPLE}|(?:s'est|se sont){_ADVERBS} {_PARTICIPLE}|(?:est|sont){_ADVERBS} {_OF_MOTION})(?![\w-])"
)
"""« est » and « sont » before other participles are a present: « sont reçus mercredi »."""
_AHEAD = re.compile(
    r"(?<![\w-])(?:\w{2,}(?:ra|ront|rai|rons|rait|raient)|doi(?:t|vent)|va|vont|prévue?s?|attendue?s?|fixée?s?"
    r"|programmée?s?|convoquée?s?|reportée?s?|renvoyée?s?|prochaine?s?|demain"
    r"|(?:de|d'|à|pour|avant de) ?(?:ne pas |y |en |se |s'|l')?\w+(?:er|ir|re|oir))(?![\w-])"
)


def tells_the_past(sentence: str) -> bool:
    """Whether a verb of the sentence is in a past tense (passé composé, plus-que-parfait, passive)."""
    return bool(_PAST.search(fold(sentence).lower()))


def looks_ahead(sentence: str) -> bool:
    """Whether something in the sentence speaks of what is to come: a future, an infinitive, « prévu »."""
    return bool(_AHEAD.search(fold(sentence).lower()))
