// The head: which file, where one is in it, whether all is saved, and the progress by paragraphs.

// shown = {path, paragraph, paragraphs, visited, facts, left: n of what, saved: "14:02" or null, unsaved: n}
function drawHead(shown) {
  drawPath(shown.path);
  const place = `Paragraph ${shown.paragraph + 1} of ${shown.paragraphs}`;
  const open = shown.left ? `, ${counted(shown.left, shown.what)} left` : "";
  const saved = shown.unsaved
    ? make("span", { class: "unsaved" }, `${counted(shown.unsaved, "change")} not saved`)
    : shown.saved ? `Saved ${shown.saved}` : "Nothing changed yet";
  $("#where").replaceChildren(make("b", {}, place), `, ${counted(shown.facts, "fact")}${open}. `, saved);
  drawProgress(shown);
}

// The file and its folder; the whole path for who points at it.
function drawPath(path) {
  $("#file").textContent = path.split(/[\\/]/).slice(-2).join("/");
  $("#file").title = path;
}

function counted(n, name) {
  return `${n} ${name}${n === 1 ? "" : "s"}`;
}

function drawProgress({ paragraph, paragraphs, visited }) {
  const bar = $("#progress");
  bar.classList.toggle("many", paragraphs > 60);
  bar.setAttribute("aria-valuemin", 0);
  bar.setAttribute("aria-valuemax", paragraphs);
  bar.setAttribute("aria-valuenow", visited.size);
  while (bar.childElementCount < paragraphs) bar.append(make("i"));
  while (bar.childElementCount > paragraphs) bar.lastChild.remove();
  for (const [n, piece] of [...bar.children].entries()) {
    const name = visited.has(n) ? "visited" : n === paragraph ? "here" : "";
    if (piece.className !== name) piece.className = name;
  }
}

// Messages under the head stay until they are closed or no longer true. Each has a name, so that it stands there once.
const messages = new Map();

function tell(name, words, { error = false, action = null } = {}) {
  messages.set(name, { words, error, action });
  drawMessages();
}

function untell(name) {
  if (messages.delete(name)) drawMessages();
}

function drawMessages() {
  $("#told").replaceChildren(...[...messages].map(([name, { words, error, action }]) => {
    const buttons = [action && button(action.name, action.go), button("Close", () => untell(name))];
    const [first, ...rest] = Array.isArray(words) ? words : [words];
    const text = make("span", {}, make("b", {}, first), ...rest.map((more) => ` ${more}`));
    return make("p", { class: error ? "error" : "" }, text, make("span", {}, ...buttons.filter(Boolean).flatMap((one, n) => (n ? [" ", one] : [one]))));
  }));
}

function button(name, go) {
  const element = make("button", { type: "button" }, name);
  element.addEventListener("click", go);
  return element;
}

// What was just done, for who hears the page.
function say(words) {
  $("#said").textContent = words;
}

const sentence = (words) => `${words[0].toUpperCase()}${words.slice(1)}.`;

function tellError(name, error) {
  if (error.status === undefined) throw error;
  tell(name, [error.message, error.remedy].filter(Boolean).map(sentence), { error: true });
}

// Another program or another tab has changed the file; what of one's own could not be applied to it.
function tellChanged(article, { changed, changed_by: by, conflicts }) {
  if (changed) {
    const who = by === "tab" ? "The article was changed in another tab." : "The file was changed by another program.";
    tell("changed", [who, "Its facts are shown as they are now, with your changes."]);
  }
  if (!conflicts?.length) return;
  const lost = conflicts.map(({ operation, why }) => `${factWords(article, operation.after ?? operation.before)}: ${why}`);
  tell("conflicts", [`${counted(conflicts.length, "change")} could not be made to the file as it is now.`, lost.join("; "), "Make it again where it is still right."], { error: true });
}

// The article was said to be done, and what is wrong in it all the same.
// `onward` are words that say how to go on.
function tellFinished(problems, onward) {
  const errors = problems.filter(({ level }) => level === "error").length;
  const left = errors ? [`Still to be mended: ${counted(errors, "error")} (below, and in gold check).`] : [];
  tell("finished", ["The article is done.", ...left, ...onward], { error: errors > 0 });
}
