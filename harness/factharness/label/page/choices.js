// The numbered choices: values of a date, speakers, cues and resolved names of a quote.

const MOST_CHOICES = 9;

// What the digits choose in a mode, for the last fact: [{key, words, what, parts}].
function choicesOf(state) {
  const fact = state.lastFact;
  if (fact === null) return [];
  const what = state.mode === "text" ? { date: "value", quote: "speaker" }[fact.kind] : state.mode;
  if (what === "value" && fact.kind === "date") return numbered(valueChoices(state.doc, fact), what);
  if (fact.kind !== "quote") return [];
  if (what === "speaker") return numbered(speakerChoices(state, fact), what);
  if (what === "cue") return numbered(cueChoices(state, fact), what);
  if (what === "name") return numbered(nameChoices(state, fact), what);
  return [];
}

function numbered(choices, what) {
  return choices.slice(0, MOST_CHOICES).map((choice, n) => ({ key: String(n + 1), what, ...choice }));
}

function valueChoices(doc, fact) {
  return dateAt(doc, fact.spans[0]).candidates.map((candidate) => ({
    words: candidate.reading || candidate.value || candidate.type, parts: dateParts(fact, candidate),
  }));
}

// What a fact becomes with the type, value and modifiers of a candidate. A vague time is don't care.
function dateParts(fact, candidate) {
  const attributes = { ...fact.attributes };
  for (const name of ["mod", "quant", "freq"]) {
    delete attributes[name];
    if (candidate[name]) attributes[name] = candidate[name];
  }
  const ignore = fact.ignore || /_REF$/.test(candidate.value || "");
  return { label: candidate.type, value: candidate.value, ignore, attributes };
}

function speakerChoices(state, quote) {
  const anchor = quote.cue || hull(quote.spans);
  const found = nearest(state.doc, state.doc.speakersIn, quote.spans, anchor, Infinity);
  return matching(state, found, ({ span }) => surface(state.doc, span)).map(({ span, name }) => ({
    words: surface(state.doc, span), parts: { speaker: span, name },
  }));
}

function cueChoices(state, quote) {
  const found = nearest(state.doc, state.doc.cuesIn, quote.spans, hull(quote.spans), Infinity);
  return matching(state, found, ({ span }) => surface(state.doc, span)).map(({ span }) => ({
    words: surface(state.doc, span), parts: { cue: span },
  }));
}

// The names that the article has, the nearest to the quote first, those before it before those behind: of speakers,
// of labelled persons and bodies, and what a person's or body's name would be at each run of capitals.
function nameChoices(state, quote) {
  const { doc } = state;
  const place = (quote.speaker || quote.spans[0])[0];
  const labelled = state.facts.filter((fact) => fact.kind === "entity" && fact.label !== "LOC")
    .map((fact) => ({ span: fact.spans[0], name: surface(doc, fact.spans[0]) }));
  const spoken = state.facts.filter((fact) => fact.kind === "quote" && fact.name)
    .map((fact) => ({ span: fact.speaker || fact.spans[0], name: fact.name }));
  const gap = ({ span }) => (span[0] <= place ? place - span[0] : 3 * (span[0] - place));
  const sorted = [...labelled, ...spoken, ...doc.namesThere].sort((a, b) => gap(a) - gap(b));
  const names = [...new Set(sorted.map((mention) => mention.name))].filter((name) => name !== quote.name);
  return matching(state, names, (name) => name).map((name) => ({ words: name, parts: { name } }));
}

// The names that may stand for a speaker, each with a place where it stands: of mentions, and at runs of capitals.
function namesIn(doc) {
  const atRuns = doc.aids.names.flatMap(({ at, extents }) => {
    const words = new Set([extents.PER, extents.ORG].filter(Boolean).map((span) => surface(doc, span)));
    return [...words].map((name) => ({ span: at, name }));
  });
  return doc.aids.speakers.filter((mention) => mention.name).concat(atRuns);
}

// Those whose words start with what is typed; all when nothing is.
function matching(state, found, wordsOf) {
  if (!state.typed) return found;
  const typed = folded(state.typed);
  return found.filter((one) => folded(wordsOf(one)).split(/[\s'’-]+/).some((_, n, words) =>
    words.slice(n).join(" ").startsWith(typed)));
}

function folded(words) {
  return words.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}
