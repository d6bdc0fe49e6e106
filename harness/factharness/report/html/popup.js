// The pop-up of a fact: what gold and each back end have, and where it is put.

function popupContent(one, fact, view) {
  const rows = [factRow("gold", fact.gold, fact.ignored ? ["don’t care"] : fact.unscored ? ["not scored"] : [])];
  for (const b of view.shown) {
    const { name, kinds } = facts.index.backends[b];
    const vote = fact.votes[b];
    if (one.errors[b] !== null) rows.push(factRow(name, null, ["failed"]));
    else if (!kinds.includes(fact.kind)) rows.push(factRow(name, null, ["does not look for it"]));
    else if (!vote && !fact.gold) rows.push(factRow(name, null, []));
    else if (vote) rows.push(factRow(name, vote.said, votedWords(vote)));
  }
  const also = make("p", { class: "also" });
  if (fact.kind === "quote") also.append(...cueOf(fact));
  const source = fact.line ? `${fileName(one.listed)}:${fact.line}` : "";
  also.append(make("a", { href: facts.address(one.listed, fact, writeView(view)) }, "Link to this fact"), source ? `, ${source}` : "");
  return [
    make("p", { class: "w", lang: "fr" }, isolated(shownWords(fact, 160))),
    make("table", {}, make("tbody", {}, ...rows)),
    also,
  ];
}

function votedWords(vote) {
  if (vote.counted === false) return ["not counted"];
  if (!vote.wrong.length) return ["right"];
  const words = vote.wrong.includes("boundary") && vote.said ? `, ${shownWords(vote.said, 60)}` : "";
  return [...verdict(vote.wrong, true), isolated(words)];
}

function factRow(name, own, words) {
  return make("tr", {},
    make("td", {}, name),
    make("td", {}, own ? own.label : "–"),
    make("td", { class: "num" }, ...saidWords(own), own && more(own) && words.length ? make("br") : "", ...words));
}

// A date's value. A quote's speaker, with the words that name the speaker where these are not the name: to be right,
// a back end needs only one of them.
function saidWords(own) {
  if (!own) return [];
  const { speakerName: name, speakerWords: mention } = own;
  const both = own.kind === "quote" && name && mention && name !== mention;
  return [isolated(both ? `${short(mention, 60)} = ${name}` : more(own))];
}

function cueOf(fact) {
  const name = fact.gold ? "Cue in gold" : "Cue";
  const cue = fact.cueWords || (fact.cue ? `characters ${fact.cue.join("–")}` : "");
  return [
    `${name}: `,
    cue ? make("i", { lang: "fr" }, isolated(cue)) : "none",
    ". ",
    make("br"),
  ];
}

// Beside the text where the margin has room, and not on the note of the fact; else under the fact's paragraph, or
// above it, or under the fact, whichever can be seen without covering the paragraph. On a phone the style sheet makes it a sheet.
function placePopup(popup, elements, article, note) {
  const holder = popup.offsetParent ?? popup.parentElement;
  const origin = holder.getBoundingClientRect();
  const boxes = elements.flatMap((element) => [...element.getClientRects()]);
  const first = boxes[0];
  const last = boxes.at(-1);
  const block = elements[0].closest(".pp, tr") ?? article;
  const words = $(".t", block)?.getBoundingClientRect() ?? block.getBoundingClientRect();
  const room = article.getBoundingClientRect().right - words.right - 24;
  popup.style.maxWidth = "";
  popup.style.width = "";
  popup.style.maxHeight = "";
  if (room >= 230 && !block.matches("tr")) {
    popup.style.width = `${Math.min(room, 416)}px`;
    const top = beside(popup, first.top - 4, note?.getBoundingClientRect());
    popup.style.left = `${words.right + 24 - origin.left}px`;
    popup.style.top = `${top - origin.top}px`;
    return;
  }
  const height = popup.offsetHeight;
  const below = last.bottom + 2;
  const places = [words.bottom + 4, words.top - height - 4, below];
  const fits = places.find((top) => top >= 0 && top + height <= innerHeight) ?? below;
  const left = Math.max(0, Math.min(first.left - origin.left, origin.width - popup.offsetWidth));
  popup.style.left = `${left}px`;
  popup.style.top = `${fits - origin.top}px`;
}

// The top of a pop-up in the margin: near `wanted`, within the window, and not on the note. A pop-up that is too high
// for that is cut off under the note, and scrolls, unless next to nothing would be left of it.
function beside(popup, wanted, note) {
  const height = popup.offsetHeight;
  const inside = (top) => Math.max(8, Math.min(top, innerHeight - height - 8));
  const free = (top) => !note || top >= note.bottom || top + height <= note.top;
  const places = note ? [wanted, note.bottom + 4, note.top - height - 4] : [wanted];
  const top = places.map(inside).find(free);
  const left = innerHeight - note?.bottom - 12;
  if (top !== undefined || left < 200) return top ?? inside(wanted);
  popup.style.maxHeight = `${left}px`;
  return note.bottom + 4;
}
