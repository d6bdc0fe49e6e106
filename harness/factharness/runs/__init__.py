"""``factharness run``: reads a suite, plans, predicts, scores, and writes and reads the run directory."""
