"""Cuts a text into tokens, by the text alone, and puts regions on whole tokens.

All formats of tokens use these tokens, and gold and predictions of one text have the same ones. Were a text
also cut where a fact begins, as in ``l’|Élysée``, whoever trains on the tokens could tell the facts from them.
DocBin is the one exception: it has the tokens of spaCy's own tokeniser, which also looks at nothing but the
text.

It also selects the regions that a format without nesting can hold.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from msgspec import Struct, structs

from factharness.convert.model import QUOTE, MarkedText, Notes, Region, lost_fields
from factharness.facts import Span

_MARKS = "\u0300-\u036f\u200d\ufe0f"
"""Accents that are characters of their own, and what joins the parts of an emoji."""
_LETTERS = rf"\w[\w{_MARKS}]*"
_TOKEN = re.compile(
    rf"""
    # l’ d’ qu’ …; aujourd’hui, prud’homme, presqu’île, quelqu’un and entr’acte begin otherwise
    (?i: [cçdjlmnst] | (?:jus|lors|puis|quoi)? qu ) ['’]
    | \d+ (?: [.,] \d+ )+                                                   # 2,3   410.000
    | {_LETTERS} (?: (?! (?<=\d) - \d ) [-'’] {_LETTERS} )* ['’]?            # porte-parole, but 2017 - 2018
    | \.{{2,}}
    | \S (?: [{_MARKS}] | (?<=\u200d) \S )*
    """,
    re.VERBOSE,
)


class Token(Struct, frozen=True):
    """A word or a mark: its offsets in the text, and the white space that follows it."""

    start: int
    end: int
    text: str
    after: str


def tokenise(text: str) -> list[Token]:
    """The tokens of ``text``, white space left out: words, numbers and marks.

    An elided word (``l’``, ``jusqu’``) is always a token of its own at the start of a word; hyphens join."""
    places = [found.span() for found in _TOKEN.finditer(text)]
    following = [start for start, _ in places[1:]] + [len(text)]
    return [
        Token(start, end, text[start:end], text[end:after])
        for (start, end), after in zip(places, following, strict=True)
    ]


def covering(tokens: Sequence[Token], span: Span) -> list[int]:
    """The indices of the tokens that overlap ``span``."""
    first = bisect_right(tokens, span.start, key=lambda token: token.end)
    return list(
        range(first, bisect_left(tokens, span.end, lo=first, key=lambda token: token.start))
    )


def fitted(span: Span, tokens: Sequence[Token]) -> Span | None:
    """The whole tokens that ``span`` touches; None where it touches none (white space only)."""
    inside = covering(tokens, span)
    return Span(tokens[inside[0]].start, tokens[inside[-1]].end) if inside else None


def on_tokens(marked: MarkedText, tokens: Sequence[Token], notes: Notes) -> MarkedText:
    """``marked`` with the stretches of its regions widened to whole tokens, and a note for each.

    Regions of white space alone are left out."""
    regions = []
    for region in marked.regions:
        places = [(span, fitted(span, tokens)) for span in region.spans]
        spans = tuple(whole for _, whole in places if whole is not None)
        if not spans:
            notes.leave_out(f"{region.label} of white space only")
            continue
        if any(whole != span for span, whole in places):
            notes.add(f"{region.label} widened to whole tokens")
        regions.append(structs.replace(region, spans=spans))
    kept = {region.id for region in regions}
    links = tuple(link for link in marked.links if {link.source, link.target} <= kept)
    return structs.replace(marked, regions=tuple(regions), links=links)


def counted(marked: MarkedText, notes: Notes) -> MarkedText:
    """``marked`` with its counted entities and dates alone.

    Quotes, don't-care facts and the words of fields are noted."""
    kept = []
    for region in marked.regions:
        if region.label in (QUOTE, "SPEAKER", "CUE"):
            notes.leave_out(f"{region.label}")
        elif region.fields.get("ignore"):
            notes.leave_out(f"don't-care {region.label}")
        else:
            kept.append(region)
    left = structs.replace(marked, regions=tuple(kept), links=())
    lost_fields(left, lambda key: key == "ignore", notes)
    return left


def outermost(regions: Iterable[Region], notes: Notes) -> list[Region]:
    """The regions that lie in no other, in order; inner and crossing ones are noted."""
    kept: list[Region] = []
    for region in sorted(regions, key=lambda item: (item.spans[0].start, -item.spans[-1].end)):
        if kept and region.spans[0].start < kept[-1].spans[-1].end:
            notes.leave_out(f"{region.label} inside or across another")
        else:
            kept.append(region)
    return kept


def flat(marked: MarkedText, tokens: Sequence[Token], notes: Notes) -> list[Region]:
    """The counted entities and dates on whole tokens, outermost only, in order; the rest is noted."""
    return outermost(on_tokens(counted(marked, notes), tokens, notes).regions, notes)
