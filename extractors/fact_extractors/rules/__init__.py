"""The rule back end: dates, quotes and entities by a small grammar over data files.

``extractor`` is the back end. ``dates`` finds temporal expressions: ``grammar`` and ``patterns`` try the rules
of ``data/dates.toml``, ``makers``, ``lengths``, ``fields`` and ``timex`` say what they mean, ``tense`` which
day is meant. ``entities`` types names, with ``names`` (candidates), ``heads``, ``evidence``, ``lexicon``.
``quotes`` finds quotations: ``narration`` cuts a text into what its narrator says, ``verbs`` finds cues,
``quotes_in_marks``, ``fragments``, ``incises`` and ``indirect_quotes`` are the ways to attribute speech,
``speakers``, ``subjects`` and ``people`` say whose it is.

:func:`build` is the back end's factory. Of use by themselves: :func:`fact_extractors.rules.dates.normalise`,
:func:`fact_extractors.speech.quotation_marks.quoted`, :func:`fact_extractors.rules.verbs.cues`.
"""

from fact_extractors.rules.extractor import RuleExtractor, build

__all__ = ["RuleExtractor", "build"]
