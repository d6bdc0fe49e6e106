"""``factharness label``: the labelling page and its server.

``serve``, ``server`` and ``guard`` answer requests; ``workspace`` has the articles that may be opened,
``session`` one that is open, ``draft`` its gold file in memory, ``journal`` what was done to it. ``operations``
and ``wire`` are what page and server send each other. ``aids`` and the modules beside it (``stops``, ``words``,
``name_aids``, ``date_aids`` with ``date_patterns`` and ``date_mods``, ``quote_aids``) compute which words and
which values a key of the page takes. ``values`` reads a value that is typed, ``view`` shows the lines of the
file and their problems, ``examples`` what labels mean, and ``keymap`` has the user's own keys. ``review`` shows
what back ends find, ``adjudication`` joins two labellings, and ``page/`` has the page itself, in JavaScript.
"""
