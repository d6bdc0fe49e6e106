// The overlay: all keys as they are mapped, and examples of a label. Esc, or the key that opened it, closes it.

// Whether the overlay has the keys, and not the examples, so that keys still go to the article.
const helpIs = { open: false };

// What each action does, in groups; `keys` has the key of each, that of an action which lost it is missing.
function openHelp(keys) {
  if (helpIs.open) return;
  const groups = grouped(Object.entries(DOES).filter(([action]) => keys[action]), ([, [group]]) => group);
  const sections = [...groups].map(([name, actions]) => make("section", {},
    make("h3", {}, name),
    make("dl", {}, ...actions.flatMap(([action, [, words]]) => [make("dt", {}, keyElement(keys[action])), make("dd", {}, words)]))));
  helpIs.open = true;
  openDialog("Keys", [
    make("p", { class: "intro" }, "Letters count by what they write, figures by their place: the keys are the same on every keyboard. ",
      make("kbd", {}, "F6"), " goes from the article to the buttons and back. Here, the key of a label shows examples of it."),
    make("div", { class: "allkeys" }, ...sections)]);
}

// Examples of a label, and the names of the others. show(label) is called for another one.
function openExamples(found, labels, show) {
  const names = labels.map((label) => {
    const one = button(label, () => show(label));
    one.setAttribute("aria-pressed", label === found.label);
    return one;
  });
  helpIs.open = false;
  openDialog(`What is ${found.label}?`, [
    make("p", { class: "intro" }, found.says),
    make("ul", { class: "examples" }, ...found.examples.map((example) => exampleElement(example, found.label))),
    make("p", { class: "labels", role: "group", "aria-label": "Other labels" }, ...names)]);
}

function closeHelp() {
  if (helpIs.open) $("#help").close();
}

function exampleElement({ text, marked: places, value, says }, label) {
  const offsets = offsetsOf(text);
  const ink = INKS[label] ?? (["DATE", "TIME", "DURATION", "SET"].includes(label) ? "date" : "quote");
  const strokes = places.map(([from, to]) => ({ lane: "g", ink, thin: ink === "quote", from: offsets.unit(from), to: offsets.unit(to) }));
  const words = make("span", { class: "marked", lang: "fr" });
  words.append(marked(text, 0, text.length, strokes, []));
  return make("li", {}, words, value || says ? make("span", { class: "lineof" }, [value, says].filter(Boolean).join("; ")) : null);
}

function openDialog(title, content) {
  const dialog = $("#help");
  const close = button("Close", () => dialog.close());
  dialog.replaceChildren(make("header", {}, make("h2", { id: "help-title" }, title), close), ...content);
  if (!dialog.open) dialog.showModal();
  dialog.focus();
  dialog.scrollTop = 0;
}
