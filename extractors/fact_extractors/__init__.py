"""Fact extractors for French news: the back ends that come with factharness.

``rules`` is a package of its own; ``pipelines`` has spaCy and Stanza, ``classifiers`` transformers and GLiNER,
``services`` programs, services and language models; ``dateparser_dates`` and ``replay`` are one module each.
They share ``speech`` (quotation marks, verbs of saying), ``folded``, ``capitals`` and ``words`` (a text as it
is read), ``options`` (checks of options), ``records`` (the JSON of programs and services), ``tables`` (data
files), ``digests`` (for fingerprints), ``limit`` (the longest article), ``torch_device`` and ``selftest`` (for
models).
"""
