# ruff: noqa: ARG001 (all ways have one signature)
"""Speech in quotation marks: the ways in which a text attributes it.

Each way looks at one marked stretch in its sentence and either makes the quotation or leaves it to the next;
:data:`WAYS` is their order.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

from fact_extractors.rules import clauses, speakers, verbs
from fact_extractors.rules.attribution import Attribution, Draft, Reader
from fact_extractors.rules.narration import NarratedSentence
from fact_extractors.rules.quotation_marks import DASHES, MarkedStretch
from fact_extractors.rules.speakers import Stretch
from fact_extractors.rules.verbs import Cue
from fact_extractors.rules.words import back_over
from factharness.facts import QuoteType

Way = Callable[[Reader, NarratedSentence, MarkedStretch, "NarratedSentence | None"], bool]

_LONGEST_NAME = 120
"""Characters that name a speaker inside marks at most."""
_SENTENCE_LIKE = re.compile(r"[A-ZÀ-ÖØ-Þ\"“(\[…]")
_INCISE_LEAD = re.compile(
    r"\s*(?:[,;:–—]\s*)?c'est (?:bien |là |du moins |en tout cas )?ce qu'|"
    r"\s*(?:[,–—]\s*)?(?:(?:\w+ment|ainsi|aussi|encore|alors|ensuite|enfin|en outre|par ailleurs|comme|"
    r"elle|il)\s+)?"
)
_DELIMITER = re.compile(r"[,.!?;:…](?=\s|$|[»”\"])")
_APPOSITION = re.compile(r"\s*(?:(?:le|la|un|une|son|sa) |l')")
_INCISE_GOES_ON = re.compile(
    r"\s*(?:\d+ ans|qui |dont |âgée? |"
    r"\w+(?:é|ée|ie?|ue?|ise?)s? (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|hier|de|du|à|par|en) )"
)
_NARRATOR = re.compile(
    r"\s*(?:[.;:!?…]|,(?!\s+(?:sinon|ni|même si|puisque|parce que|faute de|à condition|sauf|pourvu))|\)|$|\n|"
    r"(?:et|mais|puis|ou)\s+(?:(?:a|ont|avait|est|il|elle|ils|elles|on|se|ne|le|la|les|l|s|n|y|en|où|qui|que|qu)\b)|"
    r"(?:et|mais|puis|ou)\s*[«“\"]|(?:avant de|avant d'|tout en|tandis que|alors que|selon|d'après)(?!\w))"
)
_SHARED = re.compile(r"\s*(?:,|,? ?et|ou|ni)\s*(?:[^\s,;:.\x00][^,;:.\x00]{0,39})?\s*")


def incise_inside(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """« A, a-t-il dit, B »: the incise stands inside the marks and is a gap."""
    first, last = mark.inner
    spoken = reader.told.spoken
    for cue in verbs.find(spoken, first, last):
        comma = re.search(r"[,!?…]\s+$|\s[–—]\s$", spoken[max(first, cue.start - 3) : cue.start])
        if comma is None or cue.mood not in ("finite", "participle", "infinitive"):
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
        reader.add(Draft(tuple(content), "direct", by, "incise-inside", sentence))
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
    return phrase if named or speakers.is_office(reader.told.spoken, phrase) else None


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
    if cue is None or cue.start in reader.spent or cue.mood == "gerund":
        return False
    if cue.mood != "source" and cue.pronoun is None and not cue.uses & {"say", "tell"}:
        return False
    begin = _part(reader, sentence, mark.open)
    if any(begin <= c.start < mark.open and c.start not in reader.spent for c in sentence.cues):
        return False
    by = reader.incise(sentence, cue)
    if by.speaker is None and "read" not in cue.uses:
        return False
    stretches: list[Stretch] = [(mark.open, mark.close)]
    kind: QuoteType = "direct"
    if reader.words_between(begin, mark.open):
        kind = "mixed"
        stretches = [(clauses.clause_start(reader.told.folded, mark.open, begin), mark.close)]
    else:
        told = cue.end if by.speaker is None else by.speaker[1]
        stretches += _resumption(reader, sentence, mark, told)
        stretches = [*_carried(reader, mark), *stretches]
    reader.add(Draft(tuple(stretches), kind, by, "incise-after", sentence), cue)
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
    return next((c for c in sentence.cues if mark.close <= c.start <= begin), None)


def _resumption(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, after: int
) -> list[Stretch]:
    """The marks that follow an incise in the same sentence without a cue of their own."""
    other = next((m for m in sentence.marks if m.open > mark.open), None)
    if other is None or any(after <= c.start < other.open for c in sentence.cues):
        return []
    gap = reader.told.folded[after : other.open]
    return [(other.open, other.close)] if re.fullmatch(r"[^;:\x00]{0,80}[,:]\s*", gap) else []


def _part(reader: Reader, sentence: NarratedSentence, at: int) -> int:
    """Where the part of the sentence that holds ``at`` begins, a semicolon being an end."""
    begin = reader.begin(sentence, at)
    return max(begin, reader.told.folded.rfind("; ", begin, at) + 1)


def clause(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Il dit que « A »: a clause with its subordinator outside the marks, or an infinitive."""
    folded = reader.told.folded
    begin = reader.begin(sentence, mark.open)
    nearest = True
    for cue in reversed(sentence.cues):
        if not begin <= cue.start < mark.open or cue.start in reader.spent or cue.mood == "source":
            continue
        start, rule = _clause_opening(folded, cue, mark)
        fits = start is not None and (nearest or rule == "clause")
        nearest = False
        if start is None or not fits or not _reaches(folded, start, mark.open):
            continue
        end = _clause_ending(reader, sentence, cue, mark)
        by = Attribution((cue.start, cue.end), reader.subject(sentence, cue))
        reader.add(Draft(((start, end),), "mixed", by, rule, sentence), cue)
        return True
    return False


