"""Groups problems of one file that have the same words, and counts what was checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, structs

from factharness.gold.problems import Problem
from factharness.gold.proposed import PROPOSED

SHOWN = 5
"""How many lines of a group are named."""


class ProblemGroup(Struct, frozen=True):
    """Problems of one file with the same words: the first of them, and the lines of all, in order."""

    first: Problem
    lines: tuple[int, ...]

    def __str__(self) -> str:
        return str(self._told())

    def github(self) -> str:
        """One annotation of the first line."""
        return self._told().github()

    def _told(self) -> Problem:
        """The first problem, with the number of lines and the first few of them in its message."""
        if len(self.lines) == 1:
            return self.first
        named = ", ".join(map(str, self.lines[:SHOWN])) + ", …" * (len(self.lines) > SHOWN)
        message = f"{self.first.message} ({len(self.lines)} times: lines {named})"
        return structs.replace(self.first, message=message)


def grouped(problems: Iterable[Problem]) -> list[ProblemGroup]:
    """The groups, in the order in which the first problem of each came."""
    groups: dict[Problem, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(structs.replace(problem, line=0), []).append(problem)
    return [ProblemGroup(held[0], tuple(one.line for one in held)) for held in groups.values()]


def annotated(problems: Iterable[Problem]) -> list[ProblemGroup]:
    """As :func:`grouped` for facts that nobody has confirmed; every other problem is a group by itself."""
    groups = grouped(problems)
    found: list[ProblemGroup] = []
    for group in groups:
        if group.first.message == PROPOSED:
            found.append(group)
        else:
            found += [ProblemGroup(structs.replace(group.first, line=n), (n,)) for n in group.lines]
    return found


def summary(problems: Sequence[Problem], files: int) -> str:
    """How many files were checked and what they have: ``3 files checked: 2 errors``."""
    counts = {
        level: sum(problem.level == level for problem in problems) for level in ("error", "warning")
    }
    found = [f"{count} {level}{'s' * (count != 1)}" for level, count in counts.items() if count]
    return f"{files} file{'s' * (files != 1)} checked: {', '.join(found) or 'no problem'}"
