"""Speech without quotation marks, reported as a clause: the ways in which a text attributes it."""

from __future__ import annotations

import re
from collections.abc import Callable

from fact_extractors.rules import clauses, speakers, tense
from fact_extractors.rules.attribution import Attribution, Draft, Reader
from fact_extractors.rules.narration import NarratedSentence
from fact_extractors.rules.speakers import Stretch
from fact_extractors.rules.verbs import Cue
from fact_extractors.rules.words import back_over

Way = Callable[[Reader, NarratedSentence, Cue], bool]

_SHORTEST = 12
"""Characters an indirect clause has at least."""

_PRESENT = re.compile(
    r"(?<![\w'-])(?:est|sont|a|ont|va|vont|peut|peuvent|doit|doivent|fait|font|reste|restent|faut|n'|ne|se|s'|"
    r"c'est|devient|prend|vient|existe|existent|dépend|permet|suffit|manque|manquent)(?![\w-])"
)


def _has_verb(reader: Reader, start: int, end: int) -> bool:
    """Whether a stretch holds a finite verb, as far as endings and a list tell."""
    folded = reader.told.folded
    return bool(_PRESENT.search(folded, start, end) or tense.verbs(folded, start, end))


def _add(
    reader: Reader,
    content: tuple[Stretch, ...],
    by: Attribution,
    rule: str,
    sentence: NarratedSentence,
    cue: Cue,
) -> bool:
    """Keep an indirect quotation that is long enough and holds no marks."""
    folded = reader.told.folded
    if sum(end - start for start, end in content) < _SHORTEST:
        return False
    if any(clauses.has_marks(folded, *part) for part in content):
        return False
    reader.add(Draft(content, "indirect", by, rule, sentence), cue)
    return True


def said_that(reader: Reader, sentence: NarratedSentence, cue: Cue) -> bool:
    """Il dit que A."""
    if cue.mood == "source" or not cue.uses & {"say", "ask"}:
        return False
    folded = reader.told.folded
    limit = clauses.next_attribution(sentence, cue, folded)
    after = clauses.QUE.match(folded, cue.end, limit)
    if after is None or _only(folded[cue.start : cue.end]):
        return False
    start = after.start("sub")
    end = clauses.clause_end(folded, start, limit)
    by = Attribution((cue.start, cue.end), reader.subject(sentence, cue))
    return _add(reader, ((start, end),), by, "said-that", sentence, cue)


def said_to(reader: Reader, sentence: NarratedSentence, cue: Cue) -> bool:
    """Il dit vouloir A."""
    if cue.mood == "source" or "say" not in cue.uses:
        return False
    folded = reader.told.folded
    limit = clauses.next_attribution(sentence, cue, folded)
    after = clauses.bare_infinitive().match(folded, cue.end, limit)
    if after is None:
        return False
    start = after.start("sub")
    end = clauses.clause_end(folded, start, limit)
    by = Attribution((cue.start, cue.end), reader.subject(sentence, cue))
    return _add(reader, ((start, end),), by, "said-to", sentence, cue)


def _only(cue: str) -> bool:
    """*ne relève que*: a negation without *pas* makes *que* mean *only*."""
    return cue.startswith(("ne ", "n'")) and not re.search(r" (?:pas|plus|jamais)\b", cue)


def incise_of_clause(reader: Reader, sentence: NarratedSentence, cue: Cue) -> bool:
    """A, a dit X; or A, a-t-il dit, B."""
    folded = reader.told.folded
    if folded[back_over(folded, cue.start, " \n") - 1] != ",":
        return False
    if cue.mood not in ("finite", "participle") or not cue.uses & {"say", "tell"}:
        return False
    by = reader.incise(sentence, cue)
    if by.speaker is None:
        return False
    start = clauses.clause_start(folded, cue.start, reader.begin(sentence, cue.start))
    end = back_over(folded, cue.start, ", \n")
    more = _rest(reader, sentence, max(cue.end, by.speaker[1])) if cue.pronoun is not None else None
    if more is not None:
        return _add(reader, ((start, end), more), by, "incise-of-clause", sentence, cue)
    if not _has_verb(reader, start, end):
        return False
    return _add(reader, ((start, end),), by, "incise-of-clause", sentence, cue)


def _rest(reader: Reader, sentence: NarratedSentence, at: int) -> Stretch | None:
    """The rest of a clause that an incise has cut in two."""
    folded = reader.told.folded
    comma = re.compile(r"[^,;:.\x00]{0,40},\s+").match(folded, at, sentence.end)
    if comma is None or folded[comma.end() : comma.end() + 4].startswith(("qui", "dont")):
        return None
    end = clauses.clause_end(folded, comma.end(), sentence.end)
    return (comma.end(), end) if end - comma.end() > 20 else None


def according_to(reader: Reader, sentence: NarratedSentence, cue: Cue) -> bool:
    """Selon X, A; or A, selon X."""
    if cue.mood != "source":
        return False
    folded = reader.told.folded
    begin = reader.begin(sentence, cue.start)
    by = speakers.after(reader.text, folded, cue.end, sentence.end)
    if by is None or (cue.lemma == "pour" and not speakers.may_speak(reader.text, by)):
        return False
    attribution = Attribution((cue.start, cue.end), by)
    if reader.words_between(begin, cue.start) in ("", "mais", "et", "or", "car"):
        limit = clauses.next_attribution(sentence, cue, folded)
        start = clauses.after_source(folded, by[1], limit)
        if "," not in folded[by[1] : start] or (
            cue.lemma == "pour" and not _has_verb(reader, start, limit)
        ):
            return False
        end = clauses.clause_end(folded, start, limit)
    elif cue.lemma == "pour":
        return False
    else:
        start = clauses.clause_start(folded, cue.start, begin)
        end = back_over(folded, cue.start, ", \n")
        set_off = "," in folded[end : cue.start]
        if not set_off and not re.match(r"\s*(?:[,.;)]|$)", folded[by[1] : by[1] + 3]):
            return False
        if not _has_verb(reader, start, end):
            return False
    return _add(reader, ((start, end),), attribution, "according-to", sentence, cue)


WAYS: tuple[Way, ...] = (said_that, said_to, incise_of_clause, according_to)
