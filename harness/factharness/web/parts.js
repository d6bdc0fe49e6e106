// A page of parts: its embedded data, and which part is shown.
// An address is #PART, #PART/REST or #PART?KEY=VALUE&…; a part hears of it by the event "shown".
// Embedded data is parsed when a part first needs it, so that the first paint does not wait for it.
const parsed = {};
function data(name) {
  return (parsed[name] ??= JSON.parse($(`#data-${name}`).textContent));
}

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
