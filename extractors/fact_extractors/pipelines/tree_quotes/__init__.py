"""Quotations by the dependency tree of a parser.

``units`` cuts an article into the texts that a parser is shown; ``tree`` holds the words that it returns.
``cues`` finds the verbs that attribute speech in a tree, ``speakers`` their subjects, and ``phrases`` how far
the noun phrase of a subject reaches. ``incises``, ``clauses``, ``sources``, ``marked`` and ``alone`` are the
ways in which French attributes speech; each reads a ``read_unit`` and adds the quotations that it finds.
``assembly`` makes the quotations of the article of these. Word ``lists`` are in ``words.toml``.

A *cue* is the verb that attributes speech (*a dit*), an *incise* a cue with its speaker inside or behind the
speech (*« Oui, dit-il, … »*), a *source* a speaker who is named without a verb (*selon le maire*). A stretch in
quotation marks is *held* when it stands for itself, and *carried* when it goes on from the paragraph before.

Nothing here uses the rules of :mod:`fact_extractors.rules`; what both know of French is in
:mod:`fact_extractors.speech`.
"""
