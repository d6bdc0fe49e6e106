"""What the rules and the pipelines share to find quotations in French: quotation marks and verbs of saying.

It does not decide what is a quotation or whose it is: ``rules`` and the pipelines do so, each in their way.
``quotation_marks`` finds the stretches in marks, ``odd_marks`` replaces unusual signs, ``verbs`` and
``conjugation`` have the forms of the verbs.
"""
