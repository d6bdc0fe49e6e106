"""factharness: scores fact extractors on hand-labelled French news."""

__version__ = "0.1.0"
