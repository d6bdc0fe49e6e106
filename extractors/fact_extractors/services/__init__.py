"""Back ends that ask another program: ``command`` a local one, ``http`` a service, ``llm`` a language model.

``service`` makes a request over HTTP, ``deadline`` ends an exchange that takes too long.
"""
