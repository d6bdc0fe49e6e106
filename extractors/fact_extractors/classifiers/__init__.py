"""Back ends over models of the Hugging Face hub that label names: transformers and GLiNER.

``hub`` finds the files of a model, ``token_classifier`` makes mentions of what a token classifier says.
"""
