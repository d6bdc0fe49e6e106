# ruff: noqa: ARG001 (all ways have one signature)
"""Incises beside or inside speech in quotation marks: *dit-il*, *a précisé la maire*, *selon elle*."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from fact_extractors.rules import clauses, noun_phrases, speakers, unknown_verbs, verbs
from fact_extractors.rules.attribution import Attribution, Draft, Reader
from fact_extractors.rules.narration import NarratedSentence
from fact_extractors.rules.noun_phrases import Stretch
from fact_extractors.rules.verbs import Cue
from fact_extractors.speech.quotation_marks import DASHES, MarkedStretch
from fact_extractors.words import back_over
from factharness.facts import QuoteType

_LONGEST_NAME = 120
"""Characters that name a speaker inside marks at most."""
_INCISE_LEAD = re.compile(
    r"\s*(?:[,;:–—]\s*)?c'est (?:bien |là |du moins |en tout cas )?ce qu'|"
    r"\s*(?:[,–—]\s*)?(?:(?:\w+ment|ainsi|aussi|encore|alors|ensuite|enfin|en outre|par ailleurs|comme|"
    r"elle|il)\s+)?"
)
_BEFORE_INCISE = re.compile(r"[,.!?…]\s+$|\s[–—]\s$")
_PAUSE = re.compile(r"[,.!?…]\s|\s[–—]\s")
"""What any stretch holds in which :data:`_BEFORE_INCISE` is found."""
_TAIL = re.compile(r"[^;:.!?…\n]{1,160},\s+")
_ADVERBIAL_TAIL = re.compile(
    r",\s+(?:dans|à|aux?|en|sur|lors|depuis|pour|avec|pendant|après|avant)\s"
)
_DELIMITER = re.compile(r"[,.!?;:…](?=\s|$|[»”\"])")
_APPOSITION = re.compile(r"\s*(?:(?:le|la|un|une|son|sa) |l')")
_INCISE_GOES_ON = re.compile(
    r"\s*(?:\d+ ans|qui |dont |âgée? |"
    r"\w+(?:é|ée|ie?|ue?|ise?)s? (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|hier|de|du|à|par|en) )"
)


def incise_inside(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """« A, a-t-il dit, B »: the incise stands inside the marks and is a gap."""
    first, last = mark.inner
    spoken = reader.told.spoken
    if _PAUSE.search(spoken, first, last) is None:
        return False
    for cue in verbs.find(spoken, first, last):
        comma = _BEFORE_INCISE.search(spoken, max(first, cue.start - 3), cue.start)
        if comma is None or (comma.group()[0] == "." and not reader.text[cue.start].islower()):
            continue
        if cue.mood not in ("finite", "participle", "infinitive"):
            continue
        if reader.told.is_nested(cue.start):
            continue
        speaker = cue.pronoun or _named_after(reader, cue, last)
        if speaker is None:
            continue
        content = [*_carried(reader, mark), (mark.open, _before_space(spoken, cue.start))]
        stop = max(cue.end, speaker[1])
        resume = _incise_end(spoken, stop, last, named=cue.pronoun is None)
        if resume >= last:  # what seemed an apposition is all that is said
            resume = _incise_end(spoken, stop, last, named=False)
        if resume < last:
            content.append((resume, mark.close))
        by = Attribution((cue.start, cue.end), speaker)
        reader.add(Draft(content, "direct", by, "incise-inside", sentence))
        reader.cover(mark.open, mark.close)
        return True
    return False


def _before_space(text: str, at: int) -> int:
    while text[at - 1].isspace():
        at -= 1
    return at


def _named_after(reader: Reader, cue: Cue, last: int) -> Stretch | None:
    """The subject of an incise without pronoun inside marks; it must be a name or a function."""
    if not cue.uses & {"say", "tell"} or cue.mood == "infinitive":
        return None
    last = min(last, cue.end + 2 * _LONGEST_NAME)
    phrase = speakers.after_verb(reader.text, reader.told.spoken, cue.end, last)
    if phrase is None or phrase[1] - phrase[0] > _LONGEST_NAME:
        return None
    named = any(c.isupper() for c in reader.text[phrase[0] : phrase[1]])
    return phrase if named or noun_phrases.is_office(reader.told.spoken, phrase) else None


def _incise_end(spoken: str, start: int, last: int, *, named: bool) -> int:
    """Where speech resumes after an incise whose speaker ends at ``start``, with an apposition if ``named``."""
    end = _DELIMITER.search(spoken, start, last)
    while end is not None:
        stop = end.group() != "." or clauses.is_stop(spoken, end.start())
        aside = end.group() == "," and (
            _INCISE_GOES_ON.match(spoken, end.end(), last)
            or (named and _APPOSITION.match(spoken, end.end(), last))
        )
        if stop and not aside:
            break
        end = _DELIMITER.search(spoken, end.end(), last)
    resume = last if end is None else end.end()
    while resume < last and spoken[resume].isspace():
        resume += 1
    return resume


def resumed(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """« A », dit-il. « B »: nothing but a stop between, so B belongs to the quote before, but for dialogue."""
    if before is None or not reader.drafts or mark.mark in DASHES:
        return False
    if sentence.cues and sentence.cues[0].start < mark.close + 2:
        return False
    if reader.words_between(sentence.start, mark.open):
        return False
    if reader.told.folded[mark.close : sentence.end].strip(" .!?…\n"):
        return False
    last = reader.drafts[-1]
    if last.sentence is not before or (last.type != "direct" and not mark.continues):
        return False
    if before.paragraph != sentence.paragraph and not mark.continues:
        return False
    reader.carry_on((mark.open, mark.close), sentence)
    return True


def incise_after(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """« A », dit-il: the cue follows the marks. Before them there is nothing, or the rest of the clause."""
    cue = _cue_after(reader, sentence, mark)
    close = mark.close
    begin = reader.part(sentence, mark.open)
    if cue is None:
        cue, close = _cue_of_clause(reader, sentence, mark)
    if cue is None or cue.start in reader.spent or cue.mood == "gerund":
        return False
    named = cue.mood == "source" or cue.pronoun is not None or cue.uses & {"say", "tell", "that"}
    if not named and not _may_be_speech(reader, sentence, mark):
        return False
    if any(
        begin <= c.start < mark.open and c.start not in reader.spent and c.uses != {"that"}
        for c in sentence.cues
    ):
        return False
    by = reader.incise(sentence, cue)
    if by.speaker is None and "read" not in cue.uses:
        return False
    stretches: list[Stretch] = [(mark.open, mark.close)]
    kind: QuoteType = "direct"
    if close > mark.close or reader.words_between(begin, mark.open):
        kind = "mixed"
        stretches = [(clauses.clause_start(reader.told.folded, mark.open, begin), close)]
    else:
        told = cue.end if by.speaker is None else by.speaker[1]
        stretches += _resumption(reader, sentence, mark, told)
        stretches = [*_carried(reader, mark), *stretches]
    reader.add(Draft(stretches, kind, by, "incise-after", sentence), cue)
    return True


def _carried(reader: Reader, mark: MarkedStretch) -> list[Stretch]:
    """The stretches that ``mark`` carries on over paragraphs, out of a quotation without cue that held them."""
    outer = reader.told.outer
    place = bisect_left(outer, mark.open, key=_open)
    held = reader.drafts[-1] if reader.drafts else None
    told = 0 if held is None or held.by.cue is None else held.content[-1][1]
    chain: list[Stretch] = []
    while place > 0 and outer[place].continues and outer[place - 1].close > told:
        place -= 1
        chain.append((outer[place].open, outer[place].close))
    if chain and held is not None and held.content[-1] == chain[0]:
        reader.drafts.pop()
    return chain[::-1]


def _open(mark: MarkedStretch) -> int:
    return mark.open


def _cue_after(reader: Reader, sentence: NarratedSentence, mark: MarkedStretch) -> Cue | None:
    """The cue of an incise right after the marks."""
    lead = _INCISE_LEAD.match(reader.told.folded, mark.close)
    begin = lead.end() if lead else mark.close
    known = next((c for c in _set_off(reader, sentence, mark) if c.start <= begin), None)
    if known is not None or not _may_be_speech(reader, sentence, mark):
        return known
    return unknown_verbs.behind(reader.text, reader.told.folded, mark.close, sentence.end)


def _set_off(reader: Reader, sentence: NarratedSentence, mark: MarkedStretch) -> Iterator[Cue]:
    """The cues behind the marks, without *pour* that no comma sets off: *« trop petit » pour la finale*."""
    for cue in sentence.cues[bisect_left(sentence.cues, mark.close, key=_cue_start) :]:
        if cue.lemma != "pour" or reader.told.folded.endswith(", ", 0, cue.start):
            yield cue


def _cue_start(cue: Cue) -> int:
    return cue.start


def _cue_of_clause(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch
) -> tuple[Cue | None, int]:
    """The cue of an incise behind the clause that holds the marks, and where that clause ends."""
    folded = reader.told.folded
    cue = next(_set_off(reader, sentence, mark), None)
    if cue is None or cue.mood == "gerund":
        return None, mark.close
    tail = _TAIL.fullmatch(folded, mark.close, cue.start)
    goes_on = _ADVERBIAL_TAIL.match(folded, mark.close)
    if tail is None or (clauses.NARRATOR.match(folded, mark.close) and not goes_on):
        return None, mark.close
    return cue, back_over(folded, cue.start, ", ")


def _may_be_speech(reader: Reader, sentence: NarratedSentence, mark: MarkedStretch) -> bool:
    """Whether marked words look like speech rather than a title: they open the sentence, and are a few."""
    words = reader.text[mark.inner[0] : mark.inner[1]].split()
    opened = reader.words_between(reader.part(sentence, mark.open), mark.open)
    return mark.closed and len(words) >= 2 and not opened


def _resumption(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, after: int
) -> list[Stretch]:
    """The marks that follow an incise in the same sentence without a cue of their own."""
    other = next((m for m in sentence.marks if m.open > mark.open), None)
    if other is None or any(after <= c.start < other.open for c in sentence.cues):
        return []
    gap = reader.told.folded[after : other.open]
    return [(other.open, other.close)] if re.fullmatch(r"[^;:\x00]{0,80}[,:]\s*", gap) else []


def as_said(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Comme le rappelle X, « A »; comme l'a dit X, le texte est « A »."""
    folded = reader.told.folded
    begin = reader.part(sentence, mark.open)
    for cue in reversed(sentence.cues):
        if not begin <= cue.start < mark.open or cue.start in reader.spent:
            continue
        if not clauses.follows_as(folded, cue):
            return False
        by = reader.incise(sentence, cue)
        if by.speaker is None or by.speaker[1] > mark.open:
            return False
        comma = clauses.SET_OFF.match(folded, by.speaker[1], mark.open)
        if comma is None:
            return False
        led = comma.end() >= mark.open or folded[comma.end() : mark.open].rstrip().endswith(":")
        whole = led and clauses.NARRATOR.match(folded, mark.close)
        end = mark.close
        if not whole and not clauses.NARRATOR.match(folded, end):
            end = max(end, clauses.clause_end(folded, end, sentence.end))
        content: list[Stretch] = [(mark.open if whole else comma.end(), end)]
        cut = reader.told.folded.rfind("comme", begin, cue.start)
        if not reader.opens_clause(begin, cut):
            whole = None
            start = clauses.clause_start(folded, cut, begin)
            content = [(start, back_over(folded, cut, " ")), (comma.end(), end)]
        reader.add(Draft(content, "direct" if whole else "mixed", by, "as-said", sentence), cue)
        return True
    return False