def _clause_opening(folded: str, cue: Cue, mark: MarkedStretch) -> tuple[int | None, str]:
    """Where the clause after a cue starts: at *que*, at an infinitive with its *de*; None for none."""
    if not cue.uses & {"say", "ask", "about"}:
        return None, ""
    after = clauses.QUE.match(folded, cue.end, mark.open)
    if after is not None:
        return after.start("sub"), "clause"
    after = clauses.bare_infinitive().match(folded, cue.end, mark.open)
    if after is None or "say" not in cue.uses:
        after = clauses.INFINITIVE.match(folded, cue.end, mark.open + 3)
    if after is None or (after.end("sub") > mark.open and not clauses.CLITIC.match(after["sub"])):
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
    if joined is None and _NARRATOR.match(folded, end):
        return end
    return max(end, clauses.clause_end(folded, joined.end() if joined else end + 2, limit))


def incise_between(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Le texte, dit-il, est « A »: an incise cuts the narrator's clause that holds the marks."""
    folded = reader.told.folded
    begin = _part(reader, sentence, mark.open)
    for cue in sentence.cues:
        if not begin < cue.start < mark.open or cue.start in reader.spent:
            continue
        if not folded[begin : cue.start].rstrip(" ").endswith(",") or not reader.words_between(
            begin, cue.start
        ):
            continue
        if cue.pronoun is None and cue.mood != "source":
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
        if not _NARRATOR.match(folded, end):
            end = max(end, clauses.clause_end(folded, end, sentence.end))
        content = ((start, back_over(folded, cue.start, " ")), (comma.end(), end))
        reader.add(Draft(content, "mixed", by, "incise-between", sentence), cue)
        return True
    return False


def colon(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Il a dit : « A »."""
    folded = reader.told.folded
    begin = reader.begin(sentence, mark.open)
    if not folded[begin : mark.open].rstrip().endswith(":"):
        return False
    cues = [c for c in sentence.cues if c.end <= mark.open and c.start not in reader.spent]
    cue = next(iter([c for c in cues if c.mood != "source"][-1:] or cues[-1:]), None)
    if cue is not None:
        by = Attribution((cue.start, cue.end), reader.subject(sentence, cue))
        if by.speaker is None:
            by = by._replace(speaker=_last_speaker(reader, sentence))
    else:
        by = Attribution(None, speakers.first(reader.text, folded, sentence.start, mark.open))
    reader.add(
        Draft(((mark.open, mark.close),), "direct", by, "colon", sentence), *([cue] if cue else [])
    )
    return True


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
    begin = _part(reader, sentence, mark.open)
    cue = next(
        (c for c in reversed(sentence.cues) if c.mood == "source" and begin <= c.start < mark.open),
        None,
    )
    if cue is None or cue.start in reader.spent:
        return False
    if any(
        cue.end < c.start < mark.open and c.uses & {"say", "about", "tell"} for c in sentence.cues
    ):
        return False
    if cue.lemma == "pour" and reader.words_between(begin, cue.start) not in (
        "",
        "mais",
        "et",
        "or",
    ):
        return False
    by = speakers.after(reader.text, folded, cue.end, mark.open)
    if by is None or (cue.lemma == "pour" and not speakers.may_speak(reader.text, by)):
        return False
    if "," not in folded[by[1] : mark.open] and (
        reader.words_between(by[1], mark.open) or " " not in folded[by[0] : by[1]]
    ):
        return False
    attribution = Attribution((cue.start, cue.end), by)
    start = min(clauses.after_source(folded, by[1], mark.open), mark.open)
    if start >= mark.open and _NARRATOR.match(folded, mark.close):
        draft = Draft(((mark.open, mark.close),), "direct", attribution, "source-direct", sentence)
    else:
        end = mark.close
        if not _NARRATOR.match(folded, end):
            end = max(end, clauses.clause_end(folded, end, sentence.end))
        draft = Draft(((start, end),), "mixed", attribution, "source-clause", sentence)
    reader.add(draft, cue)
    return True


def fragment(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Il dénonce « A », il parle d'un « A »: the marks alone are the quote."""
    begin = _part(reader, sentence, mark.open)
    cues = [
        c for c in sentence.cues if begin <= c.start and c.end <= mark.open and c.mood != "source"
    ]
    cue = next((c for c in reversed(cues) if c.start not in reader.spent), None)
    if cue is not None and not _names_speech(reader, cue, mark):
        cue = None
    by = None
    if cue is not None:
        by = Attribution((cue.start, cue.end), reader.subject(sentence, cue))
    else:
        by = _shared(reader, sentence, mark)
    if by is None:
        return False
    said = reader.text[mark.inner[0] : mark.inner[1]]
    close_by = cue is not None and mark.open - cue.end <= 2
    whole = close_by and _SENTENCE_LIKE.match(said) and len(said.split()) >= 3
    kind: QuoteType = "direct" if whole else "mixed"
    reader.add(Draft(((mark.open, mark.close),), kind, by, "fragment", sentence))
    return True


def _names_speech(reader: Reader, cue: Cue, mark: MarkedStretch) -> bool:
    """Whether a cue before the marks has them for object: right before them, or as its own kind of object."""
    if mark.open - cue.end <= 3:
        return True
    if reader.told.folded.endswith(", ", 0, cue.start) and cue.mood == "finite":
        return False  # an incise of the clause before
    words = reader.text[mark.inner[0] : mark.inner[1]].split()
    if "about" in cue.uses:
        return len(words) > 1 or not words[0][:1].isupper()
    return bool(cue.uses & {"say", "ask"}) and len(words) >= 3


def _shared(reader: Reader, sentence: NarratedSentence, mark: MarkedStretch) -> Attribution | None:
    """The attribution of the fragment before, when *et*, *ou* or a comma coordinates the two."""
    for draft in reversed(reader.here(sentence)):
        end = draft.content[-1][1]
        gap = reader.told.folded[end : mark.open]
        if draft.rule == "fragment" and end <= mark.open and _SHARED.fullmatch(gap):
            return draft.by
    return None


def predicate(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Le ministère « ne commente pas »: a subject whose predicate stands in the marks, without a cue."""
    said = reader.text[mark.inner[0] : mark.inner[1]]
    if len(said.split()) < 4 or _SENTENCE_LIKE.match(said):
        return False
    begin = _part(reader, sentence, mark.open)
    speaker = speakers.before(reader.text, reader.told.folded, begin, mark.open)
    told = reader.told.folded
    if speaker is None or told[speaker[1] : mark.open].strip(" ,"):
        return False
    if speakers.has_verb(told, begin, mark.open):
        return False
    by = Attribution(None, speaker)
    reader.add(Draft(((mark.open, mark.close),), "mixed", by, "predicate", sentence))
    return True


def alone(
    reader: Reader, sentence: NarratedSentence, mark: MarkedStretch, before: NarratedSentence | None
) -> bool:
    """Marked speech that is a sentence of its own, said by whom the sentence before is about."""
    if reader.words_between(sentence.start, mark.open):
        return False
    said = reader.text[mark.inner[0] : mark.inner[1]]
    of_dialogue = mark.mark in DASHES
    if (len(said.split()) < 4 and not of_dialogue) or not _SENTENCE_LIKE.match(said):
        return False
    rest = reader.told.folded[mark.close : sentence.end].strip(" .!?…\n")
    if rest and not (rest.startswith(":") and sentence.paragraph == 0):
        return False
    speaker = None
    # in dialogue who speaks next is somebody else
    if before is not None and before.paragraph == sentence.paragraph and not of_dialogue:
        told = reader.here(before)
        speaker = told[-1].by.speaker if told else None
        if speaker is None:
            speaker = speakers.first(reader.text, reader.told.folded, before.start, before.end)
            if speaker is not None and not speakers.is_person(
                reader.text, reader.told.folded, speaker
            ):
                speaker = None
        speaker = speaker or _last_speaker(reader, sentence)
    by = Attribution(None, speaker)
    reader.add(Draft(((mark.open, mark.close),), "direct", by, "alone", sentence))
    return True


WAYS: tuple[Way, ...] = (
    incise_inside,
    resumed,
    incise_after,
    incise_between,
    clause,
    colon,
    source_before,
    fragment,
    alone,
    predicate,
)
