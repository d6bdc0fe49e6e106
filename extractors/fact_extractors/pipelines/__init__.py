"""Back ends over the pipelines of spaCy and Stanza, and what the two share.

``common`` has the extractor that both are, ``model_sources`` where their models come from, ``batches`` how
articles are read together, ``reading`` how mentions become facts. A *mention* is a labelled stretch that a
model finds. ``mending``, ``evidence`` and ``consistency`` correct the mentions of the bundled models, in this
order. ``quotes`` and ``tree_quotes`` find quotations, ``persons`` who may have said them. ``spacy_passes``
(which components run) and ``spacy_components`` (which can be added) are for spaCy alone.
"""
