"""Finds, builds and runs back ends.

``registry`` finds and builds them by name, ``execute`` runs one on articles (``time_limit`` ends an article),
``workers`` does so in several ``processes`` or on a ``cluster``, whose workers run back ends in processes of
their own (``apart``); ``descendants`` are the programs that these start. ``recipe`` is what another process
needs to build the same back end. ``combination`` joins the predictions of several, ``cache`` stores
predictions, ``printed`` keeps what back ends print apart from results. ``scaffold`` writes a new back end,
``environment`` describes versions and the machine.
"""
