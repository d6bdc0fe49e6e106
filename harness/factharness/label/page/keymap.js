// Which key does what. A key is what its letter writes (event.key); `Shift+` stands before a key without letter.

// The last five are for the page to do.
const KEYS = Object.freeze({
  next: "n", previous: "b", find: "f", "find back": "F", right: "ArrowRight", left: "ArrowLeft",
  down: "ArrowDown", up: "ArrowUp", paragraph: "Tab", "paragraph back": "Shift+Tab",
  "label PER": "p", "label ORG": "o", "label LOC": "l", "label MISC": "m", "other label": "z",
  date: "d", quote: "q", "plain quote": "Q", back: "Backspace",
  "start left": "g", "start right": "h", "end left": "j", "end right": "k",
  "start far left": "G", "start far right": "H", "end far left": "J", "end far right": "K",
  speaker: "s", cue: "c", name: "r", value: "v", type: "t", ignore: "i", metonymy: "y", modifier: "e",
  gap: "w", "not the others": "a", remove: "x", undo: "u", leave: "Escape",
  review: "Enter", done: "Shift+Enter", help: "?",
  check: "C", examples: "E", "next article": "N", "previous article": "B", articles: "A",
});

// The actions in words, by group: {action: [group, words]}.
const DOES = Object.freeze({
  next: ["Go", "next stop: a run of capitals, a date, an opening mark"], previous: ["Go", "previous stop"],
  find: ["Go", "then a letter: the next word that starts so; the letter again: the one after"],
  "find back": ["Go", "the same, backwards"],
  right: ["Go", "a word right"], left: ["Go", "a word left"], down: ["Go", "a line down"], up: ["Go", "a line up"],
  paragraph: ["Go", "next paragraph, or next proposal"], "paragraph back": ["Go", "previous paragraph or proposal"],
  back: ["Go", "back to the last fact, or choose the fact under the caret"],
  "label PER": ["Label", "PER: a person"], "label ORG": ["Label", "ORG: a body"], "label LOC": ["Label", "LOC: a place"],
  "label MISC": ["Label", "MISC: another name"],
  "other label": ["Label", "then a figure: label of that number in the scheme"],
  date: ["Label", "date: the whole expression"], quote: ["Label", "quote: with speaker and cue"],
  "plain quote": ["Label", "quote: just these marks, or from here to the end of the sentence"],
  "start left": ["Last fact", "its start a word to the left"], "start right": ["Last fact", "its start a word to the right"],
  "end left": ["Last fact", "its end a word to the left"], "end right": ["Last fact", "its end a word to the right"],
  "start far left": ["Last fact", "its start to the punctuation on the left"],
  "start far right": ["Last fact", "its start to the punctuation on the right"],
  "end far left": ["Last fact", "its end to the punctuation on the left"],
  "end far right": ["Last fact", "its end to the punctuation on the right"],
  speaker: ["Last fact", "speaker: at the caret, by number, or letters and Enter; 0 nobody"],
  cue: ["Last fact", "cue: likewise"],
  name: ["Last fact", "name of the speaker: by number, or letters and Enter; a space first: as typed"],
  value: ["Last fact", "value: type it, or the figure of a candidate; then Enter"], type: ["Last fact", "next type"],
  ignore: ["Last fact", "don't care"], metonymy: ["Last fact", "then a label: what is meant"],
  modifier: ["Last fact", "then a letter: before, after, début, mi-, fin, environ …"],
  gap: ["Last fact", "quote: a gap here, or one more piece"], "not the others": ["Last fact", "not the same strings"],
  remove: ["Last fact", "remove"], undo: ["Last fact", "undo"], leave: ["Last fact", "leave"],
  review: ["Article", "paragraph done: see what back ends see; accept"], done: ["Article", "the article is finished"],
  help: ["Article", "all keys"], check: ["Article", "next check"], examples: ["Article", "examples of the label"],
  "next article": ["Article", "next article"], "previous article": ["Article", "previous article"],
  articles: ["Article", "all articles"],
});

// The letters behind `e`: BEFORE, AFTER; with Shift ON_OR_; l, m for lengths; début, mi-, fin, environ.
const MODIFIERS = Object.freeze({
  b: "BEFORE", a: "AFTER", B: "ON_OR_BEFORE", A: "ON_OR_AFTER", l: "LESS_THAN", m: "MORE_THAN",
  L: "EQUAL_OR_LESS", M: "EQUAL_OR_MORE", d: "START", i: "MID", f: "END", e: "APPROX",
});

// The keys with a person's own: {action: key}. An own key takes that key from the action that has it.
function keysWith(own) {
  const keys = { ...KEYS };
  for (const [action, key] of Object.entries(own || {})) {
    for (const other of Object.keys(keys)) if (keys[other] === key) delete keys[other];
    keys[action] = key;
  }
  return keys;
}

// Which action each key has: {key: action}.
function actionsOf(own) {
  if (!own) return DEFAULT_ACTIONS;
  let actions = ownActions.get(own);
  if (actions === undefined) {
    actions = swapped(keysWith(own));
    ownActions.set(own, actions);
  }
  return actions;
}

function swapped(keys) {
  return Object.fromEntries(Object.entries(keys).map(([action, key]) => [key, action]));
}
const DEFAULT_ACTIONS = Object.freeze(swapped(KEYS));
const ownActions = new WeakMap();

// A key press as it is written in the keymap. A letter is large with Shift, whatever Caps Lock says.
function keyName(key) {
  if ([...key.key].length === 1) {
    if (key.key.toLowerCase() === key.key.toUpperCase()) return key.key;
    return key.shift ? key.key.toUpperCase() : key.key.toLowerCase();
  }
  return (key.shift ? "Shift+" : "") + key.key;
}

// The figure that a key stands for by its place: on AZERTY figures need Shift, here they do not. Null for none.
function digitOf(key) {
  const place = /^(?:Digit|Numpad)([0-9])$/.exec(key.code || "");
  if (place !== null) return place[1];
  return /^[0-9]$/.test(key.key) ? key.key : null;
}

// What a key types into a line. On AZERTY the key of 6 writes - without Shift: it is a - where a - can stand.
function typedBy(key, typed) {
  if ([...key.key].length !== 1) return null;
  const digit = digitOf(key);
  if (digit === null || /^[0-9]$/.test(key.key) || key.shift) return key.key;
  const dated = /^(?:\d{4}|X{4})(?:-\w\w)?$/.test(typed);
  return key.key === "-" && (typed === "" || dated) ? "-" : digit;
}
