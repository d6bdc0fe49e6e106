"""Back ends over models of the Hugging Face hub that label names: transformers and GLiNER."""
