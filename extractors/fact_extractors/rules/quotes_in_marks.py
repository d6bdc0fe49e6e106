# ruff: noqa: ARG001 (all ways have one signature)
"""Speech in quotation marks: the ways in which a text attributes it.

Each way looks at one marked stretch in its sentence and either makes the quotation or leaves it to the next;
:data:`WAYS` is their order. Those with an incise are in :mod:`.incises`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from fact_extractors.rules import asides, clauses, fragments, incises, said_by, speakers
from fact_extractors.rules.attribution import Attribution, Draft, Reader, said_with
from fact_extractors.rules.narration import NarratedSentence
from fact_extractors.rules.noun_phrases import Stretch
from fact_extractors.rules.verbs import Cue
from fact_extractors.speech.quotation_marks import DASHES, MarkedStretch
from fact_extractors.words import back_over

Way = Callable[[Reader, NarratedSentence, MarkedStretch, "NarratedSentence | None"], bool]


def clause(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Il dit que « A »: a clause with its subordinator outside the marks, or an infinitive."""
    folded = reader.told.folded
    begin = reader.begin(sentence, mark.open)
    before_marks = folded[begin : mark.open].rstrip()
    nearest = True
    led = before_marks.endswith(":")
    if led and _is_whole_sentence(reader, mark):
        return False
    for cue in reversed(sentence.cues):
        if not begin <= cue.start < mark.open or cue.start in reader.spent or cue.mood == "source":
            continue
        if led and not nearest:
            return False
        start, rule = _clause_opening(folded, reader.told.spoken, cue, mark)
        fits = rule == "clause" or (nearest and not led)
        if start is None and folded.startswith("avoir ", cue.start):
            continue  # part of an infinitive clause: dit avoir vu « A »
        nearest = False
        if start is None or not fits or not _reaches(folded, start, mark.open):
            continue
        end = _clause_ending(reader, sentence, cue, mark)
        by = Attribution(said_with(cue), reader.subject(sentence, cue))
        by = reader.with_main_subject(sentence, cue, by, end)
        reader.add(Draft([(start, end)], "mixed", by, rule, sentence), cue)
        return True
    return False


def _is_whole_sentence(reader: Reader, mark: MarkedStretch) -> bool:
    """Whether the marks hold a sentence rather than a part of one."""
    said = reader.text[mark.inner[0] : mark.inner[1]]
    return clauses.SENTENCE_LIKE.match(said) is not None and len(said.split()) >= 3


def _clause_opening(
    folded: str, spoken: str, cue: Cue, mark: MarkedStretch
) -> tuple[int | None, str]:
    """Where the clause after a cue starts: at *que*, at an infinitive with its *de*; None for none."""
    if not cue.uses & {"say", "ask", "about", "that"}:
        return None, ""
    after = clauses.subordinator(folded, cue.end, mark.open)
    if after is not None:
        return after.start("sub"), "clause"
    past = asides.past(folded, cue.end, mark.open)
    after = clauses.bare_infinitive().match(folded, past, mark.open)
    if after is None or "say" not in cue.uses:
        after = clauses.INFINITIVE.match(folded, cue.end, mark.open + 3)
    if after is None:
        return None, ""
    in_marks = after.end("sub") > mark.open and not clauses.CLITIC.match(after["sub"])
    if in_marks and not (
        after["sub"].startswith(("de ", "d'", "à "))
        and clauses.begins_with_infinitive(spoken, mark.inner)
    ):
        return None, ""
    return after.start("sub"), "infinitive"


def _reaches(folded: str, start: int, end: int) -> bool:
    """Whether the clause that starts at ``start`` goes on up to the marks at ``end``."""
    return clauses.clause_end(folded, start, end) >= back_over(folded, end, ' ,:«“"') - 1


