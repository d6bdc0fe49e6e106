"""``factharness extract``: facts of a corpus without gold; an extraction that was interrupted goes on.

``sources`` finds the articles of an input, ``extraction`` runs a back end on them, ``journal`` keeps the output
and how it was made. On a cluster, ``cut`` cuts the input into parts, ``on_cluster`` sends them to workers,
``part_work`` is what a worker does, ``parts`` the folder that they write. ``joining`` joins shards or parts.
``reading``, ``profiles`` and ``suggest`` say which articles to label next.
"""
