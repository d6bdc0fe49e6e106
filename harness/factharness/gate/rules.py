"""Parses the rules of a gate into objects. The grammar:

::

    rule     = measure , compare , ( number | measure )
             | measure , "drop" , compare , number , [ "unless" , "p" , compare , number ]
             | "errors" , compare , number , [ "%" ]
             | ( "new_misses" | "new_wrong" ) , [ "(" , label , ")" ] , compare , number ;
    measure  = backend , "." , kind , [ "." , label ] , [ "." , regime ] , "." , metric , [ text ] ;
    text     = "[" , variant , "]" ;
    backend  = name | "*" ;      kind   = "entity" | "date" | "quote" ;
    label    = name | "*" ;      metric = "precision" | "recall" | "f1" ;
    compare  = "<" | "<=" | "==" | ">=" | ">" ;

``*`` stands for every back end, or every label, and the rule must hold for each. Without a regime, the first
regime of the suite is meant. With a variant, as in ``*.entity.f1[no-accents]``, the number is that of the
articles in this variant, and a drop is that from the plain articles of the same run; without one it is that of
the plain articles, and a drop is that from the baseline. The parser does not know the run: names are looked up
when a rule is applied.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from factharness.errors import SuiteError
from factharness.facts import KINDS, Kind
from factharness.runs.suite import Suite, line_with

Metric: TypeAlias = Literal["precision", "recall", "f1"]
METRICS: tuple[Metric, ...] = get_args(Metric)

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}

DIGITS = 3
"""Numbers are rounded to these digits before they are compared, as they are when they are printed.