def _clause_ending(
    reader: Reader, sentence: NarratedSentence, cue: Cue, mark: MarkedStretch
) -> int:
    """The end of a clause that holds ``mark``: the marks, unless more of the clause follows."""
    folded = reader.told.folded
    limit = clauses.next_attribution(sentence, cue, folded)
    end = mark.close
    for other in sentence.marks:
        if mark.open < other.open < limit and clauses.goes_on(folded[end : other.open]):
            end = other.close
    joined = clauses.COORDINATED_QUE.match(folded, end, limit)
    if joined is None and clauses.NARRATOR.match(folded, end):
        return end
    return max(end, clauses.clause_end(folded, joined.end() if joined else end + 2, limit))


def colon(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Il a dit : « A »."""
    folded = reader.told.folded
    begin = reader.begin(sentence, mark.open)
    if not folded[begin : mark.open].rstrip().endswith(":"):
        return False
    cues = [
        c
        for c in sentence.cues
        if c.end <= mark.open and c.start not in reader.spent and _may_lead(reader, sentence, c)
    ]
    cue = next(iter([c for c in cues if c.mood != "source"][-1:] or cues[-1:]), None)
    if cue is not None:
        by = Attribution(said_with(cue), reader.subject(sentence, cue))
        if by.speaker is None:
            by = replace(by, speaker=_last_speaker(reader, sentence))
    else:
        by = Attribution(None, speakers.first(reader.text, folded, sentence.start, mark.open))
        if by.speaker is not None and not said_by.may_say(reader.text, folded, by.speaker):
            by = Attribution(None, None)
    draft = Draft([(mark.open, mark.close)], "direct", by, "colon", sentence)
    if cue is None or clauses.subordinator(folded, cue.end, mark.open) is not None:
        reader.add(draft)  # its clause is another quotation: il assure que A : « B »
    else:
        reader.add(draft, cue)
    return True


def _may_lead(reader: Reader, sentence: NarratedSentence, cue: Cue) -> bool:
    """Whether a cue may lead to speech behind a colon: *pour* only with somebody who speaks, and no verb that
    only takes a clause (*a trouvé un slogan : « … »*)."""
    if cue.lemma != "pour":
        folded = reader.told.folded
        return cue.uses != {"that"} and not clauses.means_only(folded[cue.start : cue.end])
    by = reader.source(sentence, cue)
    return by is not None and said_by.may_speak(reader.text, reader.told.folded, by)


def _last_speaker(reader: Reader, sentence: NarratedSentence) -> Stretch | None:
    """The speaker of the quotation before, in the same paragraph."""
    if not reader.drafts or reader.drafts[-1].sentence.paragraph != sentence.paragraph:
        return None
    return reader.drafts[-1].by.speaker


def source_before(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Selon X, « A »; or Selon X, le projet est « A »."""
    folded = reader.told.folded
    begin = reader.part(sentence, mark.open)
    sources = [c for c in sentence.cues if c.mood == "source" and begin <= c.start < mark.open]
    while (
        sources
        and sources[-1].lemma == "pour"
        and not reader.opens_clause(begin, sources[-1].start)
    ):
        del sources[-1]
    cue = sources[-1] if sources else None
    if cue is None or cue.start in reader.spent:
        return False
    between = [c for c in sentence.cues if cue.end < c.start < mark.open and c.mood != "source"]
    if any(c.uses & {"say", "about", "tell"} for c in between):
        return False
    by = reader.source(sentence, cue)
    if by is None or by[1] > mark.open:
        return False
    if cue.lemma == "pour" and not said_by.may_speak(reader.text, folded, by):
        return False
    set_off = reader.opens_clause(begin, cue.start) or folded.endswith(", ", 0, cue.start)
    if not said_by.may_be_source(reader.text, folded, by, set_off=set_off):
        return False
    if "," not in folded[by[1] : mark.open] and (
        reader.words_between(by[1], mark.open)
        or (cue.lemma == "pour" and " " not in folded[by[0] : by[1]])
    ):
        return False
    attribution = Attribution((cue.start, cue.end), by)
    start = min(clauses.after_source(reader.text, folded, by[1], mark.open), mark.open)
    end = _clause_ending(reader, sentence, cue, mark)
    left = clauses.clause_start(folded, cue.start, begin), back_over(folded, cue.start, ", ")
    if not reader.opens_clause(begin, cue.start) and clauses.holds_verb(folded, *left):
        draft = Draft([left, (start, end)], "mixed", attribution, "source-clause", sentence)
    elif start >= mark.open and end == mark.close:
        draft = Draft([(mark.open, mark.close)], "direct", attribution, "source-direct", sentence)
    else:
        draft = Draft([(start, end)], "mixed", attribution, "source-clause", sentence)
    reader.add(draft, cue)
    return True


def alone(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Marked speech that is a sentence of its own, said by whom the sentence before is about."""
    if reader.words_between(sentence.start, mark.open):
        return False
    said = reader.text[mark.inner[0] : mark.inner[1]]
    of_dialogue = mark.mark in DASHES
    signed = _signature(reader, mark)
    rest = reader.told.folded[mark.close : sentence.end].strip(" .!?…\n")
    if signed is not None:
        rest = ""
    headline = rest.startswith(":") and sentence.paragraph == 0
    if rest and not headline:
        return False
    fewest = 2 if headline or said[-1] in ".!?…" else 4
    if (len(said.split()) < fewest and not of_dialogue) or not clauses.SENTENCE_LIKE.match(said):
        return False
    speaker = None
    # in dialogue who speaks next is somebody else
    if before is not None and before.paragraph == sentence.paragraph and not of_dialogue:
        told = reader.here(before)
        speaker = told[-1].by.speaker if told else None
        if speaker is None:
            speaker = speakers.first(reader.text, reader.told.folded, before.start, before.end)
            if speaker is not None and not said_by.is_person(
                reader.text, reader.told.folded, speaker
            ):
                speaker = None
        speaker = speaker or _last_speaker(reader, sentence)
    by = Attribution(None, signed or speaker)
    closed = mark.closed and not of_dialogue
    if signed is None and closed and before is not None and before.paragraph == sentence.paragraph:
        by = _announced(reader, before) or by
    reader.add(Draft([(mark.open, mark.close)], "direct", by, "alone", sentence))
    return True


_SIGNING = re.compile(r"[.\s]{0,4}[—–-]\s?(?=\w)")


def _signature(reader: Reader, mark: MarkedStretch) -> Stretch | None:
    """Who signs marked words behind a dash: *« … » — Anne Vial, maire*."""
    dash = _SIGNING.match(reader.text, mark.close)
    if dash is None or not reader.text[dash.end()].isupper():
        return None
    end = reader.text.find("\n", dash.end())
    found = speakers.after(
        reader.text, reader.told.folded, dash.end(), len(reader.text) if end < 0 else end
    )
    return found if found is not None and found[0] == dash.end() else None


def _announced(reader: Reader, before: NarratedSentence) -> Attribution | None:
    """The attribution by the sentence before, if it has one cue without its words yet.

    *La porte-parole a nuancé les chiffres. « … »*
    """
    cues = [
        c for c in before.cues if c.mood in ("finite", "participle") and c.uses & {"say", "tell"}
    ]
    told = (
        reader.here(before) or before.marks or ":" in reader.told.folded[before.start : before.end]
    )
    if len(cues) != 1 or cues[0].start in reader.spent or told:
        return None
    subject = reader.subject(before, cues[0])
    return None if subject is None else Attribution((cues[0].start, cues[0].end), subject)


WAYS: tuple[Way, ...] = (
    incises.incise_inside,
    incises.resumed,
    incises.incise_after,
    incises.as_said,
    incises.incise_between,
    clause,
    colon,
    source_before,
    fragments.passive,
    fragments.fragment,
    alone,
    fragments.predicate,
)
