"""Gold files and gold sets: the format, its checks, withholding and attaching texts.

``syntax`` reads a file as a ``tree``, ``parse`` makes an article of it, ``format`` and ``compose`` write one;
``sets`` reads a folder of files, with ``articles`` and ``store``; ``new``, ``confirm`` and ``complete`` help to
make files, ``withhold`` and ``fetch`` keep texts apart. ``timex``, ``readings``, ``short_values`` and the
modules that they use know the values of dates, and French words for them.

The words of an error stand in the module that finds it: ``header`` (the TOML header), ``syntax`` (lines),
``fact_line`` (facts and their fields), ``anchors`` (quoted words that are not found), ``parse`` (ids, quotes
and speakers), ``checks`` (what reading does not demand), :mod:`factharness.files` (unreadable files).
``problems`` collects them for a check. How an error is printed, as ``file:line: what is wrong; what to do``, is
in :mod:`factharness.errors`.
"""
