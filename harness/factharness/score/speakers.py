"""Tells whether two quotes have the same speaker or cue; ``text`` is None where the words are not known."""

from __future__ import annotations

from factharness.facts import Quote, Span
from factharness.score.names import names_somebody, same_name


def same_speaker(gold: Quote, pred: Quote, text: str | None) -> bool:
    """Whether the mentions share a letter or digit, or the names are the same.

    Where one has neither mention nor name, they are the same if the other has neither.
    """
    nobody = gold.speaker is None and gold.speaker_name is None
    if nobody or (pred.speaker is None and pred.speaker_name is None):
        return nobody and pred.speaker is None and pred.speaker_name is None
    if _share_a_word(gold.speaker, pred.speaker, text):
        return True
    names = _name(gold, text), _name(pred, text)
    return names[0] is not None and names[1] is not None and same_name(names[0], names[1])


def same_cue(gold: Quote, pred: Quote, text: str | None) -> bool:
    """Whether the cues share a letter or digit, or neither quote has one."""
    if gold.cue is None or pred.cue is None:
        return gold.cue is pred.cue
    return _share_a_word(gold.cue, pred.cue, text)


def _share_a_word(left: Span | None, right: Span | None, text: str | None) -> bool:
    """Whether two mentions share a letter or digit of the text, that is, a word or a part of one."""
    if left is None or right is None or not left.overlaps(right):
        return False
    if text is None:
        return True
    shared = text[max(left.start, right.start) : min(left.end, right.end)]
    return any(char.isalnum() for char in shared)


def _name(quote: Quote, text: str | None) -> str | None:
    """The resolved name; without one, the words of the mention, unless they are a pronoun or the like."""
    if quote.speaker_name is not None or quote.speaker is None or text is None:
        return quote.speaker_name
    mention = quote.speaker.of(text)
    return mention if names_somebody(mention) else None
