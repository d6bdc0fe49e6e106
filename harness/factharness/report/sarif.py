"""Problems of gold files as SARIF 2.1.0 (OASIS standard, 2020), which code hosts show beside the lines.

Only what the standard requires and hosts use: the tool, a rule per level, a result per problem with its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from urllib.parse import quote

import msgspec

from factharness import __version__, escape
from factharness.gold.problems import Problem

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

RULES = {
    "error": "A gold file that cannot be read, or contradicts its text or the format",
    "warning": "Something in a gold file that is rarely meant",
}
"""The levels of a problem; each one is a rule of SARIF's, called ``gold-error`` and ``gold-warning``."""


def render(problems: Iterable[Problem]) -> str:
    """One SARIF log with one run. Paths are given as they are: relative ones stay so, as hosts want them."""
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "factharness",
                        "semanticVersion": __version__,
                        "rules": [
                            {
                                "id": f"gold-{level}",
                                "shortDescription": {"text": text},
                                "defaultConfiguration": {"level": level},
                            }
                            for level, text in RULES.items()
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(problem) for problem in problems],
            }
        ],
    }
    return msgspec.json.format(msgspec.json.encode(log), indent=1).decode() + "\n"


def _result(problem: Problem) -> dict[str, object]:
    return {
        "ruleId": f"gold-{problem.level}",
        "level": problem.level,
        "message": {"text": escape.visible(problem.text)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(problem.path)},
                    "region": {"startLine": max(1, problem.line)},
                }
            }
        ],
    }


def _uri(path: str) -> str:
    """A path as a URI reference: an absolute one as ``file:``."""
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix(), errors="surrogateescape")
