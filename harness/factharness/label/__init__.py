"""``factharness label``: the labelling page, its server, and what the page is given to work with."""
