// Labels an article as someone would who knows the gold: for each fact the cheapest keys that were found, pressed
// one by one through the page's own key handling.

const CHORD = 1.3;
const LONGEST_STOPS = 14;

// A key as it is written in a plan ("n", "F", "Shift+Tab", "1") as the page gets it.
function keyOf(name) {
  const shifted = name.startsWith("Shift+");
  const key = shifted ? name.slice(6) : name;
  const large = key.length === 1 && key !== key.toLowerCase();
  const code = /^[0-9]$/.test(key) ? `Digit${key}` : "";
  return { key, code, shift: shifted || large, ctrl: false, alt: false, meta: false };
}

function costOf(keys) {
  return keys.reduce((sum, name) => sum + (keyOf(name).shift ? CHORD : 1), 0);
}

function pressAll(state, keys, env) {
  return keys.reduce((now, name) => press(now, keyOf(name), env).state, state);
}

// The keys that bring the caret to `target`, the cheapest first; with `aimed` only ways that end by f or an arrow.
function waysTo(state, target, aimed) {
  const { doc } = state;
  const bases = new Map([[state.at, []]]);
  const walk = (from, keys, step, name, most) => {
    let at = from;
    for (let n = 1; n <= most; n++) {
      const on = stopFrom(state, at, step);
      if (on === at) return;
      at = on;
      const way = [...keys, ...Array(n).fill(name)];
      if (!bases.has(at) || costOf(bases.get(at)) > costOf(way)) bases.set(at, way);
    }
  };
  walk(state.at, [], 1, "n", LONGEST_STOPS);
  walk(state.at, [], -1, "b", LONGEST_STOPS);
  let paragraph = state.at;
  for (let n = 1; n <= 4; n++) {
    paragraph = paragraphFrom(doc, paragraph, 1);
    const way = Array(n).fill("Tab");
    if (!bases.has(paragraph) || costOf(bases.get(paragraph)) > n) bases.set(paragraph, way);
    walk(paragraph, way, 1, "n", 6);
  }
  let best = null;
  const offer = (keys) => {
    if (best === null || costOf(keys) < costOf(best)) best = keys;
  };
  for (const [at, keys] of bases) {
    if (best !== null && costOf(keys) >= costOf(best)) continue;
    if (at === target && !aimed) offer(keys);
    const arrows = byArrows(doc, at, target);
    if (arrows !== null && (arrows.length || !aimed)) offer([...keys, ...arrows]);
    for (let land = Math.max(0, target - 3); land <= target + 3 && land < doc.units.length; land++) {
      const found = byLetter(doc, at, land);
      const rest = found === null ? null : byArrows(doc, land, target);
      if (rest !== null) offer([...keys, ...found, ...rest]);
    }
  }
  return best;
}

function byArrows(doc, from, to) {
  const step = to > from ? 1 : -1;
  const keys = [];
  let at = from;
  while (at !== to) {
    const on = wordBeside(doc, at, step);
    if (on === at || (step > 0 ? on > to : on < to) || keys.length > 12) return null;
    at = on;
    keys.push(step > 0 ? "ArrowRight" : "ArrowLeft");
  }
  return keys;
}

function byLetter(doc, from, to) {
  const letter = doc.initials[to];
  if (from === to || !/^[a-z0-9]$/.test(letter)) return null;
  const step = to > from ? 1 : -1;
  const first = step > 0 ? "f" : "F";
  const again = TAKES_CARET.has(DEFAULT_ACTIONS[letter]) ? [first, letter] : [letter];
  const keys = [first, letter];
  for (let n = from + step; n !== to; n += step) {
    if (doc.initials[n] === letter) keys.push(...again);
    if (keys.length > 12) return null;
  }
  return keys;
}

