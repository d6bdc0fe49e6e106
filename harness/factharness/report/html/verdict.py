"""The verdict of a run's gate, as the overview says it; or why there is none."""

from __future__ import annotations

from msgspec import Struct

from factharness.errors import HarnessError
from factharness.escape import brief
from factharness.gate.baseline import find
from factharness.gate.judge import judge
from factharness.gate.results import Result
from factharness.gate.rules import Compare, Errors, parse
from factharness.runs.record import Run


class GateBox(Struct, frozen=True):
    """A word for the whole (``Passed.``), a sentence, and the rules: those that hold, and the others."""

    word: str
    sentence: str
    holding: tuple[Result, ...] = ()
    others: tuple[Result, ...] = ()


def verdict(run: Run) -> GateBox:
    """Judge a stored run by the rules of its suite and the baseline that the suite names."""
    rules = run.manifest.gate.rules
    if not rules:
        return GateBox("No gate.", "The suite has no rules, so nothing is passed or failed.")
    try:
        found = judge(run, rules, find(run, optional=True))
    except HarnessError as error:
        return GateBox("Not judged.", brief(str(error)))
    holding = tuple(result for result in found.results if result.passed)
    others = tuple(result for result in found.results if not result.passed)
    every = len(found.results)
    if not others:
        word = "Passed."
        sentence = "Its one rule holds:" if every == 1 else f"All {every} rules hold:"
    else:
        word = "Failed." if found.failed else "Not judged."
        unjudged = len(others) - found.failed
        parts = [f"{found.failed} of {every} rules failed"] if found.failed else []
        if unjudged:
            parts.append(f"{unjudged} of {every} cannot be judged")
        sentence = f"{', '.join(parts)}{'; these hold:' if holding else '.'}"
    return GateBox(word, sentence, holding, others)


def meaning(result: Result) -> str:
    """What a rule that holds means, where it could be misread: ``errors`` are crashes, not mistakes."""
    rule = parse(result.rule)
    if not isinstance(rule, Errors):
        return ""
    none_allowed = rule.compare in (Compare("==", 0), Compare("<=", 0))
    said = (
        "no back end failed on an article" if none_allowed else "articles on which a back end fails"
    )
    return f"{said}; mistakes are not counted"
