"""A suite and its gate under pytest: ``pytest --factharness suites/ci.toml``.

The suite is run once, while tests are collected. Each rule of its gate becomes a test, and each article and
kind of each back end: it fails on facts that broke since the baseline, and is an error where the back end
crashed. The fixture ``factharness_suite`` is that run, for assertions of one's own::

    def test_people(factharness_suite):
        assert factharness_suite.row("spacy", "entity", label="PER").recall >= 0.6
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from factharness.errors import HarnessError, Incomparable, Inconclusive
from factharness.escape import brief, terminal

if TYPE_CHECKING:
    from factharness.facts import Kind, Prediction
    from factharness.gate.baseline import Baseline
    from factharness.gate.changes import Broken
    from factharness.gate.judge import Verdict
    from factharness.gate.results import Result
    from factharness.runs.plan import Plan
    from factharness.runs.record import Run
    from factharness.runs.suite import BackendSpec
    from factharness.score import ScoreRow

MARK = "factharness"


class Suite:
    """A suite that was run.

    ``run`` is the whole of it; ``baseline`` what it is measured against, if it has one; ``verdict`` what its
    gate says, None when it has no rules; ``broken`` the facts that are right in the baseline and wrong in the
    run.
    """

    def __init__(
        self,
        run: Run,
        baseline: Baseline | None,
        verdict: Verdict | None,
        broken: Sequence[Broken],
    ) -> None:
        self.run, self.baseline, self.verdict, self.broken = run, baseline, verdict, broken

    def row(
        self,
        backend: str,
        kind: Kind,
        *,
        label: str = "*",
        regime: str | None = None,
        goldset: str | None = None,
    ) -> ScoreRow:
        """The scores of a back end on a kind of facts: precision, recall, f1 and the counts behind them.

        Without ``regime`` the suite's first, without ``goldset`` its first. Raises ``LookupError`` when there
        are no such scores.
        """
        manifest = self.run.manifest
        goldset = goldset or manifest.goldsets[0].name
        wanted = goldset, backend, kind, label, regime or manifest.main_regime(kind)
        row = self.run.over_all_articles().get(wanted)
        if row is None:
            raise LookupError(f"the run has no scores of {'/'.join(wanted)}")
        return row

    def judge(self, rule: str) -> Result:
        """What a rule in the grammar of gates says of the run, beside the rules of the suite."""
        from factharness.gate.judge import judge

        rules = (rule, *self.run.manifest.gate.rules)
        return judge(self.run, rules, self.baseline).results[0]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option ``--factharness SUITE``."""
    group = parser.getgroup("factharness", "fact extractors on hand-labelled news")
    group.addoption("--factharness", metavar="SUITE", help="Run this suite, and test its gate.")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark of the tests that are made from a suite."""
    config.addinivalue_line("markers", f"{MARK}: made from a factharness suite")


@pytest.fixture(scope="session")
def factharness_suite(request: pytest.FixtureRequest) -> Suite:
    """The suite of ``--factharness``, run; a test that asks for it is skipped without the option."""
    name = request.config.getoption("--factharness")
    if name is None:
        pytest.skip("needs a suite: pytest --factharness SUITE")
    return _suite(request.config, name)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add the tests of the suite, before others select among the tests."""
    name = config.getoption("--factharness")
    if name is None:
        return
    file: SuiteFile | PlannedFile
    if config.option.collectonly:
        with _wrong_use(name):
            planned = _plan(name)
        path = Path(planned.suite.path).resolve()
        file = PlannedFile.from_parent(session, path=path, planned=planned)
    else:
        suite = _suite(config, name)
        path = Path(suite.run.manifest.suite_path).resolve()
        file = SuiteFile.from_parent(session, path=path, suite=suite)
    items.extend(file.collect())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Run the suite before the first worker of pytest-xdist starts, and tell each one where the run is.

    In a worker, a suite that cannot be run would be an internal error of pytest.
    """
    name = node.config.getoption("--factharness")
    if name is not None:
        node.workerinput[MARK] = str(_suite(node.config, name).run.path)


_SUITES = pytest.StashKey[dict[str, Suite]]()


def _suite(config: pytest.Config, name: str) -> Suite:
    """The suite of that name, run on the first call; in a worker of pytest-xdist, as it was run before."""
    known = config.stash.setdefault(_SUITES, {})
    if name not in known:
        from factharness.runs.directory import load

        there = getattr(config, "workerinput", {}).get(MARK)
        with _wrong_use(name):
            known[name] = _measured(_run(config, name) if there is None else load(Path(there)))
    return known[name]


@contextmanager
def _wrong_use(name: str) -> Iterator[None]:
    """End pytest as a wrong option does when the suite cannot be run in the block."""
    try:
        yield
    except HarnessError as error:
        raise pytest.UsageError(f"--factharness {name}: {error}") from error


def _plan(name: str) -> Plan:
    from factharness.resources import find
    from factharness.runs.plan import Selection, plan
    from factharness.runs.suite import read

    return plan(read(find("suites", name)), Selection())


def _run(config: pytest.Config, name: str) -> Run:
    from factharness import api
    from factharness.runs.tables.notes import skip_lines

    folder = tempfile.TemporaryDirectory(prefix="factharness-")
    config.add_cleanup(folder.cleanup)
    listener = _Warnings()
    run = api.run(name, output=Path(folder.name) / "run", listener=listener)
    for goldset in run.manifest.goldsets:
        for line in skip_lines(goldset.skipped):
            listener.warned(f"{goldset.name}: {line}")
    return run


def _measured(run: Run) -> Suite:
    """A run against its baseline."""
    from factharness.gate.baseline import find as find_baseline
    from factharness.gate.changes import changes, comparable
    from factharness.gate.judge import judge

    if not any(on_set.articles for on_set in run.scores.backends):
        raise Inconclusive("nothing was scored", remedy="see `factharness run`")
    run = structs.replace(run, transient=True)
    baseline = find_baseline(run)
    if isinstance(baseline, Incomparable):
        raise baseline
    broken: Sequence[Broken] = ()
    if baseline is not None:
        comparable(run, baseline)
        broken = changes(run, baseline).broken
    rules = run.manifest.gate.rules
    return Suite(run, baseline, judge(run, rules, baseline) if rules else None, broken)


class SuiteFile(pytest.File):
    """The tests of a suite: first its rules, then articles and kinds."""

    def __init__(self, *, suite: Suite, **more: Any) -> None:
        super().__init__(**more)
        self.suite = suite
        self.add_marker(MARK)

    def collect(self) -> Iterator[pytest.Item]:
        """One test per rule, and one per gold set, back end, article and kind."""
        run = self.suite.run
        for result in self.suite.verdict.results if self.suite.verdict else ():
            yield RuleItem.from_parent(self, name=result.rule, result=result)
        for backend in run.manifest.backends:
            if backend.unavailable:
                yield ArticleItem.from_parent(self, name=backend.name, crash=backend.unavailable)
        broken: dict[tuple[str, ...], list[Broken]] = {}
        for one in self.suite.broken:
            broken.setdefault((one.goldset, one.backend, one.article, one.kind), []).append(one)
        kinds = {backend.name: backend.kinds for backend in run.manifest.backends}
        for on_set in run.scores.backends:
            (goldset,) = (one for one in run.manifest.goldsets if one.name == on_set.goldset)
            for article in goldset.articles:
                for kind in kinds[on_set.backend]:
                    place = on_set.goldset, on_set.backend, article.id, kind
                    yield ArticleItem.from_parent(
                        self,
                        name="/".join(place),
                        crash=on_set.errors.get(article.id),
                        broken=broken.pop(place, ()),
                    )
        # Facts also broke where nothing was measured: a back end is gone, or no longer claims a kind.
        for where, facts in sorted(broken.items()):
            yield ArticleItem.from_parent(self, name="/".join(where), broken=facts)


class PlannedFile(pytest.File):
    """The tests that a suite would have, without running it: what ``--collect-only`` shows."""

    def __init__(self, *, planned: Plan, **more: Any) -> None:
        super().__init__(**more)
        self.planned = planned
        self.add_marker(MARK)

    def collect(self) -> Iterator[pytest.Item]:
        """The same tests, under the same names, as :class:`SuiteFile` has."""
        for rule in self.planned.suite.gate.rules:
            yield RuleItem.from_parent(self, name=rule)
        for spec in self.planned.shown:
            try:
                kinds = self._kinds(spec)
            except HarnessError as error:
                yield ArticleItem.from_parent(self, name=spec.name, crash=str(error))
                continue
            for goldset in self.planned.goldsets:
                for gold in goldset.articles:
                    for kind in kinds:
                        place = goldset.name, spec.name, gold.article.id, kind
                        yield ArticleItem.from_parent(self, name="/".join(place), crash=None)

    def _kinds(self, spec: BackendSpec) -> Sequence[Kind]:
        from factharness.backends.combination import Combined
        from factharness.extractor import claims
        from factharness.runs.extracted import ordered
        from factharness.runs.recipes import recipe

        built = recipe(self.planned.suite, spec.name).build()
        return ordered(built.kinds if isinstance(built, Combined) else claims(built))


class _Failed(Exception):
    """A failure whose message is printed as it stands, without a traceback."""

    def __init__(self, message: str) -> None:
        super().__init__(terminal(message))


class _Item(pytest.Item):
    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The message alone for a failure of the suite; a traceback as well for a mistake of this plug-in."""
        if isinstance(excinfo.value, _Failed | HarnessError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The suite file, and what is tested."""
        return self.path, None, self.name


class RuleItem(_Item):
    """A rule of the gate as a test; ``result`` is there when the suite was run."""

    def __init__(self, *, result: Result | None = None, **more: Any) -> None:
        super().__init__(**more)
        self.result = result

    def runtest(self) -> None:
        """Fail with each number that is missing or on the wrong side, or why the rule could not be judged."""
        assert self.result is not None
        if not self.result.passed:
            lines = (f"  {line}" for line in self.result.failures)
            raise _Failed("\n".join((self.result.rule, *lines)))


class ArticleItem(_Item):
    """One kind of facts in one article by one back end, or a back end that cannot be used at all."""

    def __init__(
        self, *, crash: str | None = None, broken: Sequence[Broken] = (), **more: Any
    ) -> None:
        super().__init__(**more)
        self.crash, self.broken = crash, broken

    def setup(self) -> None:
        """An error, not a failure, where the back end crashed."""
        if self.crash is not None:
            raise _Failed(f"the back end failed: {brief(self.crash)}")

    def runtest(self) -> None:
        """Fail with the facts that broke."""
        if self.broken:
            raise _Failed("\n".join(("broke since the baseline:", *map(str, self.broken))))


class _Warnings:
    """A listener of a run that passes on the warnings, and nothing else."""

    def started(self, backend: str, articles: int) -> None:
        """Not shown."""

    def predicted(self, prediction: Prediction) -> None:
        """Not shown."""

    def finished(self) -> None:
        """Not shown."""

    def warned(self, message: str) -> None:
        """Shown among pytest's warnings."""
        import warnings

        warnings.warn(pytest.PytestWarning(f"factharness: {terminal(message)}"), stacklevel=2)
