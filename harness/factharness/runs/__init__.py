"""``factharness run``, and what is done with stored runs.

``measure`` makes a run, in these steps. ``suite`` reads what is to be run (with ``matrix`` and ``one_line``);
``plan`` says which back ends read which articles. ``predict`` gets their predictions, which ``predictions``
holds in a file; ``extracted`` is a back end with its predictions, and ``composed`` joins those of hybrids and
combinations. ``score`` scores them, unless ``kept_results`` has the scores of an earlier run. ``tabulate`` adds
up, with ``leads`` (who is ahead), ``seen`` (who saw the gold before) and ``costs`` (of variants).
``directory`` writes the run directory, with ``parts`` and ``folder``.

``record`` has the types of a run, ``tables`` its tables. Stored runs are found (``history``), compared
(``comparison``, ``flips``), scored again (``rescore``), combined from shards (``shards``), asked how much gold
is needed (``effort``), and searched for mistakes: ``side_by_side`` reads all back ends article by article,
``mistakes`` says what is wrong, ``filters`` narrows, ``entries`` and ``review`` make the lists, with the words
of ``texts`` and the lines of ``gold_lines``.
"""
