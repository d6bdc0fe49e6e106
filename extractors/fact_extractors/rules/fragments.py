# ruff: noqa: ARG001 (all ways have one signature)
"""Fragments: words in marks that are a part of the narrator's sentence.

*dénonce un plan « écrit à la hâte »*, *qualifié de « folie » par X*, *Le ministère « ne commente pas »*.
"""

from __future__ import annotations

import re

from fact_extractors.rules import clauses, noun_phrases, said_by, speakers, subjects, verbs
from fact_extractors.rules.attribution import Attribution, Draft, Reader, said_with
from fact_extractors.rules.narration import NarratedSentence
from fact_extractors.rules.verbs import Cue
from fact_extractors.speech.quotation_marks import MarkedStretch
from factharness.facts import QuoteType

_CLAUSE_INSIDE = re.compile(r"(?:que |qu['’]|si |s['’]il)\w")
"""A subordinator inside the marks: all of the clause stands in them."""
_SHARED = re.compile(r"\s*(?:,? ?puis|,|,? ?et|ou|ni)\s*(?:[^\s,;:.\x00][^,;:.\x00]{0,39})?\s*")


_OBJECT = re.compile(
    r"(?: \w+){0,2} (?:le |la |les |l'|une? |des |d[eu] |d'|son |sa |ses |leurs? |cet? |cette |ces )"
)
"""What stands between a verb and a short object in marks: *constate ainsi le « vide présidentiel »*."""


_LISTED = re.compile(r"\s*(?:,|,? et|,? puis|,? ou)\s*")


_BY = re.compile(r"\s+par (?=\w)")


def fragment(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Il dénonce « A », il parle d'un « A »: the marks alone are the quote."""
    begin = reader.part(sentence, mark.open)
    cues = [
        c for c in sentence.cues if begin <= c.start and c.end <= mark.open and c.mood != "source"
    ]
    cue = next((c for c in reversed(cues) if c.start not in reader.spent), None)
    if cue is not None and not _names_speech(reader, cue, mark):
        cue = None
    by = None
    if cue is not None:
        by = Attribution(said_with(cue), reader.subject(sentence, cue))
        by = reader.with_main_subject(sentence, cue, by, mark.close)
    else:
        by = _shared(reader, sentence, mark)
    if by is None:
        return False
    said = reader.text[mark.inner[0] : mark.inner[1]]
    close_by = cue is not None and mark.open - cue.end <= 2
    sentence_like = clauses.SENTENCE_LIKE.match(said) is not None and len(said.split()) >= 3
    whole = sentence_like or _CLAUSE_INSIDE.match(said.lower()) is not None
    kind: QuoteType = "direct" if close_by and whole else "mixed"
    rule = "fragment"
    told = reader.here(sentence)
    if (
        cue is None and told and told[-1].rule == "colon"
    ):  # « A », « B »: all of them behind the colon
        kind, rule = "direct", "colon"
    reader.add(Draft([(mark.open, mark.close)], kind, by, rule, sentence))
    return True


def _names_speech(reader: Reader, cue: Cue, mark: MarkedStretch) -> bool:
    """Whether a cue before the marks has them for object: right before them, or as its own kind of object."""
    if mark.open - cue.end <= 3:
        return True
    if reader.told.folded.endswith(", ", 0, cue.start) and cue.mood == "finite":
        return False  # an incise of the clause before
    words = reader.text[mark.inner[0] : mark.inner[1]].split()
    titled = said_by.names_a_title(reader.told.folded, cue.end, mark.open)
    if words[0][:1].isupper() and (titled or len(words) <= 4):
        return False  # a title, a name
    if "about" in cue.uses:
        return True
    near = _OBJECT.fullmatch(reader.told.folded, cue.end, mark.open) is not None
    return bool(cue.uses & {"say", "ask"}) and len(words) >= (2 if near else 3)


def _shared(reader: Reader, sentence: NarratedSentence, mark: MarkedStretch) -> Attribution | None:
    """The attribution of the fragment before, when *et*, *ou* or a comma coordinates the two."""
    for draft in reversed(reader.here(sentence)):
        end = draft.content[-1][1]
        gap = reader.told.folded[end : mark.open]
        if draft.rule == "fragment" and end <= mark.open and _SHARED.fullmatch(gap):
            return draft.by
        if draft.rule == "colon" and end <= mark.open and _LISTED.fullmatch(gap):
            return draft.by
    return None


def passive(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Un plan qualifié de « A » par X: a participle before the marks, its agent behind them."""
    folded = reader.told.folded
    agent = _BY.match(folded, mark.close, sentence.end)
    if agent is None:
        return False
    cue = verbs.passive_before(folded, reader.part(sentence, mark.open), mark.open)
    speaker = speakers.after(reader.text, folded, agent.end(), sentence.end)
    if cue is None or speaker is None:
        return False
    by = Attribution(cue, speaker)
    reader.add(Draft([(mark.open, mark.close)], "mixed", by, "passive", sentence))
    return True


def predicate(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Le ministère « ne commente pas »: a subject whose predicate stands in the marks, without a cue."""
    said = reader.text[mark.inner[0] : mark.inner[1]]
    if len(said.split()) < 4 or clauses.SENTENCE_LIKE.match(said):
        return False
    begin = reader.part(sentence, mark.open)
    speaker = subjects.before(reader.text, reader.told.folded, begin, mark.open)
    told = reader.told.folded
    if speaker is None or told[speaker[1] : mark.open].strip(" ,"):
        return False
    left_out = "," in told[speaker[1] : mark.open]  # l'opposition, « une usine à gaz »
    if not left_out and not noun_phrases.may_begin_with_verb(reader.told.spoken, mark.inner):
        return False
    if noun_phrases.has_verb(told, begin, mark.open) or said_by.names_a_title(
        told, begin, mark.open
    ):
        return False
    if told[speaker[0] : speaker[1]].rpartition(" ")[2] in noun_phrases.word_lists().determiner:
        return False
    by = Attribution(None, speaker)
    reader.add(Draft([(mark.open, mark.close)], "mixed", by, "predicate", sentence))
    return True
