"""Quotations: what was said, by whom, and which words say so.

Every marked stretch of a sentence is tried with one way of attributing speech after the other (:data:`_WAYS`); the
first that fits makes the quote. What remains of the cues then makes the indirect ones. The narrator's sentences come
from :mod:`.narration`, the cues from :mod:`.verbs`, the speakers from :mod:`.speakers`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from fact_extractors.rules import clauses, speakers, verbs
from fact_extractors.rules.marks import Marked
from fact_extractors.rules.narration import Narration, Sentence
from fact_extractors.rules.verbs import Cue
from factharness.facts import Quote, QuoteType, Span

Stretch = tuple[int, int]

_OPENING = re.compile(r"[\s(]*(?:et|mais|puis|ou|car|or)?[\s,:–—-]*$")
_AFTER = re.compile(
    r"\s*,?\s*(?:(?:\w+ment|ainsi|aussi|encore|alors|ensuite|enfin|également|en outre|par ailleurs|elle|il)\s+)?"
)
_STOP_AFTER = re.compile(r"\s*(?:[.;:!?…]|,|\)|$|\n|(?:et|mais|avant de|avant d'|tout en|puis|ou|tandis que|alors que|"
                         r"selon|d'après)(?!\w))")  # fmt: skip
_ADVERBIAL_ONLY = re.compile(r"\s*(?:[^,;:.\x00]{0,60}?)\s*:?\s*$")
_SENTENCE = re.compile(r"[A-ZÀ-ÖØ-Þ\"“(\[…]")


class Found(NamedTuple):
    """A quotation and the id of the way it was attributed."""

    quote: Quote
    rule: str


class Attribution(NamedTuple):
    """Who and how: the cue and the speaker, either may be missing."""

    cue: Stretch | None
    speaker: Stretch | None


class _Draft(NamedTuple):
    """A quote in the making."""

    content: tuple[Stretch, ...]
    type: QuoteType
    by: Attribution
    rule: str
    sentence: Sentence


class _Reader:
    """The state of one article: what has been found, which cues are spent."""

    def __init__(self, text: str) -> None:
        self.told = Narration(text)
        self.text = text
        self.drafts: list[_Draft] = []
        self.spent: set[int] = set()
        self.covered: list[Stretch] = []

    def read(self) -> list[_Draft]:
        previous: Sentence | None = None
        for sentence in self.told.sentences:
            self._marked(sentence, previous)
            self._unmarked(sentence)
            previous = sentence
        return sorted(self.drafts, key=lambda d: d.content[0])

    def add(self, draft: _Draft, *cues: Cue) -> None:
        self.drafts.append(draft)
        self.spent |= {cue.start for cue in cues}
        self.covered += draft.content

    def is_covered(self, start: int, end: int) -> bool:
        return any(a <= start and end <= b for a, b in self.covered)

    # --- marked speech --------------------------------------------------------------------------------------------

    def _marked(self, sentence: Sentence, previous: Sentence | None) -> None:
        for mark in sentence.marks:
            if self.is_covered(mark.open, mark.close):
                continue
            for way in _WAYS:
                if way(self, sentence, mark, previous):
                    break

    # --- speech without marks -------------------------------------------------------------------------------------

    def _unmarked(self, sentence: Sentence) -> None:
        for cue in sentence.cues:
            if cue.start not in self.spent:
                for way in (_said_that, _incise_of_clause, _according_to):
                    if way(self, sentence, cue):
                        break

    # --- who ------------------------------------------------------------------------------------------------------

    def subject(self, sentence: Sentence, cue: Cue) -> Stretch | None:
        """The subject of a cue: its inverted pronoun, what follows *selon*, what stands before a verb."""
        told = self.told
        if cue.pronoun is not None:
            return cue.pronoun
        if cue.mood == "source":
            return speakers.after(self.text, told.folded, cue.end, sentence.end)
        start = sentence.start
        for mark in sentence.marks:
            if mark.close <= cue.start:
                start = mark.close
        found = speakers.before(self.text, told.folded, start, cue.start)
        if found is None and cue.mood in ("gerund", "infinitive"):
            main = next(
                (c for c in sentence.cues if c.end <= cue.start and c.mood == "finite"), None
            )
            main = main or next((c for c in sentence.cues if c.end <= cue.start), None)
            if main is not None:
                return self.subject(sentence, main)
        if found is None:
            found = self._coordinated(sentence, cue)
        return found

    def _coordinated(self, sentence: Sentence, cue: Cue) -> Stretch | None:
        """The speaker of the cue before, for a cue that has no subject of its own: *et ajoute*."""
        for draft in reversed(self.drafts):
            if draft.sentence is sentence and draft.by.speaker is not None:
                return draft.by.speaker
        earlier = [c for c in sentence.cues if c.end <= cue.start]
        return self.subject(sentence, earlier[-1]) if earlier else None

    def right_cue(self, sentence: Sentence, at: int) -> Cue | None:
        """The cue of an incise that starts at ``at``, right after marked speech or a comma."""
        lead = _AFTER.match(self.told.folded, at)
        begin = lead.end() if lead else at
        for cue in sentence.cues:
            if cue.start in (begin, at) or at <= cue.start <= begin:
                return cue
        return None

    def incise(self, sentence: Sentence, cue: Cue) -> Attribution:
        """Cue and speaker of an incise: the subject follows its verb."""
        if cue.pronoun is not None:
            return Attribution((cue.start, cue.end), cue.pronoun)
        by = speakers.after(self.text, self.told.folded, cue.end, sentence.end)
        return Attribution((cue.start, cue.end), by)


def _fragments(mark: Marked) -> tuple[Stretch, ...]:
    return ((mark.open, mark.close),)


def _incise_inside(
    reader: _Reader, sentence: Sentence, mark: Marked, previous: Sentence | None
) -> bool:
    """« A, a-t-il dit, B »: the incise stands inside the marks and is a gap."""
    first, last = mark.inner
    spoken = reader.told.spoken
    for cue in verbs.find(spoken, first, last):
        comma = re.search(r"[,!?…]\s+$", spoken[max(first, cue.start - 3) : cue.start])
        if comma is None or cue.mood not in ("finite", "participle", "infinitive"):
            continue
        if cue.pronoun is None and not _incise_phrase(reader, cue, last):
            continue
        by = Attribution((cue.start, cue.end), cue.pronoun)
        end = re.compile(r"[,.!?;:](?=\s|$|[»”\"])").search(spoken, cue.end, last)
        while end is not None and end.group() == "." and not clauses._is_stop(spoken, end.start()):
            end = re.compile(r"[,.!?;:](?=\s|$|[»”\"])").search(spoken, end.end(), last)
        if cue.pronoun is None:
            phrase = speakers.after(reader.text, spoken, cue.end, last)
            by = Attribution((cue.start, cue.end), phrase)
            if phrase is not None:
                end = re.compile(r"[,.!?;:](?=\s|$|[»”\"])").search(spoken, phrase[1], last)
        gap_start = cue.start
        while spoken[gap_start - 1].isspace():
            gap_start -= 1
        content: list[Stretch] = [(mark.open, gap_start)]
        if end is not None:
            resume = end.end()
            while resume < last and spoken[resume].isspace():
                resume += 1
            if resume < last:
                content.append((resume, mark.close))
        reader.add(_Draft(tuple(content), "direct", by, "incise-inside", sentence), cue)
        reader.covered.append((mark.open, mark.close))
        return True
    return False


def _incise_phrase(reader: _Reader, cue: Cue, last: int) -> bool:
    """Whether a cue inside marks without pronoun is an incise: a subject follows, then a comma or a stop."""
    if not cue.uses & {"say", "tell"} or cue.mood == "infinitive":
        return False
    phrase = speakers.after(reader.text, reader.told.spoken, cue.end, last)
    if phrase is None or phrase[0] - cue.end > 2:
        return False
    name = reader.text[phrase[0] : phrase[1]]
    return any(c.isupper() for c in name) and len(name) < 90


def _incise_after(
    reader: _Reader, sentence: Sentence, mark: Marked, previous: Sentence | None
) -> bool:
    """« A », dit-il: the cue follows the marks. Before them there is nothing, or the rest of the clause."""
    cue = reader.right_cue(sentence, mark.close)
    if (
        cue is None
        or cue.start in reader.spent
        or (cue.mood in ("gerund", "infinitive") and cue.pronoun)
    ):
        return False
    if cue.mood not in ("finite", "participle", "source", "infinitive") or (
        "ask" in cue.uses and len(cue.uses) == 1
    ):
        return False
    folded = reader.told.folded
    if cue.mood != "source" and cue.pronoun is None and not cue.uses & {"say", "tell"}:
        return False
    by = reader.incise(sentence, cue)
    if by.speaker is None and cue.mood != "source":
        return False
    begin = _clause_begin(reader, sentence, mark)
    between = folded[begin : mark.open]
    left = _left_cue(reader, sentence, mark)
    if left is not None and left.start >= begin:
        return False
    stretches: list[Stretch] = []
    if between.strip(" ,:–—-\n"):
        kind: QuoteType = "mixed"
        start = clauses.clause_start(folded, mark.open, begin)
        stretches.append((start, mark.close))
    else:
        kind = "direct"
        stretches.append((mark.open, mark.close))
    rule = "incise-after"
    rest_from = by.speaker[1] if by.speaker else cue.end
    for other in sentence.marks:
        if other.open <= mark.open or reader.is_covered(other.open, other.close):
            continue
        gap = folded[rest_from : other.open]
        cues_between = [c for c in sentence.cues if rest_from <= c.start < other.open]
        if not cues_between and re.fullmatch(r"[^;:\x00]{0,80}[,:]\s*", gap) and kind == "direct":
            stretches.append((other.open, other.close))
            rest_from = other.close
        break
    reader.add(_Draft(tuple(stretches), kind, by, rule, sentence), cue)
    return True


def _clause_begin(reader: _Reader, sentence: Sentence, mark: Marked) -> int:
    """Where the clause that holds ``mark`` begins: after the last quote or semicolon of the sentence."""
    begin = sentence.start
    for draft in reader.drafts:
        if draft.sentence is sentence:
            for _, end in draft.content:
                if end <= mark.open:
                    begin = max(begin, end)
            for part in (draft.by.cue, draft.by.speaker):
                if part is not None and part[1] <= mark.open:
                    begin = max(begin, part[1])
    return begin


def _left_cue(reader: _Reader, sentence: Sentence, mark: Marked) -> Cue | None:
    """The last unspent cue before the marks in their clause."""
    begin = _clause_begin(reader, sentence, mark)
    found = None
    for cue in sentence.cues:
        if cue.end <= mark.open and cue.start >= begin and cue.start not in reader.spent:
            if cue.mood == "source":
                continue
            found = cue
    return found


def _colon(reader: _Reader, sentence: Sentence, mark: Marked, previous: Sentence | None) -> bool:
    """Il a dit : « A »."""
    folded = reader.told.folded
    left = folded[sentence.start : mark.open].rstrip()
    if not left.endswith(":"):
        return False
    cues = [c for c in sentence.cues if c.end <= mark.open and c.start not in reader.spent]
    verbal = [c for c in cues if c.mood != "source"]
    cue = verbal[-1] if verbal else (cues[-1] if cues else None)
    speaker: Stretch | None = None
    if cue is not None:
        speaker = reader.subject(sentence, cue)
        if cue.mood in ("gerund", "infinitive") and speaker is None:
            speaker = None
    else:
        speaker = _first_subject(reader, sentence, mark)
    end = cue and (cue.start, cue.end)
    by = Attribution(end or None, speaker)
    reader.add(_Draft(_fragments(mark), "direct", by, "colon", sentence), *([cue] if cue else []))
    return True


def _first_subject(reader: _Reader, sentence: Sentence, mark: Marked) -> Stretch | None:
    """The noun phrase a sentence starts with, for a colon without a cue."""
    phrase = speakers.after(reader.text, reader.told.folded, sentence.start, mark.open)
    return phrase


def _source_before(
    reader: _Reader, sentence: Sentence, mark: Marked, previous: Sentence | None
) -> bool:
    """Selon X, « A »; or Selon X, le projet est « A »."""
    folded = reader.told.folded
    begin = _clause_begin(reader, sentence, mark)
    sources = [c for c in sentence.cues if c.mood == "source" and begin <= c.start < mark.open]
    if not sources:
        return False
    cue = sources[-1]
    if cue.start in reader.spent:
        return False
    lead = folded[begin : cue.start].strip(" ,;:–—-\n")
    if cue.lemma == "pour" and lead not in ("", "mais", "et", "or"):
        return False
    by = speakers.after(reader.text, folded, cue.end, mark.open)
    if by is None:
        return False
    if cue.lemma == "pour" and not _is_source(reader, by):
        return False
    comma = folded.find(",", by[1], mark.open)
    start = (comma if comma >= 0 else by[1]) + 1
    while start < mark.open and folded[start].isspace():
        start += 1
    attribution = Attribution((cue.start, cue.end), by)
    if start >= mark.open and _STOP_AFTER.match(folded, mark.close):
        draft = _Draft(_fragments(mark), "direct", attribution, "source-direct", sentence)
    else:
        start = min(start, mark.open)
        end = max(clauses.clause_end(folded, mark.close, sentence.end), mark.close)
        draft = _Draft(((start, end),), "mixed", attribution, "source-clause", sentence)
    reader.add(draft, cue)
    return True


def _is_source(reader: _Reader, phrase: Stretch) -> bool:
    """Whether a phrase after *pour* may be someone who speaks: a name, or a definite person."""
    text = reader.text[phrase[0] : phrase[1]]
    folded = text.lower()
    if re.match(
        r"(?:la première|l['’]heure|le moment|la \w+ fois|des raisons|cette raison|\d)", folded
    ):
        return False
    return bool(re.match(r"(?:M\.|Mme|[A-ZÀ-Þ])", text)) or folded.startswith(
        (
            "le ",
            "la ",
            "l'",
            "l’",
            "les ",
            "son ",
            "sa ",
            "ses ",
            "lui",
            "elle",
            "eux",
            "certains",
            "un ",
            "une ",
        )
    )


def _clause(reader: _Reader, sentence: Sentence, mark: Marked, previous: Sentence | None) -> bool:
    """Il dit que « A »: a clause with its subordinator outside the marks, or an infinitive."""
    folded = reader.told.folded
    begin = _clause_begin(reader, sentence, mark)
    for cue in reversed(sentence.cues):
        if not begin <= cue.start < mark.open or cue.start in reader.spent or cue.mood == "source":
            continue
        after = clauses.QUE.match(folded, cue.end, mark.open)
        rule = "clause"
        if after is None and cue.uses & {"ask", "say", "about"}:
            after = clauses.INFINITIVE.match(folded, cue.end, min(mark.open + 3, sentence.end))
            rule = "infinitive"
            if after is not None and after.end("sub") > mark.open and not _only_de(after["sub"]):
                after = None
        if after is None:
            continue
        start = after.start("sub")
        if clauses.clause_end(folded, start, mark.open + 1) < mark.open - 1 and _ended(
            folded, start, mark.open
        ):
            continue
        end = _end_of_clause(reader, sentence, cue, mark)
        by = Attribution((cue.start, cue.end), reader.subject(sentence, cue))
        reader.add(_Draft(((start, end),), "mixed", by, rule, sentence), cue)
        return True
    return False


def _only_de(text: str) -> bool:
    """*de la « récrire »*: a clitic between *de* and the marks shows that an infinitive is quoted."""
    return bool(re.match(r"(?:de |d'|à )(?:ne |n'|se |s'|l'|le |la |les |y |en )+", text))


def _ended(folded: str, start: int, end: int) -> bool:
    return clauses.clause_end(folded, start, end) < len(folded[:end].rstrip(' ,:«“"')) - 1


def _end_of_clause(reader: _Reader, sentence: Sentence, cue: Cue, mark: Marked) -> int:
    """The end of a clause that holds ``mark``: the marks, unless more of the clause follows."""
    folded = reader.told.folded
    limit = clauses.next_attribution(sentence, cue, folded)
    end = mark.close
    for other in sentence.marks:  # ... et que « B »: the same clause goes on
        if mark.open < other.open < limit:
            between = folded[end : other.open]
            if re.match(
                r"\s*,?\s*(?:et|ou|ni|mais)?\s*(?:que |qu'|de |d'|à |)[^;:.]*$", between
            ) and not re.search(r"[;:.]\s|, (?:et|mais) (?:il|elle|a|ont)\b", between):
                if (
                    re.match(r"\s*(?:,|et (?:a|ont|il|elle|se|s'))", between)
                    and " que " not in between
                    and "qu'" not in between
                ):
                    break
                end = other.close
    if _STOP_AFTER.match(folded, end):
        return end
    return max(end, clauses.clause_end(folded, end, limit))


def _object(reader: _Reader, sentence: Sentence, mark: Marked, previous: Sentence | None) -> bool:
    """Il dénonce « A », il parle d'un « A »: the marks alone are the quote."""
    cue = _left_cue(reader, sentence, mark)
    shared = None
    if cue is None:
        shared = _shared(reader, sentence, mark)
        if shared is None:
            return False
        by = shared
    else:
        by = Attribution((cue.start, cue.end), reader.subject(sentence, cue))
    said = reader.text[mark.inner[0] : mark.inner[1]]
    full = (
        cue is not None
        and mark.open - cue.end <= 2
        and _SENTENCE.match(said)
        and len(said.split()) >= 3
    )
    kind: QuoteType = "direct" if full else "mixed"
    reader.add(_Draft(_fragments(mark), kind, by, "object", sentence))
    return True


