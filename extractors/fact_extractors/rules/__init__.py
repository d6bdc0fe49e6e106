"""The rule back end: dates, quotes and entities by a small grammar over data files.

``extractor`` is the back end. ``data`` reads the data files, ``sentences`` finds the ends of sentences.

``dates`` finds temporal expressions. ``grammar`` and ``patterns`` try the rules of ``data/dates.toml``. A
*maker* makes the value of a match: those of ``makers`` for places in the calendar, those of ``lengths`` for
lengths and clock times, with ``fields``, ``numbers``, ``named_days`` and ``timex``. ``tense`` says whether
*lundi* is the last or the next one.

``entities`` gives each name its type. ``names`` finds the candidates among the words of ``cased_words`` and
``tokens``, ``heads`` and ``lines`` say how far some reach, and ``evidence``, ``lexicon`` and ``nationalities``
what the type may be.

``quotes`` finds quotations. ``narration`` separates what the narrator says from what is quoted, ``verbs`` (with
``unknown_verbs`` and ``asides``) finds cues, the verbs that attribute speech. ``quotes_in_marks``,
``fragments``, ``incises`` and ``indirect_quotes`` are the ways to attribute speech; ``attribution`` is what
they share, and ``clauses`` how far a clause reaches. ``speakers``, ``subjects`` and ``people`` find the
speaker, with ``noun_phrases``, ``phrase_ends`` and ``said_by``.

:func:`build` is the back end's factory. Of use by themselves: :func:`fact_extractors.rules.dates.normalise`,
:func:`fact_extractors.speech.quotation_marks.quoted`, :func:`fact_extractors.rules.verbs.cues`.
"""

from fact_extractors.rules.extractor import RuleExtractor, build

__all__ = ["RuleExtractor", "build"]
