"""Tells labels and layers of grammar (kinds of words and phrases) from those of facts.

Chunks: CoNLL-2000 (Tjong Kim Sang & Buchholz 2000) and the French Treebank as SEM has them. Parts of speech:
Universal Dependencies. Layers: the types of DKPro Core, which WebAnno and INCEpTION use.
"""

from __future__ import annotations

_CHUNKS = "NP VP PP ADJP ADVP SBAR PRT CONJP INTJ LST UCP AP AdP VN CONJ COORD UNKNOWN"
_PARTS_OF_SPEECH = "ADJ ADP ADV AUX CCONJ DET NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X"
SYNTACTIC = frozenset(f"{_CHUNKS} {_PARTS_OF_SPEECH}".split())
"""Labels of chunks and parts of speech."""
_DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
_GRAMMAR = ("segmentation", "lexmorph", "syntax", "coref", "metadata", "transform")


def is_grammar(layer: str) -> bool:
    """Whether a layer of UIMA holds words, lemmas, parts of speech, syntax or coreference."""
    return layer.startswith(tuple(f"{_DKPRO}{each}." for each in _GRAMMAR))
