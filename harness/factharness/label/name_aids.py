"""Finds how far a name reaches from a run of capitals, for each label that it may be given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from factharness.facts import Entity, Span
from factharness.label.stops import CapitalRun
from factharness.text import fold

_ORG_HEADS = """
    école université ministère conseil parquet tribunal préfecture mairie ambassade bourse hôpital
    médiathèque mosquée clinique lycée collège institut académie cour chambre office agence consulat
    gendarmerie police brigade bibliothèque musée théâtre opéra section procureur fédération comité
    ligue banque caisse faculté équipe armée conservatoire rectorat chu centre assemblée parlement
    syndicat commission observatoire radio
"""
_LOC_HEADS = """
    rue route avenue boulevard place quai rang pont col vallée île îles mer lac canal barrage port camp
    stade salle gymnase parc cimetière château église rond-point plateau côte gare aéroport rade baie
    golfe détroit mont massif forêt chemin impasse square tour aérodrome pointe cap basilique cathédrale
    chapelle autoroute presqu'île écluse étang hippodrome
"""
_MISC_HEADS = """
    coupe prix trophée affaire code loi arrêté traité accord opération journée
"""
_HEADS: Mapping[str, frozenset[str]] = {
    "ORG": frozenset(_ORG_HEADS.split()),
    "LOC": frozenset(_LOC_HEADS.split()),
    "MISC": frozenset(_MISC_HEADS.split()),
}
"""By label, nouns that belong to the name behind them, such as *rue*."""

_LINKS = frozenset(("de", "du", "des", "d'", "la", "l'", "les", "à", "le", "et"))
_FURTHER = 6
"""How many words before the capital the noun may stand at most."""


class Extents:
    """The names that start or end at the runs of capitals of one article.

    ``found`` are the entities that a back end sees. A name is that of a found entity of the same label, else
    it goes back to a noun that belongs to names of the label, else it is the run itself.
    """

    def __init__(self, text: str, words: Sequence[Span], found: Sequence[Entity]) -> None:
        self._text = text
        self._words = words
        self._low = [fold(word.of(text)).lower() for word in words]
        self._found = sorted(found, key=lambda entity: entity.span)

    def of(self, run: CapitalRun, labels: Sequence[str]) -> dict[str, Span]:
        """The extent that each of ``labels`` takes at ``run``."""
        over = [entity for entity in self._near(run) if entity.span.overlaps(run.span)]
        return {label: self._one(run, label, over) for label in labels}

    def _near(self, run: CapitalRun) -> list[Entity]:
        return [entity for entity in self._found if entity.span.start < run.span.end]

    def _one(self, run: CapitalRun, label: str, over: Sequence[Entity]) -> Span:
        same = [entity.span for entity in over if entity.label == label]
        if same:
            return same[0]
        start = self._head(run, label)
        if start is not None:
            return Span(start, run.span.end)
        whole = [e.span for e in over if e.span.start == run.span.start]
        return whole[0] if whole and label != "PER" else run.span

    def _head(self, run: CapitalRun, label: str) -> int | None:
        """Where the noun starts that stands before ``run`` and belongs to its name; None when there is none."""
        heads = _HEADS.get(label, frozenset())
        linked = True
        for n in range(run.first - 1, max(-1, run.first - 1 - _FURTHER), -1):
            between = self._text[self._words[n].end : self._words[n + 1].start]
            if between.strip(" \u00a0\u202f"):
                return None
            if self._low[n] in heads:
                return self._words[n].start
            if n == run.first - 1:
                linked = self._low[n] in _LINKS
            if not linked:
                return None
        return None