So the printed table and the exit code never disagree (as in coverage.py).
"""


class Compare(Struct, frozen=True):
    """A comparison with a number; both sides are rounded to the displayed digits."""

    sign: str
    limit: float

    def holds(self, value: float) -> bool:
        """Whether the comparison of ``value`` with the limit is true."""
        return COMPARE[self.sign](round(value, DIGITS), round(self.limit, DIGITS))

    def __str__(self) -> str:
        return f"{self.sign} {self.limit:g}"


class Measure(Struct, frozen=True):
    """A number of a run, or several where ``*`` stands for a back end or a label.

    ``path`` is the part between kind and metric: a label, a regime, both or nothing. Which of these a single
    name is depends on the names that the run knows. ``variant`` is empty for the plain articles.
    """

    backend: str
    kind: Kind
    path: tuple[str, ...]
    metric: Metric
    variant: str = ""

    def __str__(self) -> str:
        variant = f"[{self.variant}]" if self.variant else ""
        return ".".join((self.backend, self.kind, *self.path, self.metric)) + variant


class Threshold(Struct, frozen=True):
    """``spacy.entity.f1 >= 0.80``."""

    text: str
    measure: Measure
    compare: Compare


class Against(Struct, frozen=True):
    """``hybrid.entity.PER.f1 > rules.entity.PER.f1``."""

    text: str
    measure: Measure
    sign: str
    other: Measure


class Drop(Struct, frozen=True):
    """``*.date.recall drop <= 0.02 unless p > 0.05``: how much the score fell since the baseline.

    With a variant, as in ``*.date.recall[ocr] drop <= 0.2``, how much lower it is than on the plain articles.
    """

    text: str
    measure: Measure
    compare: Compare
    unless_p: Compare | None = None


class Errors(Struct, frozen=True):
    """``errors <= 1%``: articles on which a back end failed, as a number or a percentage of all."""

    text: str
    compare: Compare
    percent: bool = False


class New(Struct, frozen=True):
    """``new_misses(DATE) == 0``: facts that were right in the baseline and are wrong now.

    ``misses`` counts gold facts that are no longer found, ``wrong`` predictions that are newly wrong. Label
    None means all labels.
    """

    text: str
    what: Literal["misses", "wrong"]
    compare: Compare
    label: str | None = None


Rule: TypeAlias = Threshold | Against | Drop | Errors | New

# Adjacent signs are one token, so that `=>` is refused and not read as `>`.
_TOKEN = re.compile(r"[<>=]+|[%()]|[^\s<>=%()]+")

_GRAMMAR = (__doc__ or "").partition("::\n\n")[2].partition("\n\n``*``")[0].splitlines()


def parse(text: str) -> Rule:
    """Parse a rule. Raises ``SuiteError`` that points at the mistake and shows a line of the grammar."""
    return _Parser(text).rule()


def check_rules(suite: Suite) -> None:
    """Raise ``SuiteError``, with file and line, for the first rule of a suite that cannot be parsed."""
    for text in suite.gate.rules:
        try:
            parse(text)
        except SuiteError as error:
            raise SuiteError(
                error.message,
                file=suite.path,
                line=line_with(suite, text),
                remedy=error.remedy,
            ) from None


def mistake(text: str, place: int, message: str, remedy: str) -> SuiteError:
    """An error that shows the rule ``text`` and points at its character number ``place``."""
    return SuiteError(f"{message}:\n  {text}\n  {' ' * place}^", remedy=remedy)


class _Parser:
    """Recursive descent over the tokens of one rule."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [(token[0], token.start()) for token in _TOKEN.finditer(text)]
        self.at = 0
        self.form = "rule  "
        """A part of the grammar line that is being read, by which the line is found for an error message."""

    def rule(self) -> Rule:
        word = self.take("a measure, errors, new_misses or new_wrong")
        rule: Rule
        if word == "errors":
            self.form = '"errors"'
            compare = self.compare()
            rule = Errors(self.text, compare, percent=self.skip("%"))
        elif word in ("new_misses", "new_wrong"):
            self.form = '"new_misses"'
            label = None
            if self.skip("("):
                label = self.take("a label")
                self.expect(")")
            what: Literal["misses", "wrong"] = "misses" if word == "new_misses" else "wrong"
            rule = New(self.text, what, self.compare(), label)
        else:
            rule = self.measured(self.measure(word))
        if self.at < len(self.tokens):
            raise self.wrong("the end of the rule", self.at)
        return rule

    def measured(self, measure: Measure) -> Rule:
        if self.skip("drop"):
            self.form = '"drop"'
            compare = self.compare()
            unless = None
            if self.skip("unless"):
                self.expect("p")
                unless = self.compare()
            return Drop(self.text, measure, compare, unless)
        sign = self.sign()
        word = self.take("a number or a measure")
        limit = _number(word)
        if limit is not None:
            return Threshold(self.text, measure, Compare(sign, limit))
        other = self.measure(word)
        if other == measure:
            raise self.wrong("another measure than the one on the left", self.at - 1)
        return Against(self.text, measure, sign, other)

    def measure(self, word: str) -> Measure:
        place = self.at - 1
        form = "measure  "
        whole, word, variant = word, *_variant(word)
        words = word.split(".")
        # The name of a back end may contain dots: it ends before the first word that is a kind.
        at = next((number for number, one in enumerate(words) if one in KINDS and number), None)
        if at is None or not (backend := ".".join(words[:at])):
            wanted = f"{words[0] or 'BACKEND'}.KIND, with a kind of {', '.join(KINDS)}"
            raise self.wrong(wanted, place, form)
        # A regime may contain a dot too (iou@0.5): its two halves are joined again.
        parts = re.findall(r"[^.@]+(?:@\d*\.?\d+)?", ".".join(words[at:]))
        kind, *path = parts
        if not path or path[-1] not in METRICS:
            wanted = f"a metric of {', '.join(METRICS)} at the end of {word!r}"
            raise self.wrong(wanted, place, form)
        *path, metric = path
        measure = Measure(backend, kind, tuple(path), metric, variant)
        if len(path) > 2 or str(measure) != whole:
            raise self.wrong("at most a label and a regime between kind and metric", place, form)
        return measure

    def compare(self) -> Compare:
        sign = self.sign()
        limit = _number(self.take("a number"))
        if limit is None:
            raise self.wrong("a number", self.at - 1)
        return Compare(sign, limit)

    def sign(self) -> str:
        if self.at == len(self.tokens) or self.tokens[self.at][0] not in COMPARE:
            raise self.wrong(f"one of {' '.join(COMPARE)}", self.at, "compare  ")
        self.at += 1
        return self.tokens[self.at - 1][0]

    def take(self, wanted: str) -> str:
        if self.at == len(self.tokens):
            raise self.wrong(wanted, self.at)
        self.at += 1
        return self.tokens[self.at - 1][0]

    def skip(self, word: str) -> bool:
        found = self.at < len(self.tokens) and self.tokens[self.at][0] == word
        self.at += found
        return found

    def expect(self, word: str) -> None:
        if not self.skip(word):
            raise self.wrong(repr(word), self.at)

    def wrong(self, wanted: str, token: int, form: str = "") -> SuiteError:
        place = self.tokens[token][1] if token < len(self.tokens) else len(self.text)
        lines = [line.strip() for line in _GRAMMAR if (form or self.form) in line]
        return mistake(
            self.text,
            place,
            f"a gate rule cannot be read, expected {wanted}",
            f"as in the grammar: {lines[0]}" if lines else "see docs/ci.md",
        )


def _variant(word: str) -> tuple[str, str]:
    """A measure without its variant, and the variant; empty where there is none."""
    found = re.fullmatch(r"(.+)\[([^\[\]]+)\]", word)
    return (found[1], found[2]) if found else (word, "")


def _number(word: str) -> float | None:
    return float(word) if re.fullmatch(r"-?\d*\.?\d+", word) else None
