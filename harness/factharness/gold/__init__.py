"""Gold files and gold sets: the format, its checks, withholding and attaching texts.

The words of an error stand in the module that finds it: ``header`` (the TOML header), ``syntax`` (lines),
``fact_line`` (facts and their fields), ``anchors`` (quoted words that are not found), ``parse`` (ids, quotes
and speakers), ``checks`` (what reading does not demand), :mod:`factharness.files` (unreadable files).
``problems`` collects them for a check.
How an error is printed, as ``file:line: what is wrong; what to do``, is in :mod:`factharness.errors`.
"""
