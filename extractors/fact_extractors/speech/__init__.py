"""What the rules and the pipelines share to find quotations in French: quotation marks and verbs of saying.

``rules`` and the pipelines decide, each in their way, what is a quotation and who speaks.
``quotation_marks`` finds the stretches in marks, ``odd_marks`` replaces unusual signs, ``verbs`` and
``conjugation`` have the forms of the verbs.
"""
