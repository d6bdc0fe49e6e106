// What both pages share: finding elements, the theme, and which part of the page is shown.
// An address is #PART, #PART/REST or #PART?KEY=VALUE&…; a part hears of it by the event "shown".
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const root = document.documentElement;

// An element with attributes and children. Text is always a text node, so no word of an article becomes markup.
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// A mark of a verdict, from the symbols of marks.html.
function mark(what) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "mk");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#m-${what}`);
  svg.append(use);
  return svg;
}

// Embedded data is parsed when a part first needs it, so that the first paint does not wait for it.
const parsed = {};
function data(name) {
  return (parsed[name] ??= JSON.parse($(`#data-${name}`).textContent));
}

const isDark = () =>
  root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
function nameTheme() {
  $("#theme").textContent = isDark() ? "Light" : "Dark";
}
$("#theme").addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  nameTheme();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
nameTheme();

// A word of an address; as it stands when it is not a well-formed one.
function unquoted(word) {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

// The query of an address, in which / and : stand as they are, so that it can be read.
const queryOf = (entries) => String(new URLSearchParams(entries)).replaceAll("%2F", "/").replaceAll("%3A", ":");

const parts = $$("main > .part");
function address() {
  const [, part, rest, query] = /^#?([^/?]*)\/?([^?]*)\??(.*)$/.exec(location.hash);
  return { part, rest: rest.split("/").filter(Boolean).map(unquoted), query: new URLSearchParams(query) };
}
function showPart() {
  const asked = address();
  const current = parts.find((part) => part.id === `part-${asked.part}`) ?? parts[0];
  for (const part of parts) part.hidden = part !== current;
  for (const link of $$(".mast nav a")) {
    if (`#part-${link.hash.slice(1)}` === `#${current.id}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (!asked.rest.length) scrollTo({ top: 0, behavior: "instant" });
  current.dispatchEvent(new CustomEvent("shown", { detail: asked }));
}
addEventListener("hashchange", showPart);
// The scripts of the parts come after this one and listen first.
queueMicrotask(showPart);