// The keys that move an edge of the last fact from one place to another; null when there is no way.
function edgeKeys(doc, span, side, target, names) {
  const start = span[side];
  const seen = new Map([[start, []]]);
  const open = [start];
  while (open.length) {
    open.sort((a, b) => costOf(seen.get(a)) - costOf(seen.get(b)));
    const place = open.shift();
    if (place === target) return seen.get(place);
    const keys = seen.get(place);
    if (keys.length > 40) continue;
    const moves = [[-1, names[0]], [1, names[1]]];
    for (const [step, name] of moves.concat(moves.map(([step, name]) => [step, name.toUpperCase()]))) {
      const far = name !== name.toLowerCase();
      const at = side === 0 ? [place, span[1]] : [span[0], place];
      const moved = movedEdge(doc, at, side, step, far)[side];
      const way = [...keys, name];
      if (!seen.has(moved) || costOf(seen.get(moved)) > costOf(way)) {
        seen.set(moved, way);
        if (!open.includes(moved)) open.push(moved);
      }
    }
  }
  return null;
}

// One correction: of all `ways` (lists of keys) the cheapest after which `right(lastFact)` holds. Returns
// {state, keys}; null when no way does it.
function mendBy(now, ways, right, env) {
  let best = null;
  for (const way of ways) {
    if (way === null || (best !== null && costOf(way) >= costOf(best.way))) continue;
    const state = pressAll(now.state, way, env);
    if (state.lastFact === null || !right(state.lastFact) || state.mode !== "text") continue;
    if (best === null || costOf(way) < costOf(best.way)) best = { state, way };
  }
  return best === null ? null : { state: best.state, keys: [...now.keys, ...best.way] };
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

// The last fact made into the gold one. Returns {state, keys}, or null.
function mendedTo(start, gold, env) {
  let now = { state: start, keys: [] };
  const last = () => now.state.lastFact;
  const step = (right, ways) => {
    if (now === null || right(last())) return;
    now = mendBy(now, ways(), right, env);
  };
  if (last() === null || last().kind !== gold.kind) return null;
  now = spansMended(now, gold, env);
  if (now === null) return null;
  const isBare = gold.kind === "quote" && gold.ignore && gold.label === "";
  step((fact) => fact.ignore === gold.ignore && (!isBare || fact.label === ""), () => [["i"], ["i", "i"]]);
  if (now === null) return null;
  if (gold.kind === "date") {
    const right = (fact) => fact.label === gold.label && fact.value === gold.value;
    const turns = [[], ["t"], ["t", "t"], ["t", "t", "t"]];
    step(right, () => [...DIGITS.map((digit) => [digit]), ...turns,
      ...turns.flatMap((turn) => env.typed(gold).map((typed) => [...turn, "v", ...typed, "Enter"])),
      ...turns.flatMap((turn) => env.typed(gold).map((typed) => ["v", ...typed, "Enter", ...turn]))]);
    const mod = gold.attributes.mod || null;
    const letter = Object.keys(MODIFIERS).find((key) => MODIFIERS[key] === mod);
    step((fact) => right(fact) && (fact.attributes.mod || null) === mod, () => [["e", letter || "0"]]);
  } else if (gold.label !== "") {
    step((fact) => fact.label === gold.label, () => [["t"], ["t", "t"], ["t", "t", "t"]]);
  }
  if (now !== null && gold.kind === "entity") {
    const labels = { PER: "p", ORG: "o", LOC: "l", MISC: "m" };
    const meto = gold.attributes.meto || null;
    step((fact) => (fact.attributes.meto || null) === meto, () => [["y", labels[meto] || "0"]]);
  }
  if (now !== null && gold.kind === "quote") now = speechMended(now, gold, env);
  return now !== null && factKey(last()) === factKey(gold) ? now : null;
}

function spansMended(now, gold, env) {
  const same = (fact) => JSON.stringify(fact.spans) === JSON.stringify(gold.spans);
  if (same(now.state.lastFact)) return now;
  const { doc } = now.state;
  let state = now.state;
  let keys = now.keys;
  const go = (more) => {
    if (more === null) return false;
    state = pressAll(state, more, env);
    keys = [...keys, ...more];
    return true;
  };
  const spans = () => state.lastFact.spans;
  for (let round = 0; round < 4 && spans().length !== gold.spans.length; round++) {
    const made = spans();
    let target = null;
    if (made.length < gold.spans.length) {
      const missing = gold.spans.findIndex((span, n) => n > 0 && !made.some((other) => other[0] === span[0]));
      if (missing < 0) return null;
      const before = gold.spans[missing - 1][1];
      const inside = made.some((span) => span[0] < before && gold.spans[missing][0] < span[1]);
      target = unitAt(doc, inside ? before : gold.spans[missing][0]);
      if (doc.isMark.has(doc.units[target][0])) target += 1;
    } else {
      const extra = made.findIndex((span, n) => n > 0 && !gold.spans.some((other) => other[0] === span[0]));
      if (extra < 0) return null;
      target = unitAt(doc, made[extra - 1][1]);
    }
    const way = waysTo(state, target, true);
    if (way === null || !go([...way, "w"])) return null;
    // In a gap the first w chooses it, and the second closes it.
    if (spans().length === made.length && !go(["w"])) return null;
  }
  if (spans().length !== gold.spans.length) return null;
  // The gap that w left chosen first; then the outer edges, for which Escape chooses the whole again.
  for (let gap = 0; gap + 1 < gold.spans.length; gap++) {
    if (spans()[gap][1] === gold.spans[gap][1] && spans()[gap + 1][0] === gold.spans[gap + 1][0]) continue;
    if (state.part === null || state.part.gap !== gap) {
      const way = waysTo(state, unitAt(doc, spans()[gap][1]), true);
      if (way === null || !go([...way, "w"])) return null;
    }
    if (!go(edgeKeys(doc, spans()[gap], 1, gold.spans[gap][1], ["g", "h"]))) return null;
    if (!go(edgeKeys(doc, spans()[gap + 1], 0, gold.spans[gap + 1][0], ["j", "k"]))) return null;
  }
  const wholeFirst = spans()[0];
  const wholeLast = spans()[spans().length - 1];
  const starts = wholeFirst[0] === gold.spans[0][0];
  const ends = wholeLast[1] === gold.spans[gold.spans.length - 1][1];
  if ((!starts || !ends) && state.part !== null && !go(["Escape"])) return null;
  // The edge that grows first, so that the other has room.
  for (const side of gold.spans[0][0] < wholeFirst[0] ? [0, 1] : [1, 0]) {
    const span = side === 0 ? spans()[0] : spans()[spans().length - 1];
    const target = side === 0 ? gold.spans[0][0] : gold.spans[gold.spans.length - 1][1];
    const names = side === 0 ? ["g", "h"] : ["j", "k"];
    if (span[side] !== target && !go(edgeKeys(doc, span, side, target, names))) return null;
  }
  return same(state.lastFact) ? { state, keys } : null;
}

// Speaker, cue and name of the last quote.
function speechMended(start, gold, env) {
  let now = start;
  for (const what of ["speaker", "cue"]) {
    const right = (fact) => sameSpan(fact[what], gold[what]);
    if (right(now.state.lastFact)) continue;
    const letter = what[0];
    const ways = what === "speaker" ? DIGITS.map((digit) => [digit]) : [];
    ways.push(...DIGITS.map((digit) => [letter, digit]), [letter, "0"], ...(what === "speaker" ? [["0"]] : []));
    if (gold[what] !== null) {
      ways.push(...placeWays(now.state, gold[what], what, env));
      const near = what === "speaker" ? [["1"], ["2"], ["3"]] : [["c", "1"], ["c", "2"]];
      ways.push(...near.map((way) => adjusted(now.state, way, gold[what], what, env)));
    }
    now = mendBy(now, ways, right, env);
    if (now === null) return null;
  }
  const right = (fact) => fact.name === gold.name;
  if (right(now.state.lastFact)) return now;
  const ways = [["r", "0"], ...DIGITS.map((digit) => ["r", digit])];
  if (gold.name !== null) {
    const letters = [...folded(gold.name)];
    for (let n = 1; n <= letters.length; n++) {
      ways.push(["r", ...letters.slice(0, n), "Enter"]);
      ways.push(...["1", "2", "3", "4"].map((digit) => ["r", ...letters.slice(0, n), digit]));
    }
    const last = folded(gold.name).split(/[\s'’-]+/).at(-1);
    for (let n = 1; n <= last.length; n++) ways.push(["r", ...last.slice(0, n), "Enter"]);
    // A space first: as it is typed, also where it is a part of a name of the article, or has figures.
    ways.push(["r", ...gold.name, "Enter"], ["r", " ", ...gold.name, "Enter"]);
  }
  return mendBy(now, ways, right, env);
}

// To a word of the mention, s or c there, and its edges moved.
function placeWays(state, span, what, env) {
  const { doc } = state;
  const ways = [];
  for (let n = unitAt(doc, span[0]); n < doc.units.length && doc.units[n][0] < span[1]; n++) {
    const way = waysTo(state, n, true);
    if (way !== null) ways.push(adjusted(state, [...way, what[0]], span, what, env));
  }
  return ways;
}

function adjusted(state, way, span, what, env) {
  const taken = pressAll(state, way, env);
  const made = taken.lastFact === null ? null : taken.lastFact[what];
  if (made === null || made === undefined || taken.part !== what) return null;
  const keys = [...way];
  let now = made;
  for (const side of span[0] < made[0] ? [0, 1] : [1, 0]) {
    const more = edgeKeys(taken.doc, now, side, span[side], side === 0 ? ["g", "h"] : ["j", "k"]);
    if (more === null) return null;
    keys.push(...more);
    now = side === 0 ? [span[0], now[1]] : [now[0], span[1]];
  }
  return keys;
}

const LABEL_KEYS = { PER: "p", ORG: "o", LOC: "l", MISC: "m" };

// The cheapest way that was found to make one gold fact and keep those made before: {state, keys}; null for none.
function cheapest(state, gold, wanted, env) {
  const { doc } = state;
  const keys = gold.kind === "entity" ? [LABEL_KEYS[gold.label]] : gold.kind === "date" ? ["d"] : ["q", "Q"];
  const [start, end] = gold.spans[0];
  const targets = new Set();
  for (let n = unitAt(doc, start); n < doc.units.length && doc.units[n][0] < end; n++) targets.add(n);
  if (gold.kind === "quote") {
    targets.add(state.at);
    const sentence = sentenceAt(doc, start);
    for (let n = unitAt(doc, sentence[0]); n < doc.units.length && doc.units[n][0] < start; n++) targets.add(n);
    for (const target of [...targets]) if (target > unitAt(doc, start) + 12) targets.delete(target);
    gold.spans.forEach((span) => targets.add(unitAt(doc, span[0])));
  }
  let best = null;
  const offer = (made) => {
    if (made !== null && (best === null || made.cost < best.cost)) best = made;
  };
  const there = state.facts.map(factKey).filter((key) => wanted.has(key));
  const keeps = (made) => there.every((key) => made.facts.some((fact) => factKey(fact) === key));
  const tries = (way, base) => {
    const more = mendedTo(base, gold, env);
    if (more === null || !keeps(more.state)) return;
    const all = [...way, ...more.keys];
    const others = more.state.group.filter((fact) => fact !== more.state.lastFact && more.state.facts.includes(fact));
    const wrong = others.filter((fact) => !wanted.has(factKey(fact))).length;
    // A wrong place costs the way there and two keys; a right one saves one key.
    offer({ keys: all, state: more.state, cost: costOf(all) + 4 * wrong - 0.9 * (others.length - wrong) });
    if (wrong) {
      const alone = pressAll(more.state, ["a"], env);
      if (keeps(alone)) offer({ keys: [...all, "a"], state: alone, cost: costOf(all) + 1 });
    }
  };
  for (const target of targets) {
    const ways = [waysTo(state, target, false)];
    if (state.lastFact !== null && within(doc.units[target], hull(state.lastFact.spans))) {
      for (let n = 1; n <= 4; n++) {
        const back = pressAll(state, Array(n).fill("Backspace"), env);
        if (back.at === target) ways.push(Array(n).fill("Backspace"));
      }
    }
    for (const way of ways) {
      if (way === null || (best !== null && costOf(way) > best.cost + 3)) continue;
      const there = pressAll(state, way, env);
      if (there.at !== target) continue;
      for (const key of keys) tries([...way, key], pressAll(there, [key], env));
    }
  }
  // A wrong fact that is there already: chosen, and mended.
  for (const fact of state.facts) {
    if (fact.kind !== gold.kind || wanted.has(factKey(fact)) || !overlap(hull(fact.spans), hull(gold.spans))) continue;
    const way = chooseFact(state, fact, env);
    if (way !== null) tries(way, pressAll(state, way, env));
  }
  return best;
}

// The keys that make a labelled fact the last one.
function chooseFact(state, fact, env) {
  const { doc } = state;
  for (let n = unitAt(doc, fact.spans[0][0]); n < doc.units.length && doc.units[n][0] < fact.spans[0][1]; n++) {
    const way = waysTo(state, n, true);
    if (way === null) continue;
    const there = pressAll(state, [...way, "Backspace"], env);
    if (there.lastFact === fact) return [...way, "Backspace"];
  }
  return null;
}

// Labels one article. Returns what each gold fact cost, what was wrong and had to be removed, what cannot be made.
function replay(article, goldFacts, env) {
  const gold = goldFacts.map((fact) => makeFact(fact.kind, fact.label, fact.spans, fact)).sort(factOrder);
  const wanted = new Set(gold.map(factKey));
  let state = open({ ...article, facts: [] });
  env.begin(state.doc);
  const facts = [];
  const missing = [];
  let removals = 0;
  const keysPressed = [];
  const take = (made) => {
    keysPressed.push(...made.keys);
    state = made.state;
  };
  const present = () => new Set(state.facts.map(factKey));
  const leftOver = () => state.facts.filter((fact) => !wanted.has(factKey(fact)));
  const cost = (fact, keys) => ({ kind: fact.kind, speech: fact.speaker !== null && fact.cue !== null, cost: costOf(keys) });
  for (const fact of gold) {
    // What same strings labelled wrongly before this place is taken away on the way.
    for (const wrong of leftOver().filter((other) => other.spans[0][0] < fact.spans[0][0])) {
      const way = chooseFact(state, wrong, env);
      const isToCome = (other) => other.kind === wrong.kind && overlap(other.spans[0], wrong.spans[0]) && !present().has(factKey(other));
      if (way === null || gold.some(isToCome)) continue;
      const keys = [...way, "x"];
      removals += costOf(keys);
      take({ keys, state: pressAll(state, keys, env) });
    }
    if (present().has(factKey(fact))) {
      facts.push(cost(fact, []));
      continue;
    }
    const made = cheapest(state, fact, wanted, env);
    if (made === null) {
      missing.push({ kind: fact.kind, label: fact.label });
      continue;
    }
    facts.push({ ...cost(fact, made.keys), keys: made.keys.join(" "), words: surface(state.doc, fact.spans[0]) });
    take(made);
  }
  for (const wrong of leftOver()) {
    const way = chooseFact(state, wrong, env);
    if (way === null) continue;
    const keys = [...way, "x"];
    removals += costOf(keys);
    take({ keys, state: pressAll(state, keys, env) });
  }
  const made = state.facts.length - leftOver().length;
  const presses = costOf(keysPressed);
  return { id: article.id, facts, missing, removals, left: leftOver().length, gold: gold.length, made, presses };
}

// What the server says of typed values, from the table of the benchmark.
function environment({ typed, read }) {
  let state = null;
  const words = (fact) => surface(state, fact.spans[0]);
  return {
    begin: (doc) => {
      state = doc;
    },
    value: (form, fact) => {
      const found = read[`${fact.label}|${words(fact)}|${form}`];
      if (found === undefined) return null;
      const [type, value] = found.split(" ");
      return { type, value };
    },
    typed: (gold) => {
      const form = typed[`${words(gold)}|${gold.label}|${gold.value}`];
      return form === undefined ? [] : [[...form]];
    },
  };
}

// Milliseconds of each of many keys in an article that has these facts already.
function keyTimes(article, facts) {
  let state = open({ ...article, facts });
  const keys = "n l d q s 1 g k t a x u f m ArrowRight p b Tab Backspace i".split(" ");
  const times = [];
  for (let round = 0; round < 10; round++) {
    for (const name of keys) {
      const start = performance.now();
      state = press(state, keyOf(name), {}).state;
      hints(state, null);
      const seen = [state.caret, state.last, state.choices.length, state.proposals.length, state.paragraph];
      times.push(performance.now() - start + 0 * seen.length);
    }
  }
  return times;
}
