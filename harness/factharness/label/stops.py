"""Finds where the caret stops: runs of capitals, date expressions and opening quotation marks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from factharness.facts import Date, Entity, Fact, Span
from factharness.text import fold

_TITLES = frozenset(
    ("m.", "mm.", "m", "mm", "mme", "mmes", "mlle", "me", "mes", "mgr", "dr", "pr", "docteur")
)
_LINKS = frozenset(
    (
        "van",
        "von",
        "der",
        "den",
        "ben",
        "bin",
        "ibn",
        "al",
        "el",
        "da",
        "di",
        "dos",
        "&",
        "of",
        "the",
    )
)
_BETWEEN = frozenset((" ", "\u00a0", "\u202f", "\n", ""))
_COMMON_WORDS = """
    à a afin ainsi alors après au aucun aucune aujourd'hui aussi autant autour autre autres aux avant avec
    beaucoup bien c' ça car ce ceci cela celle celles celui cent ces cet cette ceux chacun chaque chez cinq
    combien comme comment contre d' dans de deux depuis dernier dernière derrière des dès désormais deuxième
    devant dix donc dont du durant elle elles en encore enfin entre est et être eux faute hier hors huit ici
    il ils j' jamais je jusqu' l' la là le les leur leurs loin lors lorsqu' lorsque lui m' ma mais malgré
    même mes mi mieux moins mon n' ne neuf ni non nos notre nous nul on onze or ou où oui outre par parce
    parfois parmi pas pendant personne peu peut plus plusieurs plutôt pour pourquoi pourtant près premier
    première presque puis puisqu' qu' quand quant quatre que quel quelle quelles quelqu' quelque quelques
    quels qui quinze quoi quoique rien s' sa sans sauf se seconde seize selon sept ses seul seule seuls si
    six sinon soit son sous souvent sur surtout ta tandis tant tel telle tels tes toi ton toujours tous tout
    toute toutefois toutes treize trente très trois troisième trop tu un une vers vingt voici voilà vos votre
    vous y
"""
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words that open a sentence and are no name there."""
_ENDS = ".!?…"
_OPENERS = frozenset('«“"„([—–:•\n' + _ENDS)
_CLOSERS = '»”")'
_SPACES = " \u00a0\u202f\u2009"


class CapitalRun(NamedTuple):
    """A run of capitals: its place, and its words as they stand in the list of words, ``[first, last]``."""

    span: Span
    first: int
    last: int


class Stop(NamedTuple):
    """A place where the caret stops: ``name``, ``date`` or ``mark``."""

    start: int
    end: int
    kind: str


def runs(text: str, words: Sequence[Span], found: Sequence[Fact]) -> list[CapitalRun]:
    """The runs of capitals of ``text`` that may be names, in order.

    A title (``M.``, ``Mme``) is in none. A word that opens a sentence is in one only when ``found`` has a name
    or the text has that word with a capital elsewhere: any word has a capital there.
    """
    low = [fold(word.of(text)).lower() for word in words]
    named = _covered(words, [fact.span for fact in found if isinstance(fact, Entity)])
    dated = _covered(words, [fact.span for fact in found if isinstance(fact, Date)])
    firm = {
        low[n] for n in range(len(words)) if _capital(text, words[n]) and not _opens(text, words[n])
    }
    plain = {word for n, word in enumerate(low) if not _capital(text, words[n])}
    good = [
        _capital(text, word)
        and low[n] not in _TITLES
        and not (dated[n] and not named[n])
        and (
            not _opens(text, word)
            or named[n]
            or (
                low[n] not in _COMMON
                and (low[n] in firm or _stands_out(text, words, n))
                and low[n] not in plain
            )
        )
        and not (low[n].endswith("'") and not named[n])
        for n, word in enumerate(words)
    ]
    return _joined(text, words, low, good)


def _joined(
    text: str, words: Sequence[Span], low: Sequence[str], good: Sequence[bool]
) -> list[CapitalRun]:
    """Words that may be names, joined where nothing but a space, a link or a figure is between."""
    found: list[CapitalRun] = []
    n = 0
    while n < len(words):
        if not good[n]:
            n += 1
            continue
        last = n
        while True:
            ahead = last + 1
            while ahead < min(len(words), last + 3) and _links(text, words, low, ahead):
                ahead += 1
            if ahead < len(words) and _beside(text, words, ahead) and good[ahead]:
                last = ahead
            else:
                break
        found.append(CapitalRun(Span(words[n].start, words[last].end), n, last))
        n = last + 1
    return found


def _beside(text: str, words: Sequence[Span], n: int) -> bool:
    return text[words[n - 1].end : words[n].start] in _BETWEEN


def _links(text: str, words: Sequence[Span], low: Sequence[str], n: int) -> bool:
    return low[n] in _LINKS and _beside(text, words, n)


def _capital(text: str, word: Span) -> bool:
    first = text[word.start]
    return first.isupper() or (first.isdigit() and any(c.isupper() for c in word.of(text)))


def _opens(text: str, word: Span) -> bool:
    """Whether a sentence, or speech in marks, opens with ``word``."""
    at = _back_over(text, word.start, _SPACES)
    if at == 0 or text[at - 1] in _OPENERS:
        return True
    return text[_back_over(text, at, _SPACES + _CLOSERS) - 1] in _ENDS


def _back_over(text: str, at: int, characters: str) -> int:
    while at > 0 and text[at - 1] in characters:
        at -= 1
    return at


def _stands_out(text: str, words: Sequence[Span], n: int) -> bool:
    """Whether a word is no ordinary one: all in capitals, a capital inside, or a capital word behind it."""
    word = words[n].of(text)
    if sum(c.isupper() for c in word) > 1:
        return True
    return n + 1 < len(words) and _beside(text, words, n + 1) and _capital(text, words[n + 1])


def _covered(words: Sequence[Span], spans: Sequence[Span]) -> list[bool]:
    """Which words lie in one of ``spans``."""
    inside = [False] * len(words)
    starts = [word.start for word in words]
    for span in spans:
        n = max(0, bisect_right(starts, span.start) - 1)
        while n < len(words) and words[n].start < span.end:
            inside[n] = inside[n] or words[n].end > span.start
            n += 1
    return inside


def stops(
    text_runs: Sequence[CapitalRun], dates: Sequence[Span], marks: Sequence[int]
) -> list[Stop]:
    """All places where the caret stops, by their place; ``marks`` are the places of opening marks."""
    found = {Stop(run.span.start, run.span.end, "name") for run in text_runs}
    found |= {Stop(span.start, span.end, "date") for span in dates}
    found |= {Stop(at, at + 1, "mark") for at in marks}
    return sorted(found)
