"""Finds, builds and runs back ends.

``registry`` finds and builds them by name, ``execute`` runs one on articles, ``workers`` does so in several
processes or on a cluster; ``recipe`` is what another process needs to build the same one. ``combination`` joins
the predictions of several, ``cache`` stores predictions, ``printed`` keeps what back ends print apart from
results. ``scaffold`` writes a new back end, ``environment`` describes versions and the machine.
"""