def _shared(reader: _Reader, sentence: Sentence, mark: Marked) -> Attribution | None:
    """The attribution of the quote before, when *et*, *ou* or a comma coordinates them."""
    folded = reader.told.folded
    for draft in reversed(reader.drafts):
        if draft.sentence is not sentence:
            break
        end = draft.content[-1][1]
        if (
            draft.rule == "object"
            and end <= mark.open
            and re.fullmatch(
                r"\s*(?:,|,? ?et|ou|ni)\s*(?:[^,;:.\x00]{0,40})\s*", folded[end : mark.open]
            )
        ):
            return draft.by
    return None


def _resumed(reader: _Reader, sentence: Sentence, mark: Marked, previous: Sentence | None) -> bool:
    """« A », dit-il. « B »: nothing but a stop between, so B belongs to the quote before."""
    folded = reader.told.folded
    if (
        previous is None
        or not reader.drafts
        or (sentence.cues and sentence.cues[0].start < mark.close + 2)
    ):
        return False
    if folded[sentence.start : mark.open].strip(" ,:–—-\n"):
        return False
    rest = folded[mark.close : sentence.end].strip(" .!?…\n")
    if rest:
        return False
    last = reader.drafts[-1]
    if last.sentence is not previous or (last.type != "direct" and not mark.continues):
        return False
    if previous.paragraph != sentence.paragraph and not mark.continues:
        return False
    reader.drafts[-1] = last._replace(
        content=(*last.content, (mark.open, mark.close)), sentence=sentence
    )
    reader.covered.append((mark.open, mark.close))
    return True


