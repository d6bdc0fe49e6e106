"""Back ends over the pipelines of spaCy and Stanza, and what the two share."""
