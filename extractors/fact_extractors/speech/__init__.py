"""What every way of finding quotations in French stands on: pairs of quotation marks and verbs of saying.

Here is no decision about what is a quotation or whose it is: ``rules`` and the pipelines each have their own.
"""
