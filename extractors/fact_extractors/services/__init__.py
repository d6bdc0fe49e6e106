"""Back ends that ask somebody else: a program, a service over HTTP, a language model."""
