"""Runs a back end on articles and gives one prediction per article, also when the back end fails."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence

import msgspec

from factharness.errors import BackendError, ExtractionError
from factharness.exits import staying
from factharness.extractor import Extractor, Outcome, raised, text_of, usage
from factharness.facts import Article, Fact, Kind, Prediction, kind_of, places_of

Clock = Callable[[], float]


def predict(extractor: Extractor, articles: Sequence[Article]) -> Iterator[Prediction]:
    """Yield one prediction per article, in order.

    A failure is the error of one article. It may be a yielded :class:`ExtractionError`, an exception that the
    generator raises, a fact outside the text or of a kind that the back end does not claim, or a generator that
    ends early. After an exception or an early end, the back end is called again with the articles left.

    Raises ``BackendError`` when the back end yields more or fewer outcomes than articles, so that it is not
    known which outcome belongs to which article. Outcomes of the same call of ``extract`` that were yielded
    before may then belong to other articles.
    """
    done, used = 0, _Usage(extractor)
    while done < len(articles):
        batch = articles[done:]
        reading = _CountedArticles(batch)
        outcomes = _outcomes(extractor, reading)
        # The first ``matched`` outcomes are known to belong to the first ``matched`` articles, in order.
        matched = 0
        for yielded in range(len(batch)):
            try:
                with staying():
                    outcome = next(outcomes)
            except StopIteration:
                if yielded > matched:
                    raise _misaligned(f"{yielded} outcomes for {reading.taken} articles") from None
                ended = "the back end ended before this article"
                yield Prediction(batch[yielded].id, error=ended)
                done += 1
                break
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                yield Prediction(batch[yielded].id, error=raised(error), used=used.since())
                done += 1
                break
            if yielded >= reading.taken:
                raise _misaligned(f"{yielded + 1} outcomes for {reading.taken} articles")
            if yielded + 1 == reading.taken:
                matched = yielded + 1
            if yielded + 1 == len(batch):
                _check_ended(outcomes, len(batch))
            prediction = _prediction(extractor, reading.next_taken(), outcome)
            yield msgspec.structs.replace(prediction, used=used.since())
            done += 1


class _Usage:
    """What an extractor says that it used, from one article to the next."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        self._before = usage(extractor)

    def since(self) -> dict[str, float]:
        """What was used since the last call, by name; what was not used is left out."""
        now = usage(self._extractor)
        before, self._before = self._before, now
        return {name: n for name, total in now.items() if (n := total - before.get(name, 0)) > 0}


class _CountedArticles:
    """An iterator over articles that counts how many the back end has read, and keeps those without outcome."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = iter(articles)
        self._open: deque[Article] = deque()
        self.taken = 0

    def __iter__(self) -> Iterator[Article]:
        return self

    def __next__(self) -> Article:
        article = next(self._articles)
        self.taken += 1
        self._open.append(article)
        return article

    def next_taken(self) -> Article:
        """The first article that was read and not yet asked for here."""
        return self._open.popleft()


def _outcomes(extractor: Extractor, articles: Iterator[Article]) -> Iterator[Outcome]:
    """Call ``extract`` lazily.

    So an extractor that returns a list fails at the same moment as one that yields.
    """
    yield from extractor.extract(articles)


def _check_ended(outcomes: Iterator[Outcome], articles: int) -> None:
    try:
        with staying():
            next(outcomes)
    except KeyboardInterrupt:
        raise
    except BaseException:
        # The end, or an error after the last article, which belongs to no article.
        return
    raise _misaligned(f"more than {articles} outcomes for {articles} articles")


def _misaligned(what: str) -> BackendError:
    return BackendError(
        f"the back end yields {what}: it is not known which outcome is of which article",
        remedy="yield one outcome per article, in order; an ExtractionError for an article that fails",
    )


def timed(
    predictions: Iterator[Prediction], clock: Clock = time.perf_counter
) -> Iterator[tuple[Prediction, float]]:
    """Yield each prediction with the seconds that it took; time that the consumer spends is not counted."""
    while True:
        start = clock()
        try:
            prediction = next(predictions)
        except StopIteration:
            return
        yield prediction, clock() - start


def _prediction(extractor: Extractor, article: Article, outcome: Outcome) -> Prediction:
    if isinstance(outcome, ExtractionError):
        return Prediction(article.id, error=text_of(outcome) or type(outcome).__name__)
    try:
        # Encode and decode: msgspec checks types only when it decodes, and facts must be storable.
        with staying():
            given = tuple(outcome)
        facts = msgspec.json.decode(msgspec.json.encode(given), type=tuple[Fact, ...])
        problem = problem_of(facts, len(article.text), extractor.kinds)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        problem = f"not a sequence of facts: {raised(error)}"
    if problem:
        return Prediction(article.id, error=problem)
    return Prediction(article.id, facts=facts)


def problem_of(facts: Sequence[Fact], length: int, kinds: Collection[Kind]) -> str | None:
    """Why a back end that claims ``kinds`` cannot have found these facts in a text of ``length`` characters.

    None when it can.
    """
    for fact in facts:
        if kind_of(fact) not in kinds:
            return f"a fact of a kind the back end does not claim: {fact}"
        if any(span.end > length for span in places_of(fact)):
            return f"a fact outside the text of {length} characters: {fact}"
    return None
