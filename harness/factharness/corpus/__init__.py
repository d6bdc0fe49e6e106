"""``factharness extract``: facts of a corpus without gold; an extraction that was interrupted goes on.

``sources`` finds the articles of an input, which ``json_lines``, ``text_files``, ``parquet_rows`` and
``gold_texts`` read as ``entries``; ``extraction`` runs a back end on them, ``journal`` keeps the output and how
it was made, ``seen_ids`` notices repeated ids. On a cluster, ``cut`` cuts the input into parts (``counting``
counts their articles), ``on_cluster`` sends them to workers, ``part_work`` is what a worker does, ``parts`` the
folder that they write, ``repeated_ids`` looks for ids that several parts have. ``joining`` joins shards or
parts.

``reading``, ``profiles`` (with ``visible``) and ``suggest`` say which articles to label next.
"""