def incise_between(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Le texte, dit-il, est « A »: an incise cuts the narrator's clause that holds the marks."""
    folded = reader.told.folded
    begin = reader.part(sentence, mark.open)
    for cue in sentence.cues:
        if not begin < cue.start < mark.open or cue.start in reader.spent:
            continue
        if not folded[begin : cue.start].rstrip(" ").endswith(",") or not reader.words_between(
            begin, cue.start
        ):
            continue
        if (cue.pronoun is None and cue.mood != "source") or cue.lemma == "pour":
            continue
        if cue.mood == "source" and len(reader.words_between(begin, cue.start).split()) < 3:
            continue
        by = reader.incise(sentence, cue)
        if by.speaker is None:
            continue
        stop = max(cue.end, by.speaker[1])
        comma = re.compile(r"[^,;:\x00]{0,40},\s*").match(folded, stop, mark.open + 1)
        if comma is None:
            continue
        start = clauses.clause_start(folded, cue.start, begin)
        end = mark.close
        if not clauses.NARRATOR.match(folded, end):
            end = max(end, clauses.clause_end(folded, end, sentence.end))
        content = [(start, back_over(folded, cue.start, " ")), (comma.end(), end)]
        reader.add(Draft(content, "mixed", by, "incise-between", sentence), cue)
        return True
    return False
