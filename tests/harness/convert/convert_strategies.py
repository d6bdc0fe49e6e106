"""Gold articles over texts as other people have them: CRLF, NFD, emoji, astral letters, odd spaces."""

from datetime import date

from hypothesis import strategies as st

from factharness.facts import (
    DATE_TYPES,
    QUOTE_TYPES,
    Article,
    Date,
    Entity,
    GoldArticle,
    GoldFact,
    Quote,
    Span,
    spans_of,
)

LIBRARIES = {"spacy": "spacy", "xmi": "cassis"}
"""The module that a format needs beyond the core dependencies."""

WORDS = [
    "Ana",
    "Élise",
    "Élise",
    "l’été",
    "«",
    "»",
    "Lyon",
    "🎭",
    "👩\u200d👩\u200d👧",
    "𝒳y",
    "ﬁn",
    "a_b",
    "12",
    "[x]",
    "a|b",
    "\\n",
    "*",
    "-DOCSTART-",
    "#",
    "O",
]
SPACES = [" ", " ", " ", "\u00a0", "\u202f", "  ", "\n", "\r\n", "\n\n", "\t"]

texts = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(SPACES)), min_size=1, max_size=25
).map(lambda parts: "".join(word + space for word, space in parts).strip())


@st.composite
def spans(draw, text: str) -> Span:
    """A span that starts and ends on something else than white space, and cuts no letter from its accent."""
    solid = [
        i for i, character in enumerate(text) if not character.isspace() and character != "\u0301"
    ]
    start, end = sorted((draw(st.sampled_from(solid)), draw(st.sampled_from(solid))))
    return Span(start, end + 1 + (text[end + 1 : end + 2] == "\u0301"))


words = (
    st.text(st.sampled_from("Ana Bé|\\\"'=:;🎭"), min_size=1, max_size=8)
    .map(str.strip)
    .filter(bool)
)


@st.composite
def facts(draw, text: str) -> GoldFact:
    ignore = draw(st.booleans())
    attributes = draw(st.dictionaries(st.sampled_from(["note", "mod", "meto"]), words, max_size=2))
    match draw(st.sampled_from(["entity", "date", "quote"])):
        case "entity":
            fact = Entity(draw(spans(text)), draw(st.sampled_from(["PER", "ORG", "LOC", "MISC"])))
        case "date":
            value = draw(st.one_of(st.none(), st.sampled_from(["2024-03-05", "P2Y", "T14:30"])))
            fact = Date(draw(spans(text)), draw(st.sampled_from(DATE_TYPES)), value)
        case _:
            content: list[Span] = []
            for span in sorted(draw(st.lists(spans(text), min_size=1, max_size=3))):
                if not content or content[-1].end <= span.start:
                    content.append(span)
            fact = Quote(
                tuple(content),
                draw(st.sampled_from(QUOTE_TYPES)),
                draw(st.one_of(st.none(), spans(text))),
                draw(st.one_of(st.none(), words)),
                draw(st.one_of(st.none(), spans(text))),
            )
    return GoldFact(fact, ignore, attributes)


@st.composite
def articles(draw) -> GoldArticle:
    text = draw(texts)
    found = draw(st.lists(facts(text), max_size=5)) if text else []
    unique = []
    for fact in found:
        if all(fact.fact != other.fact for other in unique):
            unique.append(fact)
    meta = draw(st.dictionaries(st.sampled_from(["rubrique", "pays"]), words, max_size=2))
    published = draw(st.sampled_from([None, date(2024, 3, 5)]))
    return GoldArticle(Article("essai", text, published, "fr", meta), tuple(unique))


def key(fact: GoldFact):
    return repr((spans_of(fact.fact), fact.fact, fact.ignore, sorted(fact.attributes.items())))


def same_facts(found: GoldArticle, expected: GoldArticle) -> bool:
    return sorted(map(key, found.facts)) == sorted(map(key, expected.facts))