def _alone(reader: _Reader, sentence: Sentence, mark: Marked, previous: Sentence | None) -> bool:
    """Marked speech nobody is named for: a quote when it is a sentence of its own."""
    folded = reader.told.folded
    if folded[sentence.start : mark.open].strip(" ,:–—-\n"):
        return False
    said = reader.text[mark.inner[0] : mark.inner[1]]
    if len(said.split()) < 4 or not _SENTENCE.match(said):
        return False
    if folded[mark.close : sentence.end].strip(" .!?…\n"):
        return False
    reader.add(_Draft(_fragments(mark), "direct", Attribution(None, None), "alone", sentence))
    return True


Way = Callable[[_Reader, Sentence, Marked, "Sentence | None"], bool]
_WAYS: tuple[Way, ...] = (
    _incise_inside,
    _resumed,
    _incise_after,
    _clause,
    _colon,
    _source_before,
    _object,
    _alone,
)


def _said_that(reader: _Reader, sentence: Sentence, cue: Cue) -> bool:
    """Il dit que A, without marks."""
    if cue.mood not in ("finite", "participle", "gerund", "infinitive") or not cue.uses & {
        "say",
        "ask",
    }:
        return False
    folded = reader.told.folded
    limit = clauses.next_attribution(sentence, cue, folded)
    after = clauses.QUE.match(folded, cue.end, limit)
    if after is None:
        return False
    start = after.start("sub")
    end = clauses.clause_end(folded, start, limit)
    if clauses.has_marks(folded, start, end) or end - start < 12:
        return False
    by = Attribution((cue.start, cue.end), reader.subject(sentence, cue))
    reader.add(_Draft(((start, end),), "indirect", by, "said-that", sentence), cue)
    return True


