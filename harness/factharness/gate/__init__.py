"""Gates: rules, baselines, and the verdict on a run.

``rules`` parses rules, ``baseline`` reads and writes baselines, ``judge`` applies all rules to a run and gives
the verdict, ``results`` applies one, with the ``numbers`` that it is about. ``changes`` lists the facts that
broke or were fixed since the baseline, ``movement`` how F1 moved, ``coverage`` what a run has no numbers of.
``baseline_of_mistakes`` reads baselines of the first format. The only files that this package reads are runs
and baselines, and it writes only baselines.
"""
