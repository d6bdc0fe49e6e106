"""Write beside each bundled model what it finds in the sentences of the self-test: once, when it is new.

python extractors/training/seal.py
"""

from fact_extractors import selftest
from fact_extractors.pipelines import spacy as spacy_pipeline
from fact_extractors.pipelines import stanza as stanza_pipeline

for module, name in ((spacy_pipeline, "spacy_fr_news"), (stanza_pipeline, "stanza_fr_news")):
    folder = module.MODELS / name
    selftest.seal(module.build(), folder)
    print(f"sealed {folder}")
