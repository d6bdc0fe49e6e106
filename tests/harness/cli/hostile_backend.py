"""A back end that prints, names and raises what nobody should have to read; for test_shown.py."""

import os
import sys

from factharness.errors import ExtractionError
from factharness.facts import Entity, Quote, Span

LABEL = "::error::=PER|x_y`#\\\x1b[31m\u202e\ufffe\n::set-output name=a::b"


class Hostile:
    kinds = frozenset({"entity", "quote"})

    def __init__(self, raises=False, late=False):
        self.raises, self.late = raises, late

    def fingerprint(self):
        print("::error::fingerprint")
        return {"code": "hostile", "how": f"{self.raises} {self.late}", "\x1b[2J": "::error::x"}

    def load(self):
        print("::error::load")

    def extract(self, articles):
        for number, article in enumerate(articles):
            print(f"::error::{article.text}")
            print("##[error]", file=sys.stderr)
            os.write(1, b"from below\n")
            if self.raises and article.id.endswith("conseil"):
                helper()
            if self.raises:
                yield ExtractionError(LABEL * 200)
            elif self.late and number:
                yield []
            else:
                yield [
                    Entity(Span(0, 2), LABEL),
                    Entity(Span(3, 9), "\x9b##[x]"),
                    Quote((Span(0, 5),), "direct", None, LABEL),
                ]


def helper():
    raise ValueError(LABEL * 200)


def build(**options):
    print("::error::build")
    return Hostile(**options)
