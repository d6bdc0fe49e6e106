"""Scores: matching, counting, statistics. Pure: no I/O, no clock."""
