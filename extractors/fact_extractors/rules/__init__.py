"""The rule back end: dates, quotes and entities by a small grammar over data files.

:func:`build` is the back end's factory. Of use by themselves: :func:`fact_extractors.rules.dates.normalise`,
:func:`fact_extractors.speech.quotation_marks.quoted`, :func:`fact_extractors.rules.verbs.cues`.
"""

from fact_extractors.rules.extractor import RuleExtractor, build

__all__ = ["RuleExtractor", "build"]
