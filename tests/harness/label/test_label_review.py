"""What back ends see and the labeller did not."""

import pytest
from label_articles import TEXT, date_fact, entity

from factharness.errors import BackendError
from factharness.facts import Article, Date, Entity, Quote, Span
from factharness.gold.new import article_from
from factharness.label.operations import LabelledFact
from factharness.label.review import ReviewBackends, unseen
from factharness.label.wire import Refused, Seen
from factharness.scheme import FR_NEWS

FILES = """
from factharness.facts import Entity, Date, Quote, Span

class Fixed:
    kinds = frozenset({{"entity", "date", "quote"}})
    def fingerprint(self):
        return {{"code": "1"}}
    def extract(self, articles):
        for article in articles:
            {body}

def build():
    return Fixed()
"""


@pytest.fixture
def backend(tmp_path):
    """Writes a back end that yields given facts, or does something else; returns its name."""

    def write(name, facts=(), body=None):
        file = tmp_path / f"{name}.py"
        file.write_text(FILES.format(body=body or f"yield {list(facts)!r}"))
        return f"file:{file}:build"

    return write


def article():
    from datetime import date

    made = article_from("essai", TEXT, date(2024, 3, 5))
    assert isinstance(made, Article)
    return made


ALICE, BRIVAC = entity("Alice Rey"), entity("Brivac", "LOC")


def raw(fact):
    return Entity(fact.spans[0], fact.label)


def test_only_what_enough_of_them_see_is_shown(backend):
    one = backend("one", [raw(ALICE), raw(BRIVAC), raw(ALICE)])
    two = backend("two", [Entity(BRIVAC.spans[0], "ORG"), raw(ALICE)])
    backends = ReviewBackends([one, two])
    assert backends.seen(article(), FR_NEWS, [one, two], 2) == [Seen(ALICE, (one, two))]
    assert len(backends.seen(article(), FR_NEWS, [one, two], 1)) == 3
    assert backends.seen(article(), FR_NEWS, [two]) == [
        Seen(ALICE, (two,)),
        Seen(entity("Brivac", "ORG"), (two,)),
    ]


def test_a_fact_is_shown_as_a_file_holds_it(backend):
    quote = Quote(
        (Span(TEXT.index("« Rien »"), TEXT.index("« Rien »") + 8),),
        "direct",
        ALICE.spans[0],  # in another paragraph
        None,
        None,
    )
    across = Entity(Span(5, TEXT.index("« Nous") + 4), "PER")
    other = Entity(BRIVAC.spans[0], "DRAGON")
    name = backend("one", [quote, across, other, Date(Span(0, 2), "DATE", "2024")])
    found = [one.fact for one in ReviewBackends([name]).seen(article(), FR_NEWS, [name])]
    assert found == [
        LabelledFact("date", "DATE", (Span(0, 2),), value="2024"),
        LabelledFact("quote", "direct", quote.content, name="Alice Rey"),
    ]


def test_an_article_is_read_once(backend, tmp_path):
    log = tmp_path / "log"
    name = backend("one", body=f"open({str(log)!r}, 'a').write('x'); yield []")
    backends = ReviewBackends([name])
    for _ in range(3):
        backends.seen(article(), FR_NEWS, [name])
    assert log.read_text() == "x"


def test_a_back_end_that_fails_is_told_of(backend):
    name = backend("one", body="raise RuntimeError('no model')\n            yield []")
    with pytest.raises(Refused, match="no model"):
        ReviewBackends([name]).seen(article(), FR_NEWS, [name])


def test_only_the_back_ends_of_the_start_are_run(backend):
    one, two = backend("one"), backend("two")
    with pytest.raises(Refused, match="no back end"):
        ReviewBackends([one]).seen(article(), FR_NEWS, [two])
    with pytest.raises(BackendError):
        ReviewBackends(["nobody"])


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        ([], True),
        ([ALICE], False),
        ([entity("Alice Rey", "ORG", ignore=True)], False),
        ([entity("Rey", "LOC")], False),
        ([date_fact("Alice Rey", "2024")], True),
        ([BRIVAC, entity("Alice Rey", nth=2)], True),
    ],
    ids=str,
)
def test_what_the_labeller_has_is_not_shown(draft, shown):
    assert unseen([Seen(ALICE, ("rules",))], draft) == ([Seen(ALICE, ("rules",))] if shown else [])
