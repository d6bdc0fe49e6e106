import itertools
from asyncio import CancelledError

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.backends.execute import predict, timed
from factharness.errors import BackendError, ExtractionError
from factharness.facts import Article, Date, Entity, Prediction, Quote, Span

PER = Entity(Span(0, 2), "PER")


class Panic(BaseException):
    """As those of libraries in Rust."""


class Speechless(Exception):
    """Has no text."""

    def __str__(self):
        return self.nothing


RAISED = {
    "raise": RuntimeError("boom"),
    "garble": OSError("no file caf\udce9"),
    "choke": Speechless(),
    "leave": SystemExit(0),
    "panic": Panic(),
    "cancel": CancelledError(),
    "close": GeneratorExit(),
}
YIELDED = {
    "error": ExtractionError("no"),
    "garbled": ExtractionError("caf\udce9"),
    "unsaid": type("Unsaid", (Speechless, ExtractionError), {})(),
    "half": [Entity(Span(0, 2), "P\udce9")],
    "unlabelled": [Entity(Span(0, 2), None)],
    "nothing": None,
}


class Scripted:
    """Does for each article what a script says: so many facts, what it raises or yields, or an early end."""

    label_scheme = "fr-news-1"

    def __init__(self, script, kinds=("entity",)):
        self.script, self.kinds, self.calls = script, frozenset(kinds), 0

    def fingerprint(self):
        return {"script": repr(self.script)}

    def extract(self, articles):
        self.calls += 1
        for article in articles:
            step = self.script[int(article.id)]
            if step in RAISED:
                raise RAISED[step]
            if step == "end":
                return
            yield YIELDED[step] if step in YIELDED else [PER] * step


def articles(count):
    return [Article(str(number), "un texte") for number in range(count)]


@given(st.lists(st.sampled_from([*RAISED, *YIELDED, "end", 0, 1, 3]), max_size=12))
def test_every_article_gets_exactly_one_prediction_in_order(script):
    made = list(predict(Scripted(script), articles(len(script))))
    assert [prediction.article_id for prediction in made] == [a.id for a in articles(len(script))]
    for step, prediction in zip(script, made, strict=True):
        if isinstance(step, int):
            assert prediction.facts == (PER,) * step
        else:
            assert prediction.error
    assert msgspec.json.decode(msgspec.json.encode(made), type=list[Prediction]) == made


def test_a_back_end_that_raises_is_called_again_with_the_articles_that_are_left():
    extractor = Scripted([1, "raise", 1, 1])
    assert [bool(p.error) for p in predict(extractor, articles(4))] == [False, True, False, False]
    assert extractor.calls == 2


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        ([Entity(Span(0, 99), "PER")], "outside the text"),
        ([Quote((Span(0, 2), Span(5, 99)), "direct")], "outside the text"),
        ([Quote((Span(0, 2),), "direct", speaker=Span(3, 99))], "outside the text"),
        ([Quote((Span(0, 2),), "direct", cue=Span(3, 99))], "outside the text"),
        ([Date(Span(0, 2), "DATE")], "does not claim"),
        (None, "not a sequence of facts"),
        (["Lyon"], "not a sequence of facts"),
    ],
)
def test_what_is_no_outcome_is_an_error_of_that_article(outcome, error):
    class Odd(Scripted):
        def extract(self, articles):
            return (outcome for _ in articles)

    (prediction,) = predict(Odd([], kinds=("entity", "quote")), articles(1))
    assert error in prediction.error


class Uneven:
    """Yields as many outcomes for an article as its text says; reads ``ahead`` articles before it yields."""

    kinds = frozenset({"entity"})

    def __init__(self, ahead=1):
        self.ahead = ahead

    def extract(self, articles):
        while batch := list(itertools.islice(articles, self.ahead)):
            for article in batch:
                for _ in range(int(article.text)):
                    yield [Entity(Span(0, 1), article.id)]


def uneven(counts):
    return [Article(str(number), str(count)) for number, count in enumerate(counts)]


