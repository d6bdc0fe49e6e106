"""Candidate names: where capitals, known names and head nouns say that a name stands, and how far it reaches.

What type a candidate has is for :mod:`.entities` to say; some candidates bring a type with them (a known name, a
head noun).
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from fact_extractors.rules.data import document
from fact_extractors.rules.lexicon import context, is_given_name, key, names
from fact_extractors.rules.sentences import Sentences

_TOKEN = re.compile(
    r"[NO]['’][A-Z]\w+|(?:[ldnsmtjcLDNSMTJC]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu)['’](?=\w)|"
    r"[A-Z](?:\.-?[A-Z])*\.(?=[ \u00a0-]?[A-ZÀ-Þvd])|MM?\.|Mgr\.?|[DMPS][ert]\.|"
    r"\d+(?:[-‑][A-ZÀ-Þ]\w+)+|\d+(?:[.,]\d+)*|"
    r"\w+(?:[-‑'’]\w+)*|&"
)
_GAP = re.compile(r"[ \u00a0\u202f]|")
_OPENERS = '«“"(‹[—–:•'
_ROMAN = re.compile(r"[IVX]+(?:e|er|ème)$")
_ARABIC_ARTICLE = re.compile(r"(?:al|el|an|as|ash|ad|ar|at|az)-[A-ZÀ-Þ]")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_CLOSING = re.compile(r"\s*[»”\"]")
_SPOKEN = re.compile(
    r"a|ai|as|ont|est|sont|es|suis|sommes|était|sera|va|vont|fait|faut|peut|doit|veut|dit|c'|n'|ne|se|s'|j'|"
    r"\w+(?:ez|ons|ait|aient|era|ront|ra)"
)
_TITLES = frozenset(("m", "mm", "mme", "mmes", "mlle", "me", "mgr", "dr", "pr"))


class Token(NamedTuple):
    """A word of the text: ``[start, end)``, as it stands, in lower case, and whether a capital leads it."""

    start: int
    end: int
    text: str
    low: str
    capital: bool


class Candidate(NamedTuple):
    """A stretch that may be a name.

    ``label``, ``rule``   the type it brings with it and why; empty when nothing says yet
    ``first``, ``last``   its first and last token
    ``initial``           whether its capital may be that of a sentence
    """

    start: int
    end: int
    label: str
    rule: str
    first: int
    last: int
    initial: bool


class _Heads(NamedTuple):
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
            parts = tuple(m.group() for m in _TOKEN.finditer(phrase))
            found.setdefault(parts[0], []).append((parts, label))
    return {first: sorted(e, key=lambda pair: -len(pair[0])) for first, e in found.items()}


@cache
def _heads() -> _Heads:
    data = document("entities")
    endings = "|".join(data["adjective"]["ending"])
    return _Heads(
        _by_first(data["head"]),
        _by_first(data["capital"]),
        frozenset(data["capital"]["short"]),
        frozenset(data["national"]["ORG"]),
        re.compile(rf"\w{{2,}}(?:{endings})$"),
        frozenset(data["adjective"]["word"]),
        frozenset(data["adjective"]["not"]),
    )


@cache
def _known() -> dict[str, list[tuple[str, str]]]:
    """Known names by their first word, the longest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, label in names().items():
        match = _TOKEN.match(name)
        if match is not None:
            found.setdefault(match.group(), []).append((name, label))
    return {first: sorted(e, key=lambda pair: -len(pair[0])) for first, e in found.items()}


def tokens(text: str) -> list[Token]:
    """The words of ``text``."""
    found = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        low = word.lower().replace("’", "'") if not word.islower() else word.replace("’", "'")
        capital = word[0].isupper() or _ARABIC_ARTICLE.match(word) is not None
        found.append(Token(match.start(), match.end(), word, low, capital))
    return found


def is_adjective(low: str) -> bool:
    """Whether a lower-case word may be an adjective of relation: *fédéral*, *européenne*."""
    heads = _heads()
    if low in heads.adjectives:
        return True
    return low not in heads.no_adjective and heads.adjective.match(low) is not None


