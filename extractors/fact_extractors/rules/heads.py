"""Names that a noun starts: *ministère de l'Économie*, *Office fédéral de la santé publique*, *rue de Lappe*.

How far such a name reaches: over adjectives of relation, complements, and the expansion of an
acronym that stands behind it in parentheses.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from fact_extractors.rules.cased_words import cut
from fact_extractors.rules.data import document
from fact_extractors.rules.lexicon import context
from fact_extractors.rules.nationalities import is_nationality
from fact_extractors.rules.tokens import Scan

_YEAR = re.compile(r"(?:19|20)\d\d$")
_OPENERS = frozenset((
    "de", "du", "des", "d'", "la", "l'", "le", "les", "aux", "à", "au", "pour", "sans", "sur", "en", "contre",
))  # fmt: skip
_ARTICLES = frozenset(("la", "l'", "le", "les"))
_LINKS = frozenset(("de", "du", "des", "d'", "la", "l'", "le", "les", "à", "aux", "en"))
_JOINING = frozenset(("et", "de", "la", "du", "des", "l'", "d'", "contre", "les", "à"))

_BEING = frozenset((
    "est", "es", "suis", "sommes", "sont", "était", "étaient", "étais", "sera", "seront", "serait", "fut",
    "soit", "être", "été", "étant", "êtes",
))  # fmt: skip

Name = tuple[int, str, str]
"""The last token of a name, its label and the rule that found it."""


class HeadLists(NamedTuple):
    """The head nouns of ``entities.toml`` by first word, and the adjectives that may follow them."""

    any_case: dict[str, list[tuple[tuple[str, ...], str]]]
    capital: dict[str, list[tuple[tuple[str, ...], str]]]
    short: frozenset[str]
    national: frozenset[str]
    adjective: re.Pattern[str]
    adjectives: frozenset[str]
    no_adjective: frozenset[str]


def _by_first(lists: dict[str, list[str]]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for label in ("MISC", "LOC", "ORG"):
        for phrase in lists.get(label, ()):
            parts = tuple(word.text for word in cut(phrase).words)
            found.setdefault(parts[0], []).append((parts, label))
    return {first: sorted(e, key=lambda pair: -len(pair[0])) for first, e in found.items()}


@cache
def lists() -> HeadLists:
    """The lists, read once."""
    data = document("entities")
    endings = "|".join(data["adjective"]["ending"])
    return HeadLists(
        _by_first(data["head"]),
        _by_first(data["capital"]),
        frozenset(data["capital"]["short"]),
        frozenset(data["national"]["ORG"]),
        re.compile(rf"\w{{2,}}(?:{endings})$"),
        frozenset(data["adjective"]["word"]),
        frozenset(data["adjective"]["not"]),
    )


@lru_cache(maxsize=1 << 12)
def is_adjective(low: str) -> bool:
    """Whether a lower-case word may be an adjective of relation: *fédéral*, *européenne*."""
    heads = lists()
    if low in heads.adjectives:
        return True
    return low not in heads.no_adjective and heads.adjective.match(low) is not None


class Heads:
    """The names with a head in one text."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.words = scan.words

    def head_at(
        self, index: int, table: dict[str, list[tuple[tuple[str, ...], str]]]
    ) -> tuple[int, str] | None:
        """The last token and the label of the head in ``table`` that starts at ``index``."""
        for parts, label in table.get(self.words[index].low, ()):
            last = index + len(parts) - 1
            if last >= len(self.words):
                continue
            if all(self.words[index + n].low == part for n, part in enumerate(parts)):
                return last, label
        return None

    def institution(self, index: int, last: int, label: str) -> Name | None:
        """A head with a capital, and the adjectives and complements that make its name."""
        heads = lists()
        short = self.words[index].low in heads.short
        if (
            self.scan.joined[last + 1]
            and len(self.words[last + 1].text) == 1
            and self.words[last + 1].capital
        ):
            return None  # « Groupe B »
        end, rounds = last, 0
        while rounds < 6:
            rounds += 1
            ahead = end + 1
            if not self.scan.joined[ahead]:
                break
            token = self.words[ahead]
            if token.capital and self.scan.is_person_behind(ahead, index):
                break
            if token.capital and not token.elided:
                end = self.scan.chunk_end(ahead, index)
                continue
            if not token.capital and is_adjective(token.low):
                end = ahead
                continue
            complement = self._complement(ahead, short)
            if complement is None:
                break
            end = complement
        if label == "MISC" and self.is_year(end + 1):
            end += 1
        acronym_end = self._acronym_expansion(index, last)
        if acronym_end is not None:
            end = acronym_end
        if end == last and index in self.scan.opening:
            return None
        if end == last and label != "ORG":
            return None
        return end, label, "capital-head"

    def _complement(self, index: int, short: bool) -> int | None:
        """The last token of a complement at ``index``: *de la santé*, *des Nations*, *sans frontières*."""
        ahead, linked = index, False
        while ahead < len(self.words) and ahead < index + 3 and self.scan.joined[ahead]:
            token = self.words[ahead]
            if token.capital and linked and not token.elided:
                known = self.scan.known_at(ahead)
                return max(self.scan.chunk_end(ahead), known[0] if known else 0)
            if token.low in _OPENERS and (linked or token.low not in _ARTICLES):
                linked = True
                ahead += 1
                continue
            first = self.words[index].low
            if (
                linked
                and not short
                and token.text.islower()
                and len(token.low) > 3
                and token.low not in context().stop
                and first != "à"
            ):
                if token.low.endswith(("er", "ir")) and first in ("de", "d'", "à", "pour", "sans"):
                    return None
                return ahead
            return None
        return None

    def _acronym_expansion(self, index: int, last: int) -> int | None:
        """The token before « (ABC) » when the capitals of ABC are the initials of what stands before it."""
        text = self.scan.text
        for end in range(last, min(last + 12, len(self.words) - 1)):
            if end > index and not self.scan.joined[end]:
                return None
            nxt = self.words[end + 1]
            if (
                nxt.text.isupper()
                and len(nxt.text) > 1
                and text[self.scan.ends[end] : self.scan.starts[end + 1]] in (" (", "\u00a0(")
            ):
                initials = [t.low[0] for t in self.words[index : end + 1]]
                return end if _subsequence(nxt.text.lower(), initials) else None
        return None

    def is_year(self, index: int) -> bool:
        """Whether a year follows at ``index``, as part of the name: *Jeux de Paris 2024*."""
        return self.scan.joined[index] and _YEAR.match(self.words[index].text) is not None

    def headed(self, index: int) -> Name | None:
        """A head in lower case with the name it belongs to: *ministère de l’Économie*, *rue de Lappe*."""
        found = self.head_at(index, lists().any_case)
        if found is None:
            return None
        last, label = found
        if self._is_verb(index):
            return None
        if index > 0 and self.words[index - 1].low in ("un", "une", "des") and label != "MISC":
            return None  # « un gymnase de Capdenac » is no name
        ahead, middle = last + 1, 0
        if self.scan.joined[ahead] and self.words[ahead].low in _ARTICLES:
            return None  # « place le Léman » is a verb
        capital = self.words[index].capital
        if capital and self.scan.joined[ahead] and self.scan.is_person_behind(ahead, index):
            return last, label, "head"
        if label == "ORG" and self._national(index, ahead):
            return ahead, label, "national"
        while self.scan.joined[ahead] and ahead <= last + 5:
            token = self.words[ahead]
            if token.elided and token.low in _LINKS:
                ahead += 1
                continue
            if token.capital:
                if token.low in context().stop and not self.scan.next_capital(ahead):
                    return None
                if (
                    middle
                    and ahead == last + 1 + middle
                    and is_nationality(self.words[ahead - 1].low)
                ):
                    return None  # « chanteur d’opéra ukrainien Wassyl Slipak »
                known = self.scan.known_at(ahead)
                end = max(self.scan.chunk_end(ahead), known[0] if known else 0)
                return self._ministry(index, end), label, "head"
            if token.text[0].isdigit() and "-" in token.text and label == "LOC":
                return ahead, label, "head"
            if token.low in _LINKS:
                ahead += 1
                continue
            if middle < (2 if label == "ORG" else 1) and is_adjective(token.low):
                middle += 1
                ahead += 1
                continue
            return None
        return None

    def _is_verb(self, index: int) -> bool:
        """Whether a participle or a verb stands there: *elle est allée de Lyon à Nice*, *qui place Lyon*."""
        low = self.words[index].low
        if not self.scan.joined[index] or self.words[index].capital:
            return False
        before = self.words[index - 1].low
        if low == "affaire" and before == "d'":
            return True
        if low in ("allée", "allées"):
            further = self.words[index - 2].low if index > 1 else ""
            return before in _BEING or (further in _BEING and not self.words[index - 1].capital)
        if low not in ("place", "porte", "passage", "tour") or not self.scan.next_capital(index):
            return False
        if before in ("se", "le", "qui", "les", "nous", "vous"):
            return True
        after = self.words[index + 2].low if self.scan.joined[index + 2] else ""
        return self.scan.place(index + 1) and after in (
            "en",
            "à",
            "au",
            "devant",
            "hors",
            "sous",
            "parmi",
        )

    def _national(self, index: int, ahead: int) -> bool:
        """« armée syrienne », without a name behind it."""
        return (
            self.words[index].low in lists().national
            and self.scan.joined[ahead]
            and is_adjective(self.words[ahead].low)
            and not self._linked_name(ahead + 1)
        )

    def _linked_name(self, index: int) -> bool:
        """Whether *de* and a capital follow: the name goes on."""
        return (
            self.scan.joined[index]
            and self.words[index].low in ("de", "du", "des", "d'")
            and self.scan.next_capital(index)
        )

    def _ministry(self, index: int, end: int) -> int:
        """A portfolio goes on: *des Affaires étrangères*, *de l’Environnement et de la Lutte contre …*."""
        if self.words[index].low not in ("ministère", "secrétariat"):
            return end
        for _ in range(6):
            ahead = end + 1
            if not self.scan.joined[ahead]:
                return end
            low = self.words[ahead].low
            if is_adjective(low) or (
                low in ("climatiques", "publics", "sociales") and self.words[ahead].text.islower()
            ):
                end = ahead
                continue
            if low == "à" and self.scan.next_capital(ahead):
                return end
            step = ahead
            while self.scan.joined[step] and self.words[step].low in (
                "et",
                "de",
                "la",
                "du",
                "des",
                "l'",
                "d'",
                "contre",
                "les",
                "à",
            ):
                step += 1
            if (
                step > ahead
                and self.scan.joined[step]
                and (self.words[step].capital or low == "contre")
            ):
                end = self.scan.chunk_end(step) if self.words[step].capital else step
                continue
            return end
        return end


def _subsequence(wanted: str, initials: list[str]) -> bool:
    """Whether the letters of an acronym are, in order, initials of the words."""
    rest = iter(initials)
    return (
        bool(initials)
        and wanted[0] == initials[0]
        and all(any(c == i for i in rest) for c in wanted)
    )
