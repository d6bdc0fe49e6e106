"""Made-up clauses of reporting verbs with their speaker: *a dit hier Jean Dupont*, *Jean Dupont a dit hier*."""

from __future__ import annotations

import random
from collections.abc import Sequence

from speakers import VOWELS, Speakers, is_several, phrases
from trees import Tree, append, insert, root, word

from fact_extractors.speech.conjugation import Form, conjugate
from fact_extractors.speech.verbs import table

FINITE = "Mood=Ind"


def capitalised(tree: Tree) -> Tree:
    """`tree` as it opens a sentence."""
    first = tree[0]
    return (first._replace(form=first.form[0].upper() + first.form[1:]), *tree[1:])


class Clauses:
    """Makes clauses of the verbs that the rules know; the same seed and the same calls give the same."""

    def __init__(self, speakers: Speakers, rng: random.Random) -> None:
        self._speakers, self._rng = speakers, rng
        rows = table("verbs")
        self._conjugations = {row["infinitive"]: row["conjugation"] for row in rows}
        self._telling = [row["infinitive"] for row in rows if "tell" in row["uses"]]
        self._saying = [row["infinitive"] for row in rows if "say" in row["uses"]]

    def _verb(self, uses: Sequence[str]) -> str:
        common = self._rng.random() < 0.5
        return self._rng.choice(phrases("common") if common else uses)

    def _said(self, lemma: str, *, plural: bool, pronoun: str = "") -> Tree:
        """The verb group of the third person; `pronoun`: what follows the verb with a hyphen."""
        bare = lemma.removeprefix("se ").removeprefix("s'")
        forms = list(conjugate(bare, self._conjugations[lemma]))
        compound = self._rng.random() < 0.5
        if compound:
            wanted = [f for f in forms if f.mood == "participle" and not f.plural]
            main = word(wanted[0].text, "VERB", "Tense=Past|VerbForm=Part")
            being = ("sont" if plural else "est") if bare != lemma else "ont" if plural else "a"
            finite = word(being, "AUX", f"{FINITE}|Tense=Pres|VerbForm=Fin")
        else:
            wanted = [f for f in forms if f.mood == "finite" and f.plural == plural]
            # Mostly the present, which comes first; the rest in equal parts.
            form = wanted[0] if self._rng.random() < 0.6 else self._rng.choice(wanted)
            finite = main = word(form.text, "VERB", _features(form))
        if pronoun:
            joint = "-t-" if finite[0].form[-1] in "aec" else "-"
            finite = append(finite, word(joint + pronoun, "PRON"), "nsubj", gap=False)
        if not compound:
            group = finite
        elif pronoun:
            aux, clitic = finite[:1], finite[1:]
            group = insert(main, 0, (clitic[0]._replace(head=0),), "nsubj")
            group = insert(group, 0, aux, "aux:tense")
            group = (group[0]._replace(space=False), *group[1:])
        else:
            group = insert(main, 0, finite, "aux:tense")
        if bare != lemma:
            clitic = "s'" if group[0].form[0] in VOWELS else "se"
            group = insert(group, 0, word(clitic, "PRON", space=clitic == "se"), "expl:pv")
        return group

    def _beside(self, clause: Tree, chance: float, *, last: bool = False) -> Tree:
        """`clause` with words of time or place behind it, or without; `last`: nothing follows them."""
        while self._rng.random() < chance:
            piece = self._speakers.adverbial()
            relation = {"ADV": "advmod", "VERB": "advcl"}.get(piece[root(piece)].pos, "obl:mod")
            apart = self._rng.random() < 0.2
            if apart:
                piece = insert(piece, 0, word(",", "PUNCT"), "punct")
                piece = piece if last else append(piece, word(",", "PUNCT"), "punct", gap=False)
            clause = append(clause, piece, relation, gap=not apart)
            chance *= 0.4
        return clause

    def incise(self) -> Tree:
        """*a déclaré hier à la presse Jean Dupont, maire de Lyon*: verb first; or *explique-t-il*."""
        lemma = self._verb(self._telling)
        if self._rng.random() < 0.25:
            pronoun = self._rng.choice(("il", "elle", "il", "elle", "on", "ils", "elles"))
            return self._beside(
                self._said(lemma, plural=pronoun.endswith("s"), pronoun=pronoun), 0.25, last=True
            )
        speaker = self._speakers.speaker()
        clause = self._beside(self._said(lemma, plural=is_several(speaker)), 0.45)
        return self._beside(append(clause, speaker, "nsubj"), 0.15, last=True)

    def subject_first(self, lemma: str | None = None) -> Tree:
        """*Jean Dupont, maire de Lyon, a déclaré*; without a verb given, one that takes a clause."""
        lemma = lemma or self._verb(self._saying)
        speaker = (
            self._speakers.pronoun() if self._rng.random() < 0.15 else self._speakers.speaker()
        )
        at = root(speaker)
        group = self._said(lemma, plural=is_several(speaker))
        aside = [i for i, n in enumerate(speaker) if n.head == at and n.relation == "appos"]
        if aside and speaker[aside[-1] - 1].form == ",":
            speaker = append(speaker, word(",", "PUNCT"), "punct", head=aside[-1], gap=False)
        clause = self._beside(capitalised(insert(group, 0, speaker, "nsubj")), 0.2)
        if not aside and self._rng.random() < 0.08:  # Les pilotes, depuis lundi, assurent
            piece = insert(self._speakers.adverbial(), 0, word(",", "PUNCT"), "punct")
            piece = append(piece, word(",", "PUNCT"), "punct", gap=False)
            clause = insert(clause, len(speaker), piece, "obl:mod", gap=False)
        return clause

    def as_said(self) -> Tree:
        """*comme l'a dit le maire*."""
        speaker = self._speakers.speaker()
        verb = self._said(self._rng.choice(phrases("common")), plural=is_several(speaker))
        elided = verb[0].form[0] in VOWELS
        verb = insert(verb, 0, word("l'" if elided else "le", "PRON", space=not elided), "obj")
        verb = insert(verb, 0, word("comme", "SCONJ"), "mark")
        return append(verb, speaker, "nsubj")


def _features(form: Form) -> str:
    """The features of a finite form, as the treebanks name them."""
    imperfect = form.text.endswith(("ait", "aient"))
    if form.tense == "future":
        mood, tense = ("Mood=Cnd", "Pres") if imperfect else (FINITE, "Fut")
    elif form.tense == "past":
        mood, tense = FINITE, "Imp" if imperfect else "Past"
    else:
        mood, tense = FINITE, "Pres"
    return f"{mood}|Tense={tense}|VerbForm=Fin"
