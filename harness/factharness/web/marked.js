// Draws marked text: lanes of lines under the words, marks after them; marked.css has the geometry.
//
// A stroke is a line in a lane: {lane, ink, from, to, thin, fact}
//   lane   "g" gold, "g2" a name within a name, 1 … 5 the back ends
//   ink    a pattern of tokens.css without its "--i-": per, quote, gap, dc, ok, rail, open …
//   thin   a line that gives way to others in its lane: the rail of a quote
//   fact   what the stretch belongs to: goes into data-f, by which the page finds it again
//   frame  instead of lane and ink: a class of the frame around the words
// A sign stands between two letters: {at, sort, …}, where sort says what else it has
//   "mark"    what, lane, nth: the mark of a verdict, and how many steps it stands away from the place
//   "cap"     lane: an end of a wrong boundary
//   "tick"    end: an end of a quote
//   "number"  n: the number of a quote
//   "tag"     words: the name of what begins here; ink; over: above the words and not under them
//   fact      as above; first: whether it stands before what begins at the same place
// Offsets are those of JavaScript strings.
const HEIGHTS = { thin: "2px", ok: "1.5px", rail: "1px", open: "4px" };
const SIGN_ORDER = ["tick end", "cap", "mark", "number", "tick", "tag"];

// The stretch [from, to) of a text as nodes. Strokes and signs may reach beyond it.
function marked(text, from, to, strokes, signs) {
  const out = document.createDocumentFragment();
  const cuts = new Set([from, to]);
  const clamp = (place) => Math.min(Math.max(place, from), to);
  const lines = strokes.filter((line) => line.from < to && line.to > from).sort((a, b) => a.from - b.from);
  for (const line of lines) cuts.add(clamp(line.from)).add(clamp(line.to));
  const pinned = signs.filter((sign) => sign.at >= from && sign.at <= to);
  for (const sign of pinned) cuts.add(sign.at);
  const places = [...cuts].sort((a, b) => a - b);
  const bySign = Map.groupBy ? Map.groupBy(pinned, (sign) => sign.at) : grouped(pinned, (sign) => sign.at);
  let active = [];
  let next = 0;
  for (const [number, place] of places.entries()) {
    let numbers = 0;
    for (const sign of sorted(bySign.get(place) ?? [])) {
      const element = signElement(sign);
      if (sign.sort === "number" && numbers++) element.classList.add("next");
      out.append(element);
    }
    const end = places[number + 1];
    if (end === undefined) break;
    active = active.filter((line) => line.to > place);
    for (; next < lines.length && lines[next].from <= place; next++) {
      if (lines[next].to > place) active.push(lines[next]);
    }
    const words = unbroken(text.slice(place, end));
    if (active.length) out.append(stretch(active, framed(active, words, place, end)));
    else out.append(...words);
  }
  return out;
}

function grouped(values, key) {
  const groups = new Map();
  for (const value of values) {
    const name = key(value);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(value);
  }
  return groups;
}

// What ends at a place comes first, then what begins there.
function sorted(signs) {
  const rank = (sign) => SIGN_ORDER.indexOf(sign.sort + (sign.end ? " end" : "")) + (sign.first ? 10 : 0);
  return signs.sort((a, b) => rank(a) - rank(b));
}

// Words within the frames around them. A frame may be cut into stretches: each has only the sides that it needs.
function framed(lines, words, from, to) {
  const frames = lines.filter((line) => line.frame).sort((a, b) => a.to - a.from - (b.to - b.from));
  return frames.reduce((inner, frame) => {
    const element = make("span", { class: `frame ${frame.frame}` }, ...inner);
    if (frame.from === from) element.classList.add("opens");
    if (frame.to === to) element.classList.add("closes");
    return [element];
  }, words);
}

