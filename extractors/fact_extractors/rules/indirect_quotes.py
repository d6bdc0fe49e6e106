"""Speech without quotation marks, reported as a clause: the ways in which a text attributes it."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from fact_extractors.rules import clauses, said_by
from fact_extractors.rules.attribution import Attribution, Draft, Reader
from fact_extractors.rules.narration import NarratedSentence
from fact_extractors.rules.noun_phrases import Stretch
from fact_extractors.rules.verbs import Cue
from fact_extractors.words import back_over

Way = Callable[[Reader, NarratedSentence, Cue], bool]

_SHORTEST = 12
"""Characters an indirect clause has at least."""


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
    reader.add(Draft(list(content), "indirect", by, rule, sentence), cue)
    return True


_TO_COMMA = re.compile(r"[^,;:.\x00]{0,40},\s+")
_SHORTEST_REST = 8
"""Characters of what follows an incise that cuts a clause in two, at least."""
_NOT_THE_REST = re.compile(
    r"(?:qui|dont|où|mais|or|car|alors que|tandis que|ce qui|ce que|et (?:a|ont|il|elle)|"
    r"(?:cité|interrogé|joint|contacté|repris|relayé|publié|paru|diffusé|présent|daté|consulté|dévoilé)e?s?)(?!\w)"
)
_PARTICIPLE_FIRST = re.compile(
    r"\w+(?:é|ée|és|ées|u|ue|us|ues|is|ise|ises|ie|ies|ant) (?!(?:a|ont|est|sont)(?!\w))"
)
_INCOMPLETE = re.compile(
    r"(?<!\w)(?:est|sont|était|étaient|sera|seront|serait|seraient|a|ont|avait|avaient|aurait|auraient|aura|auront|"
    r"doit|doivent|devra|devront|devrait|devraient|peut|peuvent|pourrait|pourraient|va|vont)$"
)


def said_that(reader: Reader, sentence: NarratedSentence, cue: Cue) -> bool:
    """Il dit que A."""
    if cue.mood == "source" or not cue.uses & {"say", "ask"}:
        return False
    folded = reader.told.folded
    limit = clauses.next_attribution(sentence, cue, folded)
    after = clauses.subordinator(folded, cue.end, limit)
    if after is None or (
        clauses.means_only(folded[cue.start : cue.end])
        and not folded.startswith("ni ", sentence.start)
    ):
        return False
    start = after.start("sub")
    end = clauses.clause_end(folded, start, limit)
    by = Attribution((cue.start, cue.end), reader.subject(sentence, cue))
    if (
        by.speaker is None
        and cue.mood == "finite"
        and not reader.words_between(sentence.start, cue.start)
    ):
        return False  # a noun: Avance qu'il ne cède pas
    if by.speaker is None and cue.mood == "gerund":
        main = clauses.main_clause(reader.text, folded, start, end)
        if main is not None:
            end = main[0]
            by = replace(by, speaker=main[1])
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


def incise_of_clause(reader: Reader, sentence: NarratedSentence, cue: Cue) -> bool:
    """A, a dit X; or A, a-t-il dit, B; or Par ailleurs, dit X, B."""
    folded = reader.told.folded
    if folded[back_over(folded, cue.start, " \n") - 1] != ",":
        return False
    if cue.mood not in ("finite", "participle", "infinitive") or not cue.uses & {"say", "tell"}:
        return False
    by = reader.incise(sentence, cue)
    if by.speaker is None:
        return False
    start = clauses.clause_start(folded, cue.start, reader.begin(sentence, cue.start))
    end = back_over(folded, cue.start, ", \n")
    whole = clauses.holds_verb(folded, start, end)
    more = None
    if cue.pronoun is not None or not whole:
        incomplete = not whole or _INCOMPLETE.search(folded, start, end) is not None
        more = _rest(reader, sentence, max(cue.end, by.speaker[1]), incomplete=incomplete)
    if more is not None and (cue.pronoun is not None or clauses.holds_verb(folded, *more)):
        return _add(reader, ((start, end), more), by, "incise-of-clause", sentence, cue)
    likely = "about" not in cue.uses and said_by.may_say(reader.text, folded, by.speaker)
    if not whole and not (likely and clauses.is_clause(folded, start, end)):
        return False
    return _add(reader, ((start, end),), by, "incise-of-clause", sentence, cue)


def _rest(
    reader: Reader, sentence: NarratedSentence, at: int, *, incomplete: bool
) -> Stretch | None:
    """What is left of a clause cut in two by an incise; one that is not ``incomplete`` needs no participle."""
    folded = reader.told.folded
    comma = _TO_COMMA.match(folded, at, sentence.end)
    if comma is None or _NOT_THE_REST.match(folded, comma.end()):
        return None
    if _PARTICIPLE_FIRST.match(folded, comma.end()) and not incomplete:
        return None
    end = clauses.clause_end(folded, comma.end(), sentence.end)
    return (comma.end(), end) if end - comma.end() >= _SHORTEST_REST else None


def according_to(reader: Reader, sentence: NarratedSentence, cue: Cue) -> bool:
    """Selon X, A; or A, selon X; or A, selon X, A."""
    if cue.mood != "source":
        return False
    folded = reader.told.folded
    begin = reader.begin(sentence, cue.start)
    by = reader.source(sentence, cue)
    if by is None or (cue.lemma == "pour" and not said_by.may_speak(reader.text, folded, by)):
        return False
    attribution = Attribution((cue.start, cue.end), by)
    if reader.opens_clause(begin, cue.start):
        start = clauses.after_source(reader.text, folded, by[1], sentence.end)
        limit = clauses.next_attribution(sentence, cue, folded, clause=start)
        separate = "," in folded[by[1] : start] or start - by[1] <= 1
        if not separate or not said_by.may_be_source(reader.text, folded, by, set_off=True):
            return False
        if cue.lemma == "pour" and not clauses.holds_verb(folded, start, limit):
            return False
        content: tuple[Stretch, ...] = ((start, clauses.clause_end(folded, start, limit)),)
    elif cue.lemma == "pour":
        return False
    else:
        start = clauses.clause_start(folded, cue.start, begin)
        end = back_over(folded, cue.start, ", \n")
        set_off = "," in folded[end : cue.start]
        if not set_off and not re.match(r"\s*(?:[,.;)]|$)", folded[by[1] : by[1] + 3]):
            return False
        whole = clauses.holds_verb(folded, start, end) and not _INCOMPLETE.search(
            folded, start, end
        )
        cut = set_off and folded[by[1] : by[1] + 1] == ","
        more = _rest(reader, sentence, by[1], incomplete=not whole) if cut else None
        content = ((start, end),) if more is None else ((start, end), more)
        if not any(clauses.is_clause(folded, *part) for part in content):
            return False
        if not said_by.may_be_source(reader.text, folded, by, set_off=set_off):
            return False
    return _add(reader, content, attribution, "according-to", sentence, cue)


def as_said(reader: Reader, sentence: NarratedSentence, cue: Cue) -> bool:
    """Comme le rappelle X, A."""
    folded = reader.told.folded
    if not clauses.follows_as(folded, cue) or not cue.uses & {"say", "tell"}:
        return False
    by = reader.incise(sentence, cue)
    begin = reader.begin(sentence, cue.start)
    if by.speaker is None or not reader.opens_clause(
        begin, folded.rfind("comme", begin, cue.start)
    ):
        return False
    comma = clauses.SET_OFF.match(folded, by.speaker[1], sentence.end)
    if comma is None:
        return False
    limit = clauses.next_attribution(sentence, cue, folded, clause=comma.end())
    end = clauses.clause_end(folded, comma.end(), limit)
    return _add(reader, ((comma.end(), end),), by, "as-said", sentence, cue)


WAYS: tuple[Way, ...] = (as_said, said_that, said_to, incise_of_clause, according_to)
