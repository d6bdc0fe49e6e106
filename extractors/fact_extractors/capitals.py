"""Rewrites lines in capitals in the usual letters: *GRÈVE À LA SNCF* as *Grève à la SNCF*.

The names of such a line are those that the rest of the article writes with a capital, those that are
known, and the word behind a given name. A line keeps its length.
"""

from __future__ import annotations

import re
from functools import cache

from fact_extractors.words import PerWord, unaccented

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NAME = re.compile(r"(?<=[\wÀ-ÿ,)»] )[A-ZÀ-Þ][^\W\d_]+(?:[-'’][^\W\d_]+)*")
_LOWER = re.compile(r"(?<![\w’'-])[a-zà-ÿ]+(?:-[a-zà-ÿ]+)*")
_TITLE = frozenset(("m", "mm", "mme", "mlle", "me", "mgr", "dr", "pr"))
_SMALL = frozenset((
    "a", "au", "aux", "avec", "c", "ce", "ces", "cet", "cette", "contre", "d", "dans", "de", "des", "dit",
    "du", "dès", "elle", "en", "encore", "entre", "est", "et", "eux", "face", "fait", "faut", "gagne",
    "hors", "il", "ils", "j", "l", "la", "le", "les", "leur", "leurs", "lors", "lui", "m", "mais", "mort",
    "morts", "n", "ne", "ni", "nos", "notre", "nous", "on", "ont", "ou", "où", "par", "pas", "plus", "pour",
    "puis", "qu", "quand", "que", "qui", "s", "sa", "sans", "se", "selon", "ses", "si", "son", "sont",
    "sous", "sur", "t", "ton", "toujours", "tous", "tout", "trop", "très", "un", "une", "va", "vers",
    "veut", "vont", "vos", "votre", "vous", "y", "à",
))  # fmt: skip
_VERB = re.compile(r".*(?:er|ir|re|oir|ent|ait|ons|ez)$")
_ENDS_PLACE = re.compile(r"\s*(?:$|[:,;.!?()–—])")
_LONGEST = 5
"""Words of the longest name that is looked up."""


def is_shouted(line: str) -> bool:
    """Whether a line is a sentence or a headline all in capitals."""
    return line.isupper() and len(_WORD.findall(line)) > 2 and sum(map(str.isalpha, line)) > 9


class Capitals:
    """Rewrites the lines in capitals of one text, by the names and common words of the rest of it."""

    def __init__(self, text: str) -> None:
        self.own = {_KEYS[name]: name for name in _NAME.findall(text) if not name.isupper()}
        self.common = set(map(_KEYS.__getitem__, _LOWER.findall(text)))

    def lowered(self, line: str) -> str:
        """A line in capitals with small letters for all but its names."""
        found = list(_WORD.finditer(line))
        parts: list[str] = []
        first = len(line) - len(line.lstrip())
        done = at = 0
        while at < len(found):
            last, name = self._name_at(line, found, at)
            begin, end = found[at].start(), found[last].end()
            if not name:
                name = found[at].group().lower()
                if name == "a" and self._is_place(line, found, at + 1):
                    name = "à"
                if begin <= first:
                    name = name[:1].upper() + name[1:]
            parts += (line[done:begin], name)
            done, at = end, last + 1
        return "".join((*parts, line[done:]))

    def _name_at(self, line: str, found: list[re.Match[str]], at: int) -> tuple[int, str]:
        """The last word of the name at word ``at``, and how it is written; ``""`` for none."""
        for last in range(min(len(found), at + _LONGEST) - 1, at - 1, -1):
            shouted = _key(line[found[at].start() : found[last].end()])
            if shouted in _known() and shouted.lower() not in _SMALL:
                return last, _known()[shouted]
        word = _key(found[at].group())
        if word in self.own and word not in self.common and word.lower() not in _SMALL:
            return at, self.own[word]
        before = found[at - 1].group().lower() if at else ""
        if self._is_new(word):
            previous = _key(before)
            beside = at > 0 and line[found[at - 1].end() : found[at].start()] in (" ", ". ")
            if beside and (before in _TITLE or self._given_at(found, at - 1)):
                return at, _capital(found[at].group())
            if (
                previous == "A"
                and not _VERB.match(word.lower())
                and _ENDS_PLACE.match(line, found[at].end())
            ):
                return at, _capital(found[at].group())
        if self._given_at(found, at):
            return at, _given().get(word) or _capital(found[at].group())
        return at, ""

    def _given_at(self, found: list[re.Match[str]], at: int) -> bool:
        """Whether a given name stands at word ``at``, and what may be a surname behind it."""
        word = _key(found[at].group())
        given = word in _given() or ("-" in word and word.partition("-")[0] in _given())
        return (
            given
            and word not in self.common
            and at + 1 < len(found)
            and self._is_new(_key(found[at + 1].group()))
        )

    def _is_new(self, word: str) -> bool:
        """Whether a word may be a name: it is no small word, nor one that the article has in small letters."""
        return len(word) > 2 and word.lower() not in _SMALL and word not in self.common

    def _is_place(self, line: str, found: list[re.Match[str]], at: int) -> bool:
        """Whether word ``at`` starts the name of a place, as far as one can tell."""
        if at == len(found):
            return False
        from fact_extractors.rules.lexicon import names

        name = self._name_at(line, found, at)[1]
        return bool(name) and names().get(name, "LOC") == "LOC"


def _key(name: str) -> str:
    return unaccented(name.lower()).upper().replace("’", "'")


_KEYS = PerWord(_key)


@cache
def _known() -> dict[str, str]:
    """Known names by their spelling in capitals without accents."""
    from fact_extractors.rules.lexicon import names

    return {_key(name): name for name in names() if len(name) > 2 and len(_key(name)) == len(name)}


@cache
def _given() -> dict[str, str]:
    from fact_extractors.rules.lexicon import given_names

    return {_key(name): name for name in given_names()}


def _capital(word: str) -> str:
    """A surname or a place with capitals at its parts: *Saint-Aubin*."""
    return "-".join(
        part.capitalize() if len(part) > 3 or not at else part.lower()
        for at, part in enumerate(word.split("-"))
    )
