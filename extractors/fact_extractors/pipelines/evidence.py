"""Corrects label and ends of the names that the bundled models find, by the words in and beside each name.

The models know the names of two years. That *société* stands before a company, *quai* belongs to a place and
*Mme* announces a person is true in any year. Only the word lists of the rules are used. The model decides which
names there are; a name is added only where such a word makes it sure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from fact_extractors.pipelines.reading import ModelMention
from fact_extractors.rules import heads
from fact_extractors.rules.lexicon import context, is_given_name, key, names

_NAMES = frozenset(("PER", "ORG", "LOC", "MISC"))
_INITIALS = r"(?:[A-ZÀ-Þ]\.(?:-[A-ZÀ-Þ]\.)*[ \u00a0]?)"
_CAPITALISED = r"[A-ZÀ-ÞŒ]\w*(?:['’-]\w+)*"
_NAME = rf"{_CAPITALISED}(?:[ \u00a0]{_CAPITALISED}){{0,4}}"
_LINK = r"(?:de la[ \u00a0]|de l['’]|des[ \u00a0]|du[ \u00a0]|de[ \u00a0]|d['’])"
_PARTICLES = r"(?:(?:de|du|des|van|von|den|der|le|la)[ \u00a0]|d['’])*"

_SHORT_ADDRESS = r"M\.|MM\.|Mmes?|Mlle|Me|Mgr|Dr|Pr"
_TITLED = re.compile(
    rf"\b(?:{_SHORT_ADDRESS})[ \u00a0](?P<name>{_INITIALS}?{_PARTICLES}{_NAME}"
    rf"(?:[ \u00a0]{_PARTICLES}{_CAPITALISED})?)"
)
_ADDRESS = rf"\b(?:{_SHORT_ADDRESS}|Monsieur|Madame|Maître|Docteur|Professeure?)[ \u00a0]"
_ADDRESSED = re.compile(rf"{_ADDRESS}(?=\S)")
_AFTER_ADDRESS = re.compile(rf"{_ADDRESS}$")
_ROAD = re.compile(r"(?:\bl['’]|\bla[ \u00a0])(?P<name>(?:A|N|D|RN|RD|E)\d{1,4})\b")
_ROAD_NAME = re.compile(r"(?:A|N|D|RN|RD|E)[ \u00a0]?\d{1,4}")
_TOWN = re.compile(r"[A-ZÀ-Þ]\w+(?:-\w+)*-(?:sur|sous|lès|lez|en|les|le|la)-[A-ZÀ-Þ]\w+(?:-\w+)*")
_WORK_IN_MARKS = re.compile(
    r"\b(?:film|roman|livre|série|album|pièce|spectacle|exposition|chanson|documentaire|recueil|essai|tableau|jeu"
    r"|opéra|manifeste)(?:[ \u00a0]\w+)?[ \u00a0](?:«[ \u00a0]?|“)"
    r"(?P<name>[A-ZÀ-Þ][^«»“”\n.!?]{1,60}?)[ \u00a0]?[»”]"
)
"""A work in quotation marks, behind what it is."""

_CAPITAL_BEFORE = re.compile(
    r"(?:^|[ \u00a0'’])[A-ZÀ-ÞŒ][\w-]*(?:[ \u00a0](?:de la|de l['’]|des|du|de|d['’]))?$"
)
_LOW = re.compile(r"[ \u00a0]([a-zà-ÿ-]{4,})(?![\w’'])")
_LINKED_NAME = re.compile(rf"[ \u00a0]{_LINK}{_NAME}")
_LINKED_NOUN = re.compile(r"[ \u00a0](?:de la |de l['’]|des )[a-zà-ÿ-]{4,}(?![\w’'])")
_IN_LETTERS = re.compile(r"(?=.*[a-zà-ÿ])\D+")
_WORD = re.compile(r"(?<![\w'-])[^\W\d_]\w*")
_GOES_ON = re.compile(r"[\w-]| [A-ZÀ-Þ]")
_ACRONYM = re.compile(r"[ \u00a0]\((?P<name>[A-ZÀ-Þ]{2,7})\)")
_BEFORE = re.compile(r"((?:[\w’'-]+\.?[ \u00a0]|\b[ldLD]['’]){0,3})$")
_OUTSIDE = frozenset(
    ("festival", "coupe", "championnat", "tournoi", "loi", "taxe", "procès", "arrêté du")
)
"""Head nouns of the lists that a name behind *de* does not make a name of an event or of a law."""

_AMBIGUOUS = frozenset(
    ("tour", "pays", "arc", "place", "hauts", "nuit", "plan", "programme", "mission")
)
"""Head nouns with a capital that names of other kinds have too: *Tour de France*."""


def with_evidence(text: str, mentions: Iterable[ModelMention]) -> list[ModelMention]:
    """The mentions with the labels and the ends that the lists give them, and the names that they make sure.

    A stretch that is sure takes the place of the mentions inside it; it gives way to one that reaches beyond.
    Dates and times stay as they are. What comes out is in order, and reading it again changes nothing.
    """
    found = [_labelled(text, mention) for mention in sorted(mentions)]
    starts = [mention.start for mention in found]
    taken: list[ModelMention] = []
    covered: set[ModelMention] = set()
    for sure in _apart(_sure(text)):
        inside = _overlapping(found, starts, sure)
        if _gives_way(text, sure, inside):
            continue
        taken.append(sure)
        covered.update(inside)
    found = sorted([*(mention for mention in found if mention not in covered), *taken])
    return sorted([*found, *_acronyms(text, found)])


def _overlapping(
    found: Sequence[ModelMention], starts: Sequence[int], sure: ModelMention
) -> Sequence[ModelMention]:
    first = last = bisect_left(starts, sure.end)
    while first and found[first - 1].end > sure.start:
        first -= 1
    return found[first:last]


def _gives_way(text: str, sure: ModelMention, inside: Sequence[ModelMention]) -> bool:
    """Whether a sure name gives way to what the model found ``inside`` it."""
    if any(mention.label not in _NAMES for mention in inside):
        return True
    if any(mention.start < sure.start or mention.end > sure.end for mention in inside):
        return True
    # « le parquet de Paris Anne Petit », and « l’hôpital de Jean » is no name.
    return any(
        mention.label == "PER" and sure.label != "PER" and _is_apart(text, sure, mention, index)
        for index, mention in enumerate(inside)
    )


def _is_apart(text: str, sure: ModelMention, person: ModelMention, index: int) -> bool:
    linked = re.search(rf"{_LINK}$", text[sure.start : person.start]) is not None
    return person.start > sure.start and (index > 0 or linked)


def _labelled(text: str, mention: ModelMention) -> ModelMention:
    """A mention with the label that its own words or the noun before it give it, without a form of address."""
    start, end, label = mention
    if label not in _NAMES:
        return mention
    if address := _ADDRESSED.match(text, start, end):
        start = address.end()
    return ModelMention(start, end, _label(text, start, end) or label)


def _label(text: str, start: int, end: int) -> str:
    """The label of a name by word lists; empty when they do not tell."""
    if _AFTER_ADDRESS.search(text, max(0, start - 12), start):
        return "PER"
    name = key(text[start:end])
    lists = context()
    before = key((_BEFORE.search(text, max(0, start - 60), start) or [""])[0]).lower().split()
    noun = _noun(before)
    kind = lists.before.get(noun, "")
    if _ROAD_NAME.fullmatch(name):
        return "LOC"
    first, *rest = name.split(" ")
    if rest and (suffix := lists.suffixes.get(rest[-1].lower())):
        return kind if kind in ("ORG", "MISC") else suffix
    is_person = bool(rest) and is_given_name(first) and _IN_LETTERS.fullmatch(name) is not None
    if kind in ("ORG", "MISC"):  # « le groupe Anne Petit » may be either
        return "" if is_person else kind
    if rest and (label := _headed_label(name)):
        return label
    if known := names().get(name):
        return known
    if is_person or (kind == "PER" and not first.isupper()):
        return "PER"
    return "LOC" if _TOWN.fullmatch(name) else ""


def _headed_label(name: str) -> str:
    """The label of a name whose first words are a head with a capital: *Grand Conseil*, *Fête des Canots*."""
    words = name.lower().split(" ")
    if words[0] in _AMBIGUOUS or not name[0].isupper():
        return ""
    for head, label in heads.lists().capital.get(words[0], ()):
        if tuple(words[: len(head)]) == head:
            return label
    return ""


def _noun(before: Sequence[str]) -> str:
    """The noun right before a name, over adjectives: *la sonde spatiale Akatsuki*."""
    for word in reversed(before):
        if word in context().before or not heads.is_adjective(word):
            return word
    return ""


def _sure(text: str) -> Iterator[ModelMention]:
    """The stretches that words of the lists make names of."""
    for match in _TITLED.finditer(text):
        yield ModelMention(*match.span("name"), "PER")
    for match in _ROAD.finditer(text):
        yield ModelMention(*match.span("name"), "LOC")
    for match in _WORK_IN_MARKS.finditer(text):
        yield ModelMention(*match.span("name"), "MISC")
    for match in _capital_heads().finditer(text):
        end = _behind_capital_head(text, match)
        if end > match.end() and not _is_part(text, match.start()):
            yield ModelMention(match.start(), end, _headed_label(match.group() + " "))
    for match in _headed().finditer(text):
        noun = key(match["head"])
        adjective = match["adjective"]
        if noun not in _OUTSIDE and (adjective is None or heads.is_adjective(adjective.strip())):
            yield ModelMention(*match.span(), context().heads[noun])
    yield from _well_known(text)


def _well_known(text: str) -> Iterator[ModelMention]:
    """The well-known names of organisations, places and works, where no other capital stands beside them."""
    plain = key(text)
    for match in _WORD.finditer(plain):
        for name in _known().get(match.group(), ()):
            end = match.start() + len(name)
            if plain.startswith(name, match.start()) and not _GOES_ON.match(plain, end):
                if " " in name or not _is_part(text, match.start()):
                    yield ModelMention(match.start(), end, names()[name])
                break


def _is_part(text: str, start: int) -> bool:
    """Whether the capital at ``start`` may be that of a sentence, or belongs to a name before it."""
    before = text[max(0, start - 40) : start].rstrip(' \u00a0«“"(—–-')
    return not before or before[-1] in ".!?:…\n•" or _CAPITAL_BEFORE.search(before) is not None


@cache
def _capital_heads() -> re.Pattern[str]:
    """A head noun with a capital: *Code*, *Grand Conseil*."""
    words = {" ".join(head) for pairs in heads.lists().capital.values() for head, _ in pairs}
    nouns = "|".join(
        re.escape(word.capitalize())
        for word in sorted(words, key=len, reverse=True)
        if word.partition(" ")[0] not in _AMBIGUOUS
    )
    return re.compile(rf"(?<![\w-])(?:{nouns})(?![\w-])")


def _behind_capital_head(text: str, head: re.Match[str]) -> int:
    """Where a name ends that an adjective behind its head makes sure; the end of the head when there is none.

    *Code pénal*, *Parc naturel marin d’Iroise*, *Code général des collectivités territoriales*.
    """
    end = _adjectives_end(text, head.end())
    if end == head.end():
        return end
    linked = end
    while match := _LINKED_NAME.match(text, linked):
        linked = match.end()
    is_long = linked == end and head.group().lower() not in heads.lists().short
    if is_long and (match := _LINKED_NOUN.match(text, end)):
        return _adjectives_end(text, match.end())
    return linked


def _adjectives_end(text: str, end: int) -> int:
    while (match := _LOW.match(text, end)) and heads.is_adjective(match[1]):
        end = match.end()
    return end


@cache
def _headed() -> re.Pattern[str]:
    """A head noun in small letters with the name that it belongs to: *quai Colbert*, *tribunal de Nîmes*."""
    words = sorted(context().heads, key=len, reverse=True)
    nouns = "|".join(re.escape(word).replace("'", "['’]") for word in words)
    return re.compile(
        rf"(?<![\w-])(?P<head>{nouns})[ \u00a0](?P<adjective>[a-zà-ÿ-]{{4,}}[ \u00a0])?"
        rf"{_LINK}?(?!(?:Me|Mmes?|MM?)\b){_NAME}"
    )


@cache
def _known() -> dict[str, list[str]]:
    """The well-known names by their first word, the longest first."""
    found: dict[str, list[str]] = {}
    for name in sorted(names(), key=lambda name: (-len(name), name)):
        if names()[name] != "PER" and len(name) > 3 and (first := _WORD.match(name)):
            found.setdefault(first.group(), []).append(name)
    return found


def _apart(stretches: Iterable[ModelMention]) -> list[ModelMention]:
    """The stretches without those that overlap one before them, or a longer one at the same place."""
    found: list[ModelMention] = []
    for stretch in sorted(stretches, key=lambda s: (s.start, -s.end)):
        if not found or found[-1].end <= stretch.start:
            found.append(stretch)
    return found


def _acronyms(text: str, found: Sequence[ModelMention]) -> Iterator[ModelMention]:
    """What stands in parentheses behind a name and has its initials: *Réseau Delta vivant (RDV)*."""
    for mention, following in pairwise([*found, None]):
        if mention is None or mention.label not in ("ORG", "MISC"):
            continue
        match = _ACRONYM.match(text, mention.end)
        if match is None or (following is not None and following.start < match.end()):
            continue
        initials = iter(
            word[0].upper() for word in re.findall(r"\w+", text[mention.start : mention.end])
        )
        if all(letter in initials for letter in match["name"]):
            start, end = match.span("name")
            yield ModelMention(start, end, _label(text, start, end) or mention.label)
