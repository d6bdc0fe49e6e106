"""A verdict as text for a terminal, as GitHub annotations and step summary, as JUnit XML and as a badge.

JUnit XML and the badge also work for runs without a verdict.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from factharness import escape
from factharness.errors import HarnessError
from factharness.gate.changes import Broken, once_each
from factharness.gate.judge import Verdict
from factharness.gate.results import Result
from factharness.report.layout import every, tables
from factharness.report.text import MARKS, markdown
from factharness.runs.record import Run
from factharness.runs.tables.cells import score

SHOWN = 20
"""Broken facts that are listed on a terminal."""

ANNOTATIONS = 10
"""GitHub shows no more annotations of one step."""

SUMMARY_LIMIT = 1_048_576
"""Bytes of the summary of a GitHub step; a longer one is not shown at all."""


def text(verdict: Verdict) -> str:
    """Rules, what broke, notes; the last line is the result."""
    return "\n".join(_lines(verdict))


def _lines(verdict: Verdict) -> Iterator[str]:
    for result in verdict.results:
        yield f"{result.word:<5} {result.rule}"
        for failure in result.failures:
            yield f"        {escape.brief(failure)}"
    broken = verdict.changes.broken if verdict.changes else ()
    if broken:
        listed = once_each(broken)
        yield f"\n{_facts(len(broken))} broke since the baseline:"
        yield from (f"  {one}" for one in listed[:SHOWN])
        if len(listed) > SHOWN:
            yield f"  … and {len(listed) - SHOWN} more"
    if verdict.notes:
        yield ""
        yield from (f"note: {note}" for note in verdict.notes)
    yield f"\n{verdict}"


def github_annotations(verdict: Verdict, workspace: str = "") -> str:
    """Workflow commands, ten at most: failed rules, then broken facts, those that differ only in place once.

    Paths are made relative to ``workspace``, as GitHub wants them.
    """
    made = [
        escape.workflow_command(
            "error", f"{result.rule}: {escape.brief(failure)}", title="gate rule failed"
        )
        for result in verdict.results
        if result.code == 1
        for failure in result.failures
    ]
    made += [
        escape.workflow_command(
            "error",
            "\n".join((result.rule, *map(escape.brief, result.failures))),
            title="gate rule not judged",
        )
        for result in verdict.results
        if result.code > 1
    ]
    made += [
        escape.workflow_command(
            "warning",
            str(one),
            file=os.path.relpath(one.path, workspace) if workspace else one.path,
            line=one.fact.line,
            title=f"{one.backend}: newly {'missed' if one.what == 'misses' else 'wrong'}",
        )
        for one in once_each(verdict.changes.broken if verdict.changes else ())
    ]
    return "".join(f"{command}\n" for command in made[:ANNOTATIONS])


def github_refusal(error: HarnessError) -> str:
    """The workflow command when a run could not be judged at all."""
    return escape.workflow_command("error", escape.brief(str(error)), title="run not judged") + "\n"


def refusal_summary(error: HarnessError) -> str:
    """Markdown, for the same case."""
    said = escape.markdown(escape.brief(str(error)))
    return f"## RESULT: ERROR exit {error.exit_code}\n\n{said}\n"


def step_summary(run: Run, verdict: Verdict, limit: int = SUMMARY_LIMIT) -> str:
    """Markdown: the result, failed rules, the tables, what broke.

    What does not fit into ``limit`` bytes is cut off with a note; without room for the note, it is empty.
    """
    parts = [f"## {escape.markdown(str(verdict))}\n"]
    parts += [
        f"- **{escape.markdown(result.rule)}**: {escape.markdown(_failures(result))}\n"
        for result in verdict.results
        if not result.passed
    ]
    parts += ["\n", markdown(tables(run, every, MARKS["markdown"])), "\n"]
    broken = once_each(verdict.changes.broken if verdict.changes else ())
    parts += [f"- {escape.markdown(str(one))}\n" for one in broken]
    note = "\n*Cut here: the whole is in the run directory.*\n"
    room = limit - len(note.encode())
    if room < 0:
        return ""
    kept: list[str] = []
    for part in parts:
        room -= len(part.encode())
        if room < 0:
            kept.append(note)
            break
        kept.append(part)
    return "".join(kept)


def _failures(result: Result) -> str:
    return "; ".join(map(escape.brief, result.failures))


def junit(runs: Sequence[Run], verdict: Verdict | None = None) -> str:
    """JUnit XML: a suite per gold set and back end, a case per article and kind.

    A case fails when something in it broke since the baseline, and is an error when the back end crashed on the
    article. Rules are a suite of their own.
    """
    broken: dict[tuple[str, str, str, str], list[Broken]] = {}
    for one in verdict.changes.broken if verdict and verdict.changes else ():
        broken.setdefault((one.goldset, one.backend, one.article, one.kind), []).append(one)
    root = ElementTree.Element("testsuites", name="factharness")
    suites: dict[str, ElementTree.Element] = {}
    for run, on_set in ((one, on_set) for one in runs for on_set in one.scores.backends):
        (backend,) = (one for one in run.manifest.backends if one.name == on_set.backend)
        (goldset,) = (one for one in run.manifest.goldsets if one.name == on_set.goldset)
        suite = _element(root, "testsuite", name=f"{on_set.goldset}/{on_set.backend}")
        suites[f"{on_set.goldset}/{on_set.backend}"] = suite
        for article in goldset.articles:
            for kind in backend.kinds:
                case = _element(
                    suite,
                    "testcase",
                    classname=f"{on_set.goldset}.{on_set.backend}",
                    name=f"{article.id} {kind}",
                )
                error = on_set.errors.get(article.id)
                facts = broken.pop((on_set.goldset, on_set.backend, article.id, kind), [])
                if error is not None:
                    _element(case, "error", message=escape.brief(error))
                elif facts:
                    _broke(case, facts)
        _count(suite)
    # Facts that broke because nothing was measured: the back end is gone, or no longer claims the kind.
    for place, facts in sorted(broken.items()):
        name = "/".join(place[:2])
        if name not in suites:
            suites[name] = _element(root, "testsuite", name=name)
        suite = suites[name]
        case = _element(suite, "testcase", classname=".".join(place[:2]), name=" ".join(place[2:]))
        _broke(case, facts)
        _count(suite)
    if verdict is not None:
        suite = _element(root, "testsuite", name="gate")
        for result in verdict.results:
            case = _element(suite, "testcase", classname="gate", name=result.rule)
            if not result.passed:
                tag = "failure" if result.code == 1 else "error"
                _element(case, tag, message=_failures(result))
        _count(suite)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _broke(case: ElementTree.Element, facts: Sequence[Broken]) -> None:
    failure = _element(case, "failure", message=f"{_facts(len(facts))} broke since the baseline")
    failure.text = escape.visible("\n".join(map(str, facts)))


def _element(parent: ElementTree.Element, tag: str, **attributes: str) -> ElementTree.Element:
    """A new last child. ElementTree escapes markup; what XML cannot hold at all is written as its code."""
    shown = {name: escape.visible(value) for name, value in attributes.items()}
    return ElementTree.SubElement(parent, tag, shown)


def _count(suite: ElementTree.Element) -> None:
    for key, path in (("tests", "testcase"), ("failures", "*/failure"), ("errors", "*/error")):
        suite.set(key, str(len(suite.findall(path))))


def _facts(count: int) -> str:
    return f"{count} fact{'s' * (count != 1)}"


def badge(run: Run, verdict: Verdict | None = None) -> str:
    """The endpoint JSON of shields.io: best F1 of entities, or the result of the gate."""
    if verdict is not None:
        message, colour = ("failing", "red") if verdict.exit_code else ("passing", "brightgreen")
    else:
        rows = (score.row for score in run.rows() if score.row.kind == "entity")
        best = max((row.f1 for row in rows if row.f1 is not None), default=None)
        message, colour = f"entity F1 {score(best)}", "blue"
    return json.dumps(
        {"schemaVersion": 1, "label": "factharness", "message": message, "color": colour}
    )
