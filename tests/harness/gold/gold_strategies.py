# ruff: noqa: E501 - the example stands here as it stands in a file
"""Hypothesis strategies for gold articles, and the example of the format document."""

from datetime import date, datetime, timedelta, timezone

from hypothesis import assume
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
    label_of,
    spans_of,
)
from factharness.gold.complete import Names
from factharness.gold.compose import header_for
from factharness.gold.header import Header, Labelling
from factharness.text import normalise, paragraphs

ALPHABET = "aaabéÀç’'ʼ \u00a0\u202f\u2009«»“”\"-.,<>|=@#\\+…0159🎭𝒳e\u0301\u0338~:\u2028\x0b\x85"

names = st.text(st.sampled_from("Claire Dumoulin=|<@\\-é’#"), min_size=1, max_size=12).map(
    lambda text: " ".join(normalise(text).split())
)


@st.composite
def texts(draw, min_paragraphs: int = 0) -> str:
    """A text in normal form: words of a hostile alphabet, lines, paragraphs."""
    words = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=9)
    lines = st.lists(words, min_size=1, max_size=14).map(" ".join)
    parts = st.lists(lines, min_size=1, max_size=2).map("\n".join)
    raw = "\n\n".join(draw(st.lists(parts, min_size=min_paragraphs, max_size=4)))
    return normalise(raw)


@st.composite
def places(draw, text: str) -> Span:
    """A span inside one paragraph."""
    offset, part = draw(st.sampled_from([part for part in paragraphs(text) if part[1]]))
    start = draw(st.integers(0, len(part) - 1))
    return Span(offset + start, offset + draw(st.integers(start + 1, len(part))))


def _paragraph_of(text: str, span: Span) -> int:
    return max(offset for offset, _ in paragraphs(text) if offset <= span.start)


@st.composite
def quotes(draw, text: str, ignore: bool) -> Quote:
    """A quote the format can hold: fragments apart, mentions in a paragraph the quote has words in."""
    content: list[Span] = []
    for span in sorted(draw(st.lists(places(text), min_size=1, max_size=4))):
        if not content or content[-1].end <= span.start:
            content.append(span)
    here = {_paragraph_of(text, span) for span in content}
    mention = st.one_of(st.none(), places(text)).filter(
        lambda span: span is None or _paragraph_of(text, span) in here
    )
    kinds = st.sampled_from(QUOTE_TYPES)
    return Quote(
        tuple(content),
        draw(st.one_of(st.none(), kinds) if ignore else kinds),
        draw(mention),
        draw(st.one_of(st.none(), names.filter(bool))),
        draw(mention),
    )


@st.composite
def gold_facts(draw, text: str) -> GoldFact:
    """A fact and attributes of its kind."""
    ignore = draw(st.booleans())
    note = draw(st.dictionaries(st.just("note"), names.filter(bool), max_size=1))
    match draw(st.sampled_from(["entity", "date", "quote"])):
        case "entity":
            label = draw(st.sampled_from(["PER", "ORG", "LOC", "MISC", "LOC.gpe"]))
            return GoldFact(Entity(draw(places(text)), label), ignore, note)
        case "date":
            value = draw(
                st.one_of(st.none(), st.sampled_from(["2024-03-05", "P2Y", "T14:30", "a|b\\"]))
            )
            return GoldFact(
                Date(draw(places(text)), draw(st.sampled_from(DATE_TYPES)), value), ignore, note
            )
        case _:
            return GoldFact(draw(quotes(text, ignore)), ignore, note)


def by_place(fact: GoldFact):
    spans = spans_of(fact.fact)
    return spans[0].start, -spans[-1].end, label_of(fact.fact)


def in_order(gold: GoldArticle) -> GoldArticle:
    """The article with its facts in one order, whatever that was, for comparing."""
    facts = sorted(gold.facts, key=lambda fact: repr((fact.fact, fact.ignore, fact.attributes)))
    return GoldArticle(gold.article, tuple(facts), gold.skip, gold.prelabel)


