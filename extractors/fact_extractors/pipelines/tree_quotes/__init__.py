"""Quotations by the dependency tree of a parser.

``units`` cuts an article into what a parser is shown; ``tree`` holds the words that it gives back; ``cues``
finds the verbs that attribute speech in a tree, ``speakers`` who is their subject. ``incises``, ``clauses``,
``sources`` and ``marked`` are the ways in which French attributes speech; ``read_unit`` is what they read and
write, ``assembly`` makes quotations of what they found. Nothing here comes from the rules of
:mod:`fact_extractors.rules`; what both know of French is :mod:`fact_extractors.speech`.
"""