class Candidates:
    """The scan of one text for candidates."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = key(text)
        self.tokens = tokens(text)
        self.starts = set()
        sentences = Sentences(text)
        boundaries = iter([*sentences.starts, len(text) + 1])
        edge = next(boundaries)
        for index, token in enumerate(self.tokens):
            fresh = False
            while edge <= token.start:
                fresh, edge = True, next(boundaries)
            before = self.text[max(0, token.start - 2) : token.start].strip()
            if fresh or (before and before[-1] in _OPENERS):
                self.starts.add(index)

    def adjacent(self, index: int) -> bool:
        """Whether token ``index`` follows the one before with nothing but a space between."""
        if not 0 < index < len(self.tokens):
            return False
        gap = self.text[self.tokens[index - 1].end : self.tokens[index].start]
        return gap in ("", " ", "\u00a0", "\u202f")

    def scan(self) -> list[Candidate]:
        """The candidates, in order and apart from each other."""
        found: list[Candidate] = []
        index, count = 0, len(self.tokens)
        heads, words = _heads(), context()
        while index < count:
            token = self.tokens[index]
            candidate = None
            if token.capital:
                candidate = self._capital(index)
            elif token.low in heads.any_case:
                candidate = self._headed(index)
            elif token.low in words.particles and self._after_title(index):
                end = self._linked(index, True)
                candidate = (
                    None if end is None else self.make(index, self._chunk_end(end), "PER", "title")
                )
            if candidate is None:
                index += 1
            else:
                found.append(candidate)
                index = candidate.last + 1
        return found

    def make(self, first: int, last: int, label: str, rule: str) -> Candidate:
        """The candidate that spans two tokens."""
        return Candidate(
            self.tokens[first].start,
            self.tokens[last].end,
            label,
            rule,
            first,
            last,
            first in self.starts,
        )

    # --- capitals -------------------------------------------------------------------------------------------------

    def _capital(self, index: int) -> Candidate | None:
        token = self.tokens[index]
        words = context()
        if token.text.endswith(("'", "’")):
            return self._article_title(index)
        if _ROMAN.match(token.text) or token.low.rstrip(".") in _TITLES:
            return None
        if token.text in words.acronyms:
            return None
        known = self._known_at(index)
        capital_head = self._head_at(index, _heads().capital)
        if capital_head is not None and (known is None or known[1] == "ORG" or known[0] == index):
            headed = self._institution(index, *capital_head)
            if headed is not None and (known is None or headed.last >= known[0]):
                return headed
        if token.low in words.stop and token.low not in ("le", "la", "les"):
            if known is not None and known[0] > index:
                return self.make(index, known[0], known[1], "known")
            return None
        if token.low in words.stop and (known is None or known[0] == index):
            return self._article_title(index)
        if token.low in _heads().any_case and (known is None or known[0] == index):
            headed = self._headed(index)
            if headed is not None:
                return headed
        last = self._chunk_end(index)
        named = self._named_before(index)
        if named and known is None and last - index < 3:
            extended = self._institution(index, last, named)
            if extended is not None and extended.last > last:
                return extended._replace(rule=f"before-{named.lower()}")
        if known is not None and known[0] >= last:
            return self.make(index, known[0], known[1], "known")
        if token.low in words.stop and last == index:
            return None
        return self.make(index, last, "", "")

    def _named_before(self, index: int) -> str:
        """ORG or MISC when such a noun stands before: *le collectif Soufflets libres*."""
        if not self.adjacent(index) or index in self.starts:
            return ""
        before = self.tokens[index - 1].low
        label = "ORG" if before == "chez" else context().before.get(before, "")
        return label if label in ("ORG", "MISC") else ""

    def _article_title(self, index: int) -> Candidate | None:
        """A title that starts with its article: *L'Écho des Crêtes*, *Les Dormeurs du canal*."""
        if self._after_mark(index):
            return self._marked_title(index)
        if index in self.starts:
            known = self._known_at(index)
            return (
                self.make(index, known[0], known[1], "known")
                if known and known[0] > index
                else None
            )
        if not self._next_capital(index) or self.tokens[index + 1].low in context().stop:
            return None
        last = self._chunk_end(index + 1)
        headed = self._institution(index + 1, last, "ORG")
        if headed is not None:
            last = headed.last
        return self.make(index, last, "ORG", "article-title")

    def _marked_title(self, index: int) -> Candidate | None:
        """The title of a work in marks: *« Les Dormeurs du canal »*; a sentence is none."""
        close = _CLOSING.search(self.text, self.tokens[index].start, self.tokens[index].start + 80)
        if close is None:
            return None
        last = index
        while last + 1 < len(self.tokens) and self.tokens[last + 1].end <= close.start():
            last += 1
            low = self.tokens[last].low
            if _SPOKEN.fullmatch(low) or (low not in context().links and low in context().stop):
                return None
        if (
            last == index
            or last - index > 6
            or self.text[self.tokens[last].end : close.start()].strip()
        ):
            return None
        return self.make(index, last, "MISC", "title")

    def _after_mark(self, index: int) -> bool:
        before = self.text[max(0, self.tokens[index].start - 2) : self.tokens[index].start].strip()
        return before.endswith(("«", "“", '"'))

    def _next_capital(self, index: int) -> bool:
        return self.adjacent(index + 1) and self.tokens[index + 1].capital

    def _known_at(self, index: int) -> tuple[int, str] | None:
        """The last token and the label of the longest known name that starts at ``index``."""
        start = self.tokens[index].start
        for name, label in _known().get(key(self.tokens[index].text), ()):
            if not self.plain.startswith(name, start):
                continue
            end = start + len(name)
            last = index
            while last < len(self.tokens) and self.tokens[last].end < end:
                last += 1
            if last < len(self.tokens) and self.tokens[last].end == end:
                return last, label
        return None

    def _chunk_end(self, index: int) -> int:
        """The last token of the run of capitals that starts at ``index``."""
        last = index
        while True:
            ahead = last + 1
            if not self.adjacent(ahead):
                return last
            token = self.tokens[ahead]
            if token.capital and not token.text.endswith(("'", "’")):
                if token.low.rstrip(".") in _TITLES:
                    return last
                if token.low in ("le", "la", "les") and not is_given_name(self.tokens[index].text):
                    return last
                if last == index and is_given_name(token.text) and self._place(index):
                    return last
                last = ahead
                continue
            if self._numbered(ahead):
                last = ahead
                continue
            person = is_given_name(self.tokens[index].text) or self._titled(index)
            end = self._linked(ahead, person)
            if end is None:
                return last
            last = end

    def _linked(self, index: int, person: bool) -> int | None:
        """The token after one or two link words at ``index`` that the name goes on with."""
        words = context()
        allowed = (
            words.particles
            if person
            else frozenset(
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
                    "lès",
                    "of",
                    "the",
                )
            )
        )
        ahead = index
        while ahead < len(self.tokens) and ahead < index + 3 and self.adjacent(ahead):
            token = self.tokens[ahead]
            if token.capital and ahead > index:
                return ahead if token.low not in words.stop else None
            if token.low not in allowed:
                return None
            ahead += 1
        return None

    def _place(self, index: int) -> bool:
        """Whether one token is the name of a place: *Catalogne* in *la Catalogne Carles Puigdemont*."""
        return names().get(key(self.tokens[index].text)) == "LOC" and not is_given_name(
            self.tokens[index].text
        )

    def _after_title(self, index: int) -> bool:
        """Whether a form of address stands before: *Me van den Abeele*."""
        return self.adjacent(index) and self.tokens[index - 1].low.rstrip(".") in _TITLES

    def _numbered(self, index: int) -> bool:
        """Whether the figure at ``index`` belongs to the name before it: *Luma 3*, *France 3 Bretagne*."""
        token = self.tokens[index]
        if not token.text[0].isdigit() or len(token.text) > 3 or "-" in token.text:
            return False
        after = self.text[token.end : token.end + 2]
        if re.match(r"$|[,.;:)»”\"\n]|[ \u00a0][»,;:!?)]", after) and not re.match(
            r"[.,:]\d", after
        ):
            return True
        return self.adjacent(index + 1) and self.tokens[index + 1].capital

    def _titled(self, index: int) -> bool:
        if index == 0 or not self.adjacent(index):
            return False
        return context().before.get(self.tokens[index - 1].low) == "PER"

    # --- heads ----------------------------------------------------------------------------------------------------

    def _head_at(
        self, index: int, table: dict[str, list[tuple[tuple[str, ...], str]]]
    ) -> tuple[int, str] | None:
        for parts, label in table.get(self.tokens[index].low, ()):
            last = index + len(parts) - 1
            if last >= len(self.tokens):
                continue
            if all(self.tokens[index + n].low == part for n, part in enumerate(parts)):
                return last, label
        return None

    def _institution(self, index: int, last: int, label: str) -> Candidate | None:
        """A head with a capital, and the adjectives and complements that make its name."""
        heads = _heads()
        short = self.tokens[index].low in heads.short
        end, rounds = last, 0
        while rounds < 6:
            rounds += 1
            ahead = end + 1
            if not self.adjacent(ahead):
                break
            token = self.tokens[ahead]
            if token.capital and not token.text.endswith(("'", "’")):
                end = self._chunk_end(ahead)
                continue
            if not token.capital and is_adjective(token.low):
                end = ahead
                continue
            complement = self._complement(ahead, short)
            if complement is None:
                break
            end = complement
        if label == "MISC" and self.adjacent(end + 1) and _YEAR.match(self.tokens[end + 1].text):
            end += 1
        acronym_end = self._acronym_expansion(index, last)
        if acronym_end is not None:
            end = acronym_end
        if end == last and index in self.starts:
            return None
        if end == last and label != "ORG":
            return None
        return self.make(index, end, label, "capital-head")

    def _complement(self, index: int, short: bool) -> int | None:
        """The last token of a complement at ``index``: *de la santé*, *des Nations*, *sans frontières*."""
        ahead, linked = index, False
        openers = (
            "de",
            "du",
            "des",
            "d'",
            "la",
            "l'",
            "le",
            "les",
            "aux",
            "à",
            "au",
            "pour",
            "sans",
            "sur",
            "en",
            "contre",
        )
        while ahead < len(self.tokens) and ahead < index + 3 and self.adjacent(ahead):
            token = self.tokens[ahead]
            if token.capital and linked and not token.text.endswith(("'", "’")):
                known = self._known_at(ahead)
                return max(self._chunk_end(ahead), known[0] if known else 0)
            if token.low in openers and (linked or token.low not in ("la", "l'", "le", "les")):
                linked = True
                ahead += 1
                continue
            first = self.tokens[index].low
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
        text = self.text
        for end in range(last, min(last + 12, len(self.tokens) - 1)):
            if end > index and not self.adjacent(end):
                return None
            nxt = self.tokens[end + 1]
            if (
                nxt.text.isupper()
                and len(nxt.text) > 1
                and text[self.tokens[end].end : nxt.start] in (" (", "\u00a0(")
            ):
                initials = [t.low[0] for t in self.tokens[index : end + 1]]
                return end if _subsequence(nxt.text.lower(), initials) else None
        return None

    def _headed(self, index: int) -> Candidate | None:
        """A head in lower case with the name it belongs to: *ministère de l’Économie*, *rue de Lappe*."""
        found = self._head_at(index, _heads().any_case)
        if found is None:
            return None
        last, label = found
        if index > 0 and self.tokens[index - 1].low in ("un", "une", "des") and label != "MISC":
            return None  # « un gymnase de Capdenac » is no name
        ahead, middle = last + 1, 0
        if self.adjacent(ahead) and self.tokens[ahead].low in ("le", "la", "les", "l'"):
            return None  # « place le Léman » is a verb
        if label == "ORG" and self.tokens[index].low in _heads().national and self.adjacent(ahead):
            if is_adjective(self.tokens[ahead].low) and not self._linked_name(ahead + 1):
                return self.make(index, ahead, label, "national")
        links = ("de", "du", "des", "d'", "la", "l'", "le", "les", "à", "aux", "en")
        while self.adjacent(ahead) and ahead <= last + 5:
            token = self.tokens[ahead]
            if token.text.endswith(("'", "’")) and token.low in links:
                ahead += 1
                continue
            if token.capital:
                if token.low in context().stop and not self._next_capital(ahead):
                    return None
                known = self._known_at(ahead)
                end = max(self._chunk_end(ahead), known[0] if known else 0)
                return self.make(index, self._ministry(index, end), label, "head")
            if token.text[0].isdigit() and "-" in token.text and label == "LOC":
                return self.make(index, ahead, label, "head")
            if token.low in links:
                ahead += 1
                continue
            if middle < (2 if label == "ORG" else 1) and is_adjective(token.low):
                middle += 1
                ahead += 1
                continue
            return None
        return None

    def _linked_name(self, index: int) -> bool:
        """Whether *de* and a capital follow: the name goes on."""
        return (
            self.adjacent(index)
            and self.tokens[index].low in ("de", "du", "des", "d'")
            and self._next_capital(index)
        )

    def _ministry(self, index: int, end: int) -> int:
        """A portfolio goes on: *des Affaires étrangères*, *de l’Environnement et de la Lutte contre …*."""
        if self.tokens[index].low not in ("ministère", "secrétariat"):
            return end
        for _ in range(6):
            ahead = end + 1
            if not self.adjacent(ahead):
                return end
            low = self.tokens[ahead].low
            if is_adjective(low) or (
                low in ("climatiques", "publics", "sociales") and self.tokens[ahead].text.islower()
            ):
                end = ahead
                continue
            step = ahead
            while self.adjacent(step) and self.tokens[step].low in (
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
                and self.adjacent(step)
                and (self.tokens[step].capital or low == "contre")
            ):
                end = self._chunk_end(step) if self.tokens[step].capital else step
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