def short_names(facts, text):
    """Names of speakers that ``gold fmt`` would complete, so that the facts read back are others."""
    people = [fact.fact.span.of(text) for fact in facts if getattr(fact.fact, "label", "") == "PER"]
    named = Names.from_words(words.replace("\n", " ") for words in people)
    for fact in facts:
        for name in (getattr(fact.fact, "speaker_name", None), fact.attributes.get("to")):
            yield name is not None and bool(named.longer(name))


@st.composite
def gold_articles(draw, notes: bool = True) -> tuple[Header, GoldArticle]:
    """A header and an article with facts that agree."""
    text = draw(texts())
    facts = draw(st.lists(gold_facts(text), max_size=6)) if text else []
    if not notes:
        facts = [GoldFact(fact.fact, fact.ignore) for fact in facts]
    assume(not any(short_names(facts, text)))
    published = draw(
        st.sampled_from(
            [date(2024, 3, 5), datetime(2024, 3, 5, 18, 30, tzinfo=timezone(timedelta(hours=1)))]
        )
    )
    article = Article(
        "2024-03-05-essai", text, published, meta=draw(st.dictionaries(names, names, max_size=2))
    )
    labels = Labelling(
        by=tuple(draw(st.lists(names, max_size=2))),
        skip=tuple(draw(st.sets(st.sampled_from(["entity", "date", "quote"]), max_size=2))),
        prelabel=draw(st.sampled_from(["none", "rules"])),
    )
    header = header_for(article, labels=labels, title=draw(names), phenomena=("incise",))
    return header, GoldArticle(article, tuple(facts), frozenset(labels.skip), labels.prelabel)


EXAMPLE = """\
gold      = 1
id        = "2024-03-05-apprentissage"
lang      = "fr"
published = 2024-03-05T18:30:00+01:00     # date or date-time: anchors relative dates
source    = { outlet = "exemple", url = "https://example.org/apprentissage" }
licence   = { text = "CC0-1.0", labels = "CC0-1.0" }
labels    = { scheme = "fr-news-1", by = ["mb"], status = "adjudicated", prelabel = "none" }
text      = "full"
sha256    = "ebddfb31c25f674d25ef25ad46c168ff1ad06538b73ad406f70889611659b81c"
+++

> La ministre du Travail, Claire Dumoulin, a présenté mardi à Lyon un plan de 300 millions d’euros pour l’apprentissage.
  PER      Claire Dumoulin
  DATE     mardi | 2024-03-05
  LOC      Lyon

> « Nous ne laisserons aucun territoire de côté, a-t-elle promis devant les élus, mais l’État ne pourra pas tout. »
  QUOTE @q1 « Nous ne laisserons aucun territoire de côté, <+> mais l’État ne pourra pas tout. » | direct | by: elle = Claire Dumoulin | cue: a-t-elle promis
  ORG      État

> Paris assure que les premiers versements auront lieu « avant l’été ». La région Auvergne-Rhône-Alpes, où Paris a fermé deux antennes en 2023, attend une réponse d’ici au 12 mars.
  LOC      Paris <#1> | meto: ORG
  QUOTE    que les premiers <...> « avant l’été » | mixed | by: Paris <#1> = gouvernement français | cue: assure
  DATE     été | 2024-SU | mod: BEFORE
  LOC      Auvergne-Rhône-Alpes
  LOC      Paris <#2> | meto: ORG
  DATE     2023 | 2023
  DATE     12 mars | 2024-03-12 | mod: BEFORE
"""


def example(*lines: str, text: str = "La maire de Lyon a dit « oui ».", **header: str) -> str:
    """A gold file of one or more paragraphs (``\\n\\n``) with ``lines`` under the last, its hash right."""
    from factharness.text import sha256

    values = {
        "gold": "1",
        "id": '"essai"',
        "lang": '"fr"',
        "published": "2024-03-05",
        "text": '"full"',
        "sha256": f'"{sha256(text)}"',
    } | header
    head = "".join(f"{key} = {value}\n" for key, value in values.items() if value)
    body = "\n\n".join("> " + part.replace("\n", "\n> ") for part in text.split("\n\n"))
    return f"{head}+++\n\n{body}\n" + "".join(f"  {line}\n" for line in lines)