@pytest.mark.parametrize("few_or_many", [[1, 2], [0, 1]])
@given(data=st.data())
def test_no_article_gets_what_belongs_to_another(few_or_many, data):
    counts = data.draw(st.lists(st.sampled_from(few_or_many), max_size=8))
    given = uneven(counts)
    try:
        made = list(predict(Uneven(data.draw(st.integers(1, 4))), given))
    except BackendError:
        assert set(counts) != {1}
        return
    assert 2 not in counts
    for article, prediction in zip(given, made, strict=True):
        assert prediction.article_id == article.id
        assert all(fact.label == article.id for fact in prediction.facts or ())


@pytest.mark.parametrize(
    ("ahead", "counts", "said"),
    [
        (1, [2, 1, 1], "2 outcomes for 1 articles"),
        (3, [2, 1, 1], "more than 3 outcomes for 3 articles"),
        (1, [1, 1, 2], "more than 3 outcomes for 3 articles"),
        (1, [1, 0, 1, 1], "3 outcomes for 4 articles"),
        (4, [0, 1, 1, 1], "3 outcomes for 4 articles"),
    ],
)
def test_more_or_fewer_outcomes_than_articles_are_an_error_of_the_back_end(ahead, counts, said):
    with pytest.raises(BackendError, match=said):
        list(predict(Uneven(ahead), uneven(counts)))


def test_outcomes_without_an_end_are_seen_at_the_first_that_is_too_many():
    made = predict(Uneven(), uneven([10**12, 1]))
    assert next(made).article_id == "0"
    with pytest.raises(BackendError, match="2 outcomes for 1 articles"):
        next(made)


def test_what_is_raised_after_the_last_article_is_no_article_s():
    class Untidy(Uneven):
        def extract(self, articles):
            yield from super().extract(articles)
            raise OSError("cannot close")

    (prediction,) = predict(Untidy(), uneven([1]))
    assert prediction.facts


def test_an_interruption_after_the_last_article_passes():
    class Interrupted(Uneven):
        def extract(self, articles):
            yield from super().extract(articles)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(predict(Interrupted(), uneven([1])))


def test_a_back_end_that_is_no_generator_and_raises_fails_on_each_article():
    class Plain(Scripted):
        def extract(self, articles):
            raise OSError("boom")

    made = list(predict(Plain([]), articles(3)))
    assert len(made) == 3
    assert all(prediction.error.startswith("OSError: boom (at ") for prediction in made)


def test_claims_that_cannot_be_had_any_more_are_an_error_of_the_article():
    class Forgetful(Scripted):
        @property
        def kinds(self):
            raise OSError("forgotten")

        @kinds.setter
        def kinds(self, _):
            pass

    made = list(predict(Forgetful([1, 1]), articles(2)))
    assert all("OSError: forgotten" in prediction.error for prediction in made)


def test_interruption_is_not_an_error_of_the_article():
    class Interrupted(Scripted):
        def extract(self, articles):
            raise KeyboardInterrupt
            yield

    with pytest.raises(KeyboardInterrupt):
        list(predict(Interrupted([]), articles(1)))


def test_only_the_waiting_is_timed():
    clock = itertools.count(0, 10)
    made = list(timed(iter([Prediction("a", ()), Prediction("b", ())]), lambda: next(clock)))
    assert [seconds for _, seconds in made] == [10, 10]


class Paying(Scripted):
    """Uses three tokens for each article, and says so in totals."""

    def __init__(self, script, totals):
        super().__init__(script)
        self.totals = iter(totals)

    def usage(self):
        return next(self.totals)


def test_what_an_article_used_is_the_difference_of_the_totals():
    totals = [{"tokens": 5}, {"tokens": 8}, {"tokens": 8, "money": 0.5}]
    made = list(predict(Paying([1, "raise"], totals), articles(2)))
    assert [prediction.used for prediction in made] == [{"tokens": 3}, {"money": 0.5}]


@pytest.mark.parametrize("total", [-1, float("nan"), float("inf")])
def test_a_usage_that_is_no_amount_is_an_error_of_the_back_end(total):
    with pytest.raises(BackendError, match="usage: tokens is"):
        list(predict(Paying([1], [{"tokens": total}]), articles(1)))
