// Where the caret goes: to the next stop that is not labelled, to a word by its letter, to a paragraph.

const STOP_KIND = { name: "entity", date: "date", mark: "quote" };

// The unit of the next stop behind (`step` 1) or before (-1) unit `at`, or `at` when there is none. `from` is
// the first unit that counts. What is only proposed is a stop too: nobody has labelled it.
function stopFrom(state, at, step, from = at + step) {
  const { doc } = state;
  const covered = coverage(doc, decidedOf(state));
  let n = lastUpTo(doc.stopStarts, from - (step > 0 ? 1 : 0));
  if (step > 0) n += 1;
  for (; n >= 0 && n < doc.stops.length; n += step) {
    const stop = doc.stops[n];
    if (step > 0 ? stop.unit >= from : stop.unit <= from) {
      if (!isLabelled(doc, covered, stop)) return stop.unit;
    }
  }
  return at;
}

function isLabelled(doc, covered, stop) {
  const flags = covered[STOP_KIND[stop.kind]];
  if (stop.kind === "mark") return flags[stop.unit] === 1;
  for (let n = stop.unit; n < doc.units.length && doc.units[n][0] < stop.end; n++) if (flags[n]) return true;
  return false;
}

// The next word, or the one before, that starts with `letter`; `at` when there is none.
function findWord(doc, at, letter, step) {
  const wanted = plainLetter(letter);
  for (let n = at + step; n >= 0 && n < doc.units.length; n += step) if (doc.initials[n] === wanted) return n;
  return at;
}

// The word beside unit `at`; marks are passed over.
function wordBeside(doc, at, step) {
  let n = at + step;
  while (n >= 0 && n < doc.units.length && doc.isMark.has(doc.units[n][0])) n += step;
  return n >= 0 && n < doc.units.length ? n : at;
}

// The first unit of the next paragraph, or of the one before.
function paragraphFrom(doc, at, step) {
  const number = paragraphAt(doc, doc.units[at][0]) + step;
  if (number < 0 || number >= doc.paragraphs.length) return at;
  return unitAt(doc, doc.paragraphs[number][0]);
}

// The first unit of the next sentence, or of the one before: where a page has no lines to go by.
function sentenceFrom(doc, at, step) {
  const ends = doc.aids.sentences;
  const number = lastUpTo(ends, doc.units[at][0] - 1) + (step > 0 ? 1 : -1);
  if (number >= ends.length) return at;
  return number < 0 ? 0 : Math.min(unitAt(doc, ends[number]), doc.units.length - 1);
}
