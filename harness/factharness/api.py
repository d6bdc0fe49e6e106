"""The functions that users import from ``factharness`` to run, load, compare, and read gold.

The command line and the pytest plug-in call them, too.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from factharness.errors import GoldError, HarnessError, Inconclusive, SuiteError
from factharness.progress import Bars

if TYPE_CHECKING:
    from factharness.facts import GoldArticle
    from factharness.runs.comparison import Comparison
    from factharness.runs.predict import Listener
    from factharness.runs.record import Run


def run(
    suite: str | Path = "default",
    *,
    gold: str | Path | Sequence[str | Path] = (),
    backends: str | Sequence[str] = (),
    limit: int | None = None,
    sample: int | None = None,
    seed: int = 0,
    articles: str | Sequence[str] = (),
    shard: tuple[int, int] | None = None,
    unconfirmed: bool = False,
    jobs: int = 1,
    executor: str = "local",
    isolate: bool = False,
    timeout: float | None = None,
    resume: str | Path | None = None,
    cache: bool = True,
    output: str | Path | None = None,
    force: bool = False,
    html: bool = True,
    with_texts: bool = False,
    progress: bool = False,
    listener: Listener | None = None,
) -> Run:
    """Run the back ends of a suite on its gold sets, as ``factharness run`` does.

    ``suite``
        a suite file, or the name of one under ``suites/`` or of one that comes with factharness.
    ``gold``
        gold sets to read in place of the suite's: folders, or names.
    ``backends``
        back ends of the suite by name, or others on one line: ``"spacy(model=fr_core_news_md)"``,
        ``"file:mine.py:build"``.
    ``articles``, ``limit``, ``sample`` with ``seed``, ``shard``
        narrow the suite: to these article ids, the first or N random articles of each gold
        set, part K of N.
    ``unconfirmed``
        score also gold with facts that a back end proposed and nobody has confirmed.
    ``jobs``, ``executor``, ``isolate``
        processes to run in; ``local`` or ``dask:ADDRESS``; whether also a single job gets a process of its own,
        so that a back end that crashes the interpreter costs one article and not the run.
    ``timeout``
        seconds that an article may take.
    ``resume``, ``cache``
        an earlier run whose predictions are taken where they still hold; whether predictions are read from and
        kept in the cache. With either, a run that was interrupted goes on where it stopped.
    ``output``, ``force``
        the run directory, by default a new one under ``reports/``; whether it may replace an earlier run.
    ``html``, ``with_texts``
        write the page of the run, ``report.html``, into the directory; with texts that may not be passed on.
    ``progress``
        draw a bar per back end, on a terminal or in a notebook.
    ``listener``
        is told how the run goes, in place of the bars; without one, warnings are Python warnings.

    Returns the run, which is also in its directory: ``factharness.load(run.path)`` is the same. Articles on
    which a back end failed are in ``run.errors``. Raises ``HarnessError``: ``SuiteError`` and ``GoldError`` for
    what cannot be read, ``Inconclusive`` when there is no article to score, ``OutputError`` when the directory
    cannot be written.
    """
    from factharness.backends.cache import Cache, default_path
    from factharness.backends.printed import aside
    from factharness.backends.workers import Placement
    from factharness.gate.rules import check_rules
    from factharness.kept import NOTHING, Kept, kept_folder
    from factharness.report import renderings
    from factharness.resources import find
    from factharness.runs.folder import outdate
    from factharness.runs.measure import measure
    from factharness.runs.plan import Selection, plan
    from factharness.runs.predict import Means
    from factharness.runs.suite import read
    from factharness.runs.tables.notes import skip_lines

    backends, articles = (
        (names,) if isinstance(names, str) else tuple(names) for names in (backends, articles)
    )
    sets = (gold,) if isinstance(gold, str | Path) else tuple(gold)
    for name, number, least in (("limit", limit, 1), ("sample", sample, 1), ("jobs", jobs, 1)):
        if number is not None and (not isinstance(number, int) or number < least):
            raise SuiteError(f"{name}={number!r} is not a whole number from {least}")
    if timeout is not None and not 0 < timeout < float("inf"):
        raise SuiteError(f"timeout={timeout!r} is not a number of seconds above 0")
    target = Path(output) if output is not None else None
    if force:
        if target is None:
            raise HarnessError("force replaces the run in a folder", remedy="name it as output")
        outdate(target)
    place = Placement.parse(executor, jobs, isolate=isolate)
    earlier = load(resume) if resume is not None else None
    selection = Selection(
        tuple(map(str, sets)), backends, limit, sample, seed, articles, shard, unconfirmed
    )
    whole = read(find("suites", str(suite)))
    check_rules(whole)  # better before hours of extraction than after them
    planned = plan(whole, selection)
    if not any(goldset.articles for goldset in planned.goldsets):
        left_out = [
            f"{goldset.name}: {line}"
            for goldset in planned.goldsets
            for line in skip_lines(goldset.skipped)
        ]
        remedy = "see the gold" if planned.goldsets else "name a gold set in the suite"
        raise Inconclusive("\n".join(("no article to score", *left_out)), remedy=remedy)
    with Bars(progress, _warn) as bars:
        hearing = listener or bars
        with Cache(default_path() if cache else None, hearing.warned) as kept, aside():
            before = Kept(kept_folder()) if cache else NOTHING
            means = Means(place, kept, timeout, earlier, before)
            render = partial(renderings, html=html, with_texts=with_texts, kept=before)
            return measure(planned, means, target, hearing, render, force=force)


def load(path: str | Path) -> Run:
    """The run in a directory, as :func:`run` returned it. Raises ``HarnessError`` when no run is there.

    The words, matches and counts are read only when a method asks for them, one article at a time.
    """
    from factharness.runs.directory import load as read

    return read(Path(path))


def compare(
    run: Run,
    base: str | Run,
    head: str = "",
    /,
    *,
    regimes: Sequence[str] = (),
    labels: bool = False,
    draws: int = 10_000,
    seed: int = 0,
) -> list[Comparison]:
    """Compare two back ends of one run, or two runs.

    ``compare(run, "rules", "spacy")`` sets ``spacy`` against ``rules``; ``compare(before, after)`` sets each
    back end of ``after`` against the same one of ``before``. Differences are second minus first, over the
    articles that both scored, each with its interval and the p of a paired test.

    ``regimes``, ``labels``
        the regimes to compare, by default those of the suite, ``value`` of dates and ``joint`` of quotes;
        whether each label has rows of its own.
    ``draws``, ``seed``
        the number of random draws for the intervals and tests, and their seed.

    Returns a comparison per gold set and pair of back ends. Raises ``Incomparable`` when the two were not
    measured alike, ``HarnessError`` for a back end that is not in the run.
    """
    from factharness.runs.comparison import compare_runs

    if isinstance(base, str) != bool(head):
        raise HarnessError(
            "a comparison is of two back ends or of two runs",
            remedy='write compare(run, "rules", "spacy") or compare(before, after)',
        )
    first, second = ((run, base), (run, head)) if isinstance(base, str) else ((run, ""), (base, ""))
    return compare_runs(first, second, regimes=regimes, labels=labels, draws=draws, seed=seed)


def read_gold(path: str | Path) -> list[GoldArticle]:
    """The gold articles of a set or of one ``.gold`` file, by id.

    ``path`` is a folder or a file, or the name of a set under ``goldsets/`` or of one that comes with
    factharness. Articles whose text is not here are left out, with a warning. Raises ``GoldError`` at the first
    mistake in a file, and when nothing is left.
    """
    from factharness.gold.sets import load_set
    from factharness.resources import find

    goldset = load_set(find("goldsets", str(path)))
    for skipped in goldset.skipped:
        _warn(f"{skipped.id} is left out: {skipped.reason}; {skipped.remedy}")
    if not goldset.articles:
        raise GoldError("no article of this set has its text here", file=path)
    return list(goldset.articles)


def _warn(message: str) -> None:
    warnings.warn(message, stacklevel=3)
