"""Back ends that ask somebody else: a program, a service over HTTP, a language model.

``service`` makes a request over HTTP, ``deadline`` ends one that takes too long.
"""
