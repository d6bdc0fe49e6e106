"""Extracts a corpus on a Dask cluster, whose workers read parts of the input and write parts of the output.

This process cuts the input and sends descriptions of parts. It keeps just enough parts under way that all
workers are busy. The folder of the output shows what is done, so that after this command or the scheduler has
ended, only the missing parts are read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import msgspec

from factharness.backends.cluster import connected
from factharness.backends.recipe import AnyRecipe
from factharness.corpus import cut, parts
from factharness.corpus.counting import ArticleCounter
from factharness.corpus.extraction import NAMED, ExtractionCounts
from factharness.corpus.journal import Sitting
from factharness.corpus.part_work import Work, work_on
from factharness.corpus.repeated_ids import repeated
from factharness.corpus.sources import Corpus
from factharness.errors import HarnessError, SuiteError
from factharness.extracted.forms import form_of

AHEAD = 2
"""Parts under way per thread of the cluster: one that is read, and one that waits."""

PATIENCE = 60.0
"""Seconds in which a lost scheduler may come back."""

DEATHS = 3
"""How often the workers of one part may die under it, above what Dask allows, before the command ends."""

IDLE = 1.0
"""Seconds without a part that is done after which the command looks around."""

Pending = dict[int, cut.InputPart]
Listener = Callable[[ExtractionCounts], None]


class LostError(Exception):
    """The connection to the scheduler is gone, and with it the parts under way."""


def extract(
    recipe: AnyRecipe,
    corpus: Corpus,
    folder: Path,
    address: str,
    *,
    part_size: int | None = None,
    resume: bool = False,
    count: bool = False,
    enough: Callable[[ExtractionCounts], bool] = lambda _: False,
    listen: Listener = lambda _: None,
    warn: Callable[[str], None] = lambda _: None,
) -> ExtractionCounts:
    """Extract from every article of the corpus into parts in ``folder``, or those still missing there.

    ``part_size`` is in bytes of input. With ``count``, the articles of the input are counted meanwhile, which
    reads its bytes once more, here. ``enough`` is called after each part, and when all articles have been
    counted; it tells whether so many failed that the rest need not be read. Raises ``HarnessError``,
    ``BackendError`` when the back end cannot be used, ``OutputError`` when the folder cannot be written.
    """
    form_of(folder)
    folder = folder.absolute()
    extractor = recipe.build()
    earlier = parts.begun(folder)
    if part_size is None and earlier is not None:
        part_size = earlier.cut.part_size
    about = parts.About(
        Sitting.begun(recipe, extractor, corpus.path),
        cut.Cut.of(corpus, part_size),
    )
    tally = ExtractionCounts.of(extractor)
    work = msgspec.json.encode(Work(recipe, str(folder), str(Path.cwd())))
    with parts.opened(folder, about, resume=resume):
        missing: Pending = {}
        number = 0
        for number, part in enumerate(cut.parts(corpus, about.cut.part_size), 1):
            report = parts.complete(folder, number)
            if report is None:
                missing[number] = part
            else:
                _add(tally, report)
        tally.before = tally.articles
        listen(tally)
        counting = ArticleCounter(missing.values())
        connect = connected
        with counting.running() if count else nullcontext():
            while missing and not enough(tally):
                try:
                    with connect(address) as client:
                        for report in _reports(client, work, missing):
                            if counting.total is not None:
                                tally.total = tally.before + counting.total
                            if report is not None:
                                del missing[report.number]
                                _add(tally, report)
                            listen(tally)
                            if enough(tally):
                                break
                except LostError:
                    warn(f"the scheduler at {address} is gone; waiting for it up to {PATIENCE:g} s")
                    connect = _connected_again
        tally.unread = bool(missing)
        tally.repeats, tally.repeated = repeated(folder, range(1, number + 1), NAMED)
    return tally


def _add(tally: ExtractionCounts, report: parts.PartReport) -> None:
    tally.articles += report.articles
    tally.errors += report.errors
    tally.facts += report.facts
    tally.failed += report.failed[: NAMED - len(tally.failed)]
    for part, times in report.without.items():
        tally.without[part] = tally.without.get(part, 0) + times


def _connected_again(address: str) -> Any:
    """A client of the scheduler, once it answers. Raises ``HarnessError`` when it does not in time."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return connected(address)
        except SuiteError as error:
            if time.monotonic() > end:
                raise HarnessError(
                    f"the scheduler at {address} does not come back",
                    remedy="start it again; the same command goes on with the parts that are missing",
                ) from error


def _reports(client: Any, work: bytes, missing: Pending) -> Iterator[parts.PartReport | None]:
    """The reports of the missing parts, as they are done, and None whenever none was for :data:`IDLE` seconds.

    Raises :class:`LostError` with the connection.
    """
    from distributed import CancelledError, KilledWorker, wait

    waiting = iter([*missing.items()])
    under_way: dict[Any, int] = {}
    deaths: dict[int, int] = {}

    def submit(number: int) -> None:
        encoded = msgspec.json.encode(missing[number])
        future = client.submit(work_on, work, number, encoded, pure=False, retries=0)
        under_way[future] = number

    while True:
        threads = sum(client.ncores().values()) if client.status == "running" else 1
        while len(under_way) < AHEAD * max(1, threads):
            number, _ = next(waiting, (None, None))
            if number is None:
                break
            submit(number)
        if not under_way:
            return
        if client.status != "running":
            raise LostError
        try:
            done = wait([*under_way], timeout=IDLE, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            yield None
            continue
        except CancelledError as error:
            raise LostError from error
        for future in done:
            number = under_way.pop(future)
            try:
                report = msgspec.json.decode(future.result(), type=parts.PartReport)
            except CancelledError as error:
                raise LostError from error
            except KilledWorker as error:
                deaths[number] = deaths.get(number, 0) + 1
                if deaths[number] > DEATHS:
                    raise HarnessError(
                        f"workers die while they read part {number}: {error}",
                        remedy="give them more memory; the same command goes on",
                    ) from error
                submit(number)
                continue
            yield report
