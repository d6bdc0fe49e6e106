"""Run one back end over articles: lazily, in order, one prediction per article, whatever happens."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence

import msgspec

from factharness.errors import ExtractionError
from factharness.extractor import Extractor, Outcome, raised, said
from factharness.facts import Article, Fact, Kind, Prediction, kind_of, places_of

Clock = Callable[[], float]


def predict(extractor: Extractor, articles: Sequence[Article]) -> Iterator[Prediction]:
    """One prediction per article, in order.

    An article fails alone: a yielded :class:`ExtractionError`, an exception out of the generator, a fact
    that lies outside the text, and a generator that ends early all become that article's error, and the
    back end is called again with the articles that are left.
    """
    done = 0
    while done < len(articles):
        batch = articles[done:]
        outcomes = _outcomes(extractor, batch)
        for article in batch:
            try:
                outcome = next(outcomes)
            except StopIteration:
                yield Prediction(article.id, error="the back end ended before this article")
                done += 1
                break
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                yield Prediction(article.id, error=raised(error))
                done += 1
                break
            yield _prediction(extractor, article, outcome)
            done += 1


def _outcomes(extractor: Extractor, articles: Sequence[Article]) -> Iterator[Outcome]:
    """As from the back end, so that one which is no generator raises no earlier than one which is."""
    yield from extractor.extract(iter(articles))


def timed(
    predictions: Iterator[Prediction], clock: Clock = time.perf_counter
) -> Iterator[tuple[Prediction, float]]:
    """Each prediction with the seconds spent waiting for it; what the consumer does is not counted."""
    while True:
        start = clock()
        try:
            prediction = next(predictions)
        except StopIteration:
            return
        yield prediction, clock() - start


def _prediction(extractor: Extractor, article: Article, outcome: Outcome) -> Prediction:
    if isinstance(outcome, ExtractionError):
        return Prediction(article.id, error=said(outcome) or type(outcome).__name__)
    try:
        # There and back, since a fact is not checked when it is made, and has to be stored.
        facts = msgspec.json.decode(msgspec.json.encode(tuple(outcome)), type=tuple[Fact, ...])
        problem = _problem(facts, len(article.text), extractor.kinds)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        problem = f"not a sequence of facts: {raised(error)}"
    if problem:
        return Prediction(article.id, error=problem)
    return Prediction(article.id, facts=facts)


def _problem(facts: Sequence[Fact], length: int, kinds: Collection[Kind]) -> str | None:
    for fact in facts:
        if kind_of(fact) not in kinds:
            return f"a fact of a kind the back end does not claim: {fact}"
        if any(span.end > length for span in places_of(fact)):
            return f"a fact outside the text of {length} characters: {fact}"
    return None
