"""The date extractors that `benchmarks/dates.py` compares, one module each.

A module has `PACKAGES` (what pip installs for it; none: it runs in the benchmark's own environment), `PACKAGE`
(whose version the table shows), `LICENCE`, and `reader()`, which loads the extractor and returns a function
from a text and its day of publication (`2024-03-05`) to records of dates. `run.py` calls it, in the
environment of the extractor, so these modules import nothing of factharness at the top.
"""