function stretch(lines, words) {
  const element = make("span", { class: "s" }, ...words);
  const facts = lines
    .filter((line) => line.fact !== undefined)
    .sort((a, b) => a.to - a.from - (b.to - b.from))
    .map((line) => line.fact);
  if (facts.length) element.dataset.f = [...new Set(facts)].join(" ");
  const inLane = {};
  for (const line of lines) {
    if (line.ink && (!inLane[line.lane] || inLane[line.lane].thin)) inLane[line.lane] = line;
  }
  for (const [lane, line] of Object.entries(inLane)) {
    const image = /^\d/.test(lane) ? `--l${lane}` : `--${lane}`;
    element.style.setProperty(image, `var(--i-${line.ink})`);
    const height = HEIGHTS[line.ink] ?? (line.thin ? HEIGHTS.thin : null);
    if (height) element.style.setProperty(/^\d/.test(lane) ? `--thick${lane}` : "--thick", height);
  }
  return element;
}

function signElement(sign) {
  const element = make("i", { "aria-hidden": "true" });
  if (sign.fact !== undefined) element.dataset.f = sign.fact;
  if (sign.sort === "number") {
    element.className = "qn s";
    element.dataset.n = sign.n;
    return element;
  }
  element.className = `m ${sign.sort}`;
  if (sign.sort === "tag") {
    element.classList.add(sign.ink);
    element.classList.toggle("over", !!sign.over);
    element.dataset.words = sign.words;
  }
  if (sign.end) element.classList.add("end");
  if (sign.lane) element.style.setProperty("--y", `${5 + 8 * sign.lane}px`);
  if (sign.sort === "mark") {
    if (sign.nth) element.style.setProperty("--nth", sign.nth);
    element.append(mark(sign.what));
  }
  return element;
}

// What turns the direction of writing: it must be seen, and must not turn its neighbours.
const TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069";
const SPECIAL = new RegExp(`\\d+(?:-\\d+)+|\\d+ h(?: \\d+)?|[${TURNING}]`, "g");

// Words as nodes with the same text, in which "7 h 12" and "6-2" do not break.
function unbroken(words) {
  const nodes = [];
  let done = 0;
  for (const found of words.matchAll(SPECIAL)) {
    if (found.index > done) nodes.push(document.createTextNode(words.slice(done, found.index)));
    const [special] = found;
    nodes.push(/^\d/.test(special) ? make("span", { class: "nb" }, special) : turn(special));
    done = found.index + special.length;
  }
  if (done < words.length) nodes.push(document.createTextNode(words.slice(done)));
  return nodes;
}

function turn(character) {
  const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  return make("span", { class: "turn", "data-code": `U+${code}` }, character);
}

// Words from an article or a back end among other words.
const isolated = (words) => make("bdi", {}, ...unbroken(words));

// A piece of a pattern, for a legend.
function sample(ink, thin = false) {
  const element = make("span", { class: `ub${thin ? " thin" : ""}` });
  element.style.backgroundImage = `var(--i-${ink})`;
  return element;
}

// Brackets above what belongs to a quote: its speaker and its cue. `holder` must be positioned.
function brackets(holder, pieces) {
  $(".brackets", holder)?.remove();
  const drawing = svgElement("svg", { class: "brackets", "aria-hidden": "true" });
  const origin = holder.getBoundingClientRect();
  for (const [name, elements] of Object.entries(pieces)) {
    const boxes = elements.flatMap((element) => [...element.getClientRects()]);
    if (!boxes.length) continue;
    const line = boxes.filter((box) => box.top === boxes[0].top);
    const left = line[0].left - origin.left;
    const right = Math.max(...line.map((box) => box.right)) - origin.left;
    const top = boxes[0].top - origin.top + 1;
    const atEnd = name === "cue";
    drawing.append(
      svgElement("path", { d: `M${left},${top + 4}V${top}H${right}V${top + 4}` }),
      svgElement("text", { x: atEnd ? right : left, y: top - 4, "text-anchor": atEnd ? "end" : "start" }, name),
    );
  }
  if (!drawing.childNodes.length) return;
  holder.append(drawing);
  // The names stand among the lines of the line above: on paper of their own.
  for (const name of $$("text", drawing)) {
    const { x, y, width, height } = name.getBBox();
    name.before(svgElement("rect", { x: x - 2, y: y - 1, width: width + 4, height: height + 2 }));
  }
}
