"""Articles in batches, of which one may not be readable."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fact_extractors.pipelines import batches
from fact_extractors.pipelines.batches import Batch, batched, in_processes, isolated
from factharness.errors import ExtractionError
from factharness.extractor import Outcome
from factharness.facts import Article, Entity, Span

ARTICLES = st.lists(st.text("ab", max_size=5), max_size=20).map(
    lambda texts: [Article(str(number), text) for number, text in enumerate(texts)]
)


def read(batch: Sequence[Article]) -> list[Outcome]:
    """An entity per letter; no text may hold a ``b``."""
    if any("b" in article.text for article in batch):
        raise ValueError("b")
    return [[Entity(Span(n, n + 1), "PER") for n in range(len(a.text))] for a in batch]


def shown(outcomes: Sequence[Outcome]) -> list[object]:
    return [str(o) if isinstance(o, ExtractionError) else o for o in outcomes]


@given(articles=ARTICLES, size=st.integers(1, 7), characters=st.integers(1, 20))
def test_batches_are_the_articles_in_order_and_end_when_full(
    articles: list[Article], size: int, characters: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "CHARACTERS", characters)
        found = list(batched(iter(articles), size))
    assert [article for batch in found for article in batch] == articles
    for batch in found:
        assert 1 <= len(batch) <= size
        assert sum(len(article.text) for article in batch[:-1]) < characters


@given(articles=ARTICLES)
def test_only_what_cannot_be_read_is_an_error(articles: list[Article]) -> None:
    for article, outcome in zip(articles, isolated(read, articles, "it"), strict=True):
        if "b" in article.text:
            assert str(outcome) == "it: ValueError: b"
        else:
            assert outcome == read([article])[0]


def test_processes_say_what_one_would_say() -> None:
    texts = ["a", "ab", "", "aa"] * 5
    found = list(batched((Article("", text) for text in texts), 3))
    spread = list(in_processes(read_apart, iter(found), 2, "it"))
    assert [shown(outcomes) for outcomes in spread] == [shown(read_apart(batch)) for batch in found]


def read_apart(batch: Sequence[Article]) -> list[Outcome]:
    return isolated(read, batch, "it")


def test_batches_are_taken_no_further_than_needed() -> None:
    taken: list[Article] = []

    def endless() -> Iterator[Batch]:
        while True:
            taken.append(Article("", "a"))
            yield taken[-1:]

    outcomes = in_processes(read, endless(), 2, "it")
    next(outcomes)
    assert len(taken) == 2 * batches.AHEAD
    outcomes.close()  # type: ignore[attr-defined]


def run(program: str, **environment: str) -> list[str]:
    """What a program prints."""
    command = [sys.executable, "-c", textwrap.dedent(program)]
    said = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
        env=os.environ | environment,
    )
    return said.stdout.splitlines()


DEADLY = """
    import os
    from fact_extractors.pipelines.batches import batched, in_processes
    from factharness.facts import Article

    def read(batch):
        if any("boum" in article.text for article in batch):
            os._exit(3)
        return [[article.text] for article in batch]

    texts = ["un", "boum", "deux", "boum", "boum", "trois", *map(str, range(20)), "boum"]
    batches = batched((Article("", text) for text in texts), 4)
    for outcomes in in_processes(read, batches, 2, "it"):
        for outcome in outcomes:
            print(outcome)
"""


def test_a_process_that_dies_costs_the_article_it_died_at() -> None:
    lines = run(DEADLY)
    dead = (
        "it: ChildProcessError: the process that read the article died (killed, or out of memory)"
    )
    read_well = [str([text]) for text in ("un", "deux", "trois", *map(str, range(20)))]
    assert [line for line in lines if line != dead] == read_well
    assert [number for number, line in enumerate(lines) if line == dead] == [1, 3, 4, 26]


SPAWNING = """
    import multiprocessing
    from fact_extractors.pipelines.batches import batched, in_processes
    from factharness.facts import Article

    multiprocessing.set_start_method("spawn")
    batches = batched((Article("", text) for text in ("un", "deux")), 1)
    for outcomes in in_processes(lambda batch: [[article.text] for article in batch], batches, 2, "it"):
        print(*outcomes)
"""


def test_a_worker_has_what_this_process_has_whatever_the_start_method() -> None:
    assert run(SPAWNING) == ["['un']", "['deux']"]


THREADED = """
    import torch
    from fact_extractors.pipelines.batches import batched, in_processes
    from factharness.facts import Article

    def read(batch):
        # In parallel, and exact on any processor: sums of ones below 2**24 are.
        return [[int(torch.ones(2_000_000).sum())] for _ in batch]

    print(read([1]))
    batches = batched((Article("", text) for text in "ab"), 1)
    for outcomes in in_processes(read, batches, 2, "it"):
        print(outcomes)
"""


@pytest.mark.slow
@pytest.mark.needs("torch")
def test_a_worker_of_a_process_in_which_torch_has_threads_does_not_wait_for_them() -> None:
    assert run(THREADED, OMP_NUM_THREADS="4") == ["[[2000000]]"] * 3
