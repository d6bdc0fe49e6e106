"""``factharness run``, and what is done with stored runs.

A run goes through suite, plan, predict, score and measure. The run directory is in directory, parts and folder.
Stored runs are found (history), compared, scored again, combined from shards, and searched for mistakes.
"""
