"""``factharness run``, and what is done with stored runs.

``suite`` reads what is to be run, ``plan`` says which back ends read which articles, ``predict`` gets their
predictions, which ``predictions`` holds, ``score`` scores them (``kept_results`` has what an earlier run
scored), ``tabulate`` adds up, and ``measure`` does all of this and writes the run directory, with
``directory``, ``parts`` and ``folder``. ``record`` has the types of a run, ``tables`` its tables. Stored runs
are found (``history``), compared (``comparison``, ``flips``), scored again (``rescore``), combined from shards
(``shards``), and searched for mistakes (``mistakes``, ``entries``, ``review``).
"""
