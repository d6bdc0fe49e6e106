"""Texts that nobody writes: few patterns over and over, without the stops and line ends of people.

``PIECES`` is what repeats; ``STARTS`` what may stand before it, so that all of it is inside marks, after
*selon*, in parentheses.
"""

STARTS = {
    "plain": "",
    "inside marks": "« ",
    "nested": "« “",
    "parenthesis": "(",
    "source": "Selon ",
}

PIECES = {
    "letters": "a" * 20,
    "capitals": "A" * 20,
    "figures": "1" * 20,
    "apostrophes": "l’d’qu’" * 3,
    "combining marks": "e\u0301\u0301",
    "joined emoji": "👨\u200d👩\u200d👧",
    "spaces": " ",
    "no-break spaces": "\u00a0\u202f",
    "newlines": "\n",
    "paragraphs": "\n\n",
    "stops": ". A. B. ",
    "dashes": "— ",
    "dialogue and marks": "« a »\n— b\n",
    "parentheses": "(" * 20,
    "marks": "« ",
    "closing": "» ",
    "straight marks": '" "',
    "tight marks": "«a»",
    "never closed": "« oui\n",
    "carried on": "\n« ab\n» cd",
    "one word": "mot ",
    "one verb": "dit ",
    "verb and clause": "qui dit que ",
    "verb and infinitive": "dit vouloir ",
    "verb and colon": "dit : ",
    "verb and mark": "dit « a » ",
    "mark and verb": "« a » dit ",
    "marks and incise": "« a », dit-il, ",
    "incises": ", dit a",
    "nested incises": ", “, dit-il,” a",
    "cues": "il dit que selon il a dit ",
    "cue of two words": "fait ",
    "many verbs": "affirme déclare précise ajoute veut dire a conclu ",
    "asides": "pour sa part, de son côté, ",
    "auxiliary and asides": "a pour sa part ",
    "joined subjects": "Anne et Paul et ",
    "odd marks": "<< a >> ''b'' ",
    "single marks": "'a ",
    "raised figures": "[1]²",
    "closing alone": "oui », ",
    "cues in parentheses": "Le maire (ici) a dit que « oui ». ",
    "resumed": "« Ab cd. » ",
    "relatives": ", qui et, dit ",
    "commas": ", , dit-il, selon lui",
    "sources": "selon Jean, ",
    "names": "Jean Le Pen de la ",
    "titles": "M. Mme ",
    "particles": "de la ",
    "letters with accents": "À ",
    "acronyms": "ONU OTAN UE ",
    "offices": "ministère de la ",
    "numbers": "un deux 3 4 et 5 ",
    "groups of figures": "000 ",
    "slashes": "12/",
    "years": "2024-",
    "dates": "le 3 et 4 mai, lundi ",
    "dates and verbs": "mardi a été ",
    "clocks and days": "14h30 mardi ",
    "days": "mardi mercredi ",
    "ordinary": "Le maire de Lyon, Jean Dupont, a dit mardi que « tout va bien ». Il pleut. ",
    "ordinary without stops": "le maire de Lyon Jean Dupont a dit mardi que tout va bien ",
}


def hostile(start: str, piece: str, size: int) -> str:
    """``piece`` over and over after ``start``, of ``size`` characters."""
    return (start + piece * (size // len(piece) + 1))[:size]
