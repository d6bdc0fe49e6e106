"""Gold files and gold sets: the format, its checks, withholding and attaching texts.

Reading and writing: ``syntax`` reads a file as a ``tree`` (with ``header``, ``fact_line``, ``text_lines``),
``parse`` makes an article of it, for which ``anchors`` finds the quoted words; ``format`` and ``compose`` write
a file. ``sets`` reads a folder of files (``set_file`` its ``set.toml``) as ``articles``, which ``store`` keeps.

Making files: ``new`` (with ``published``, ``raw_text``, ``marked_quotes``), ``confirm`` (with ``retype``) and
``complete``; ``problems`` checks them, ``hints`` and ``stats`` show what they lack. ``withhold`` and ``fetch``
keep texts apart.

Values of dates: ``timex`` tells which are well formed. ``readings`` says one in French (with
``calendar_words``, ``distances``, ``french``), ``short_values`` reads what is typed for one (with
``short_days``, ``short_forms``, ``nearest``), and ``spoken_days``, ``spoken_clock`` and ``spoken_lengths``
compare it with the words of the date.

The message of an error stands in the module that finds it: ``header`` (the TOML header), ``syntax`` (lines),
``fact_line`` (facts and their fields), ``anchors`` (quoted words that are not found), ``parse`` (ids, quotes
and speakers), ``checks`` (what reading does not demand), :mod:`factharness.files` (unreadable files).
``problems`` collects them for a check. How an error is printed, as ``file:line: what is wrong; what to do``, is
in :mod:`factharness.errors`.
"""