def _incise_of_clause(reader: _Reader, sentence: Sentence, cue: Cue) -> bool:
    """A, a dit X, without marks."""
    folded = reader.told.folded
    comma = re.search(r",\s+$", folded[max(0, cue.start - 3) : cue.start])
    if comma is None or cue.mood not in ("finite", "participle") or not cue.uses & {"say", "tell"}:
        return False
    by = reader.incise(sentence, cue)
    if by.speaker is None or by.speaker[0] - cue.end > 2:
        return False
    begin = _begin_before(reader, sentence, cue.start)
    start = clauses.clause_start(folded, cue.start, begin)
    end = cue.start
    while end > start and folded[end - 1] in ", \n":
        end -= 1
    if end - start < 12 or clauses.has_marks(folded, start, end):
        return False
    reader.add(_Draft(((start, end),), "indirect", by, "incise-of-clause", sentence), cue)
    return True


def _begin_before(reader: _Reader, sentence: Sentence, at: int) -> int:
    begin = sentence.start
    for draft in reader.drafts:
        if draft.sentence is sentence:
            ends = [end for _, end in draft.content]
            ends += [part[1] for part in (draft.by.cue, draft.by.speaker) if part is not None]
            begin = max([begin, *(end for end in ends if end <= at)])
    return begin


