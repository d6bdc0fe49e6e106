// The same strings at once: a label on a whole run of capitals is also that of the other runs with these words.

// The spans of the same words elsewhere, where no name is labelled yet. Only whole runs count, and only where
// the label takes just these words: a part of another name is another name.
function sameElsewhere(state, span, label) {
  const { doc } = state;
  const at = unitAt(doc, span[0]);
  let number = -1;
  for (let n = at; n < doc.units.length && doc.units[n][0] < span[1] && number < 0; n++) number = doc.runOf[n];
  if (number < 0) return [];
  const words = surface(doc, span);
  const covered = coverage(doc, state.facts).entity;
  const found = [];
  for (const other of doc.sameRuns.get(surface(doc, doc.aids.names[number].at)) || []) {
    const name = doc.aids.names[other];
    const taken = name.extents[label] || name.at;
    const reached = [taken, name.at].find((extent) => surface(doc, extent) === words);
    if (reached === undefined || sameSpan(reached, span) || covered[unitAt(doc, name.at[0])]) continue;
    found.push(reached);
  }
  return found;
}

// The changes that give each fact of the group what `last` became, where the text allows it.
function followers(state, last, after) {
  const shift = [0, 1].map((side) => after.spans[0][side] - last.spans[0][side]);
  return state.group.filter((fact) => fact !== last).flatMap((fact) => {
    const span = [0, 1].map((side) => fact.spans[0][side] + shift[side]);
    if (surface(state.doc, span) !== surface(state.doc, after.spans[0])) return [];
    return [[fact, withParts(after, { spans: [span] })]];
  });
}