def _according_to(reader: _Reader, sentence: Sentence, cue: Cue) -> bool:
    """Selon X, A; or A, selon X; without marks."""
    if cue.mood != "source":
        return False
    folded = reader.told.folded
    begin = _begin_before(reader, sentence, cue.start)
    by = speakers.after(reader.text, folded, cue.end, sentence.end)
    if by is None or (cue.lemma == "pour" and not _is_source(reader, by)):
        return False
    lead = folded[begin : cue.start].strip(" ,;:–—-\n")
    if lead in ("", "mais", "et", "or", "car"):
        comma = re.compile(r"\s*(?:\([^()]*\))?\s*,\s+").match(folded, by[1], sentence.end)
        if comma is None:
            return False
        start = comma.end()
        end = clauses.clause_end(folded, start, clauses.next_attribution(sentence, cue, folded))
    elif cue.lemma != "pour" and re.search(
        r"[,)]\s+$|\w\s+$", folded[max(begin, cue.start - 4) : cue.start]
    ):
        start = clauses.clause_start(folded, cue.start, begin)
        end = cue.start
        while end > start and folded[end - 1] in ", \n":
            end -= 1
        if (
            not re.match(r"\s*(?:[,.;)]|$)", folded[by[1] :][:3])
            and "," not in folded[cue.start - 3 : cue.start]
        ):
            return False
    else:
        return False
    if end - start < 12 or clauses.has_marks(folded, start, end):
        return False
    attribution = Attribution((cue.start, cue.end), by)
    reader.add(_Draft(((start, end),), "indirect", attribution, "according-to", sentence), cue)
    return True


def _span(stretch: Stretch | None) -> Span | None:
    return None if stretch is None or stretch[0] >= stretch[1] else Span(*stretch)


def find(text: str) -> list[Found]:
    """The quotations of ``text``, in order. Linear in its length."""
    reader = _Reader(text)
    found = []
    for draft in reader.read():
        content = tuple(Span(*part) for part in sorted(set(draft.content)) if part[0] < part[1])
        if content and all(a.end <= b.start for a, b in zip(content, content[1:], strict=False)):
            speaker = _span(draft.by.speaker)
            name = None if speaker is None else speaker.of(text)
            quote = Quote(content, draft.type, speaker, name, _span(draft.by.cue))
            found.append(Found(quote, draft.rule))
    return found
