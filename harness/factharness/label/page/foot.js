// The foot: the mode, then its keys, which are buttons as well; the keys that always work come last.

// shown = {mode, hints: [{keys, does}], always: the same, press(key)}
function drawFoot(shown) {
  const looks = JSON.stringify([shown.mode, shown.hints]);
  if (drawFoot.looks === looks) return;
  drawFoot.looks = looks;
  const group = (hints, name) => make("span", { class: name }, ...hints.map((hint) => hintElement(hint, shown.press)));
  $("#keys").replaceChildren(make("div", {},
    make("span", { class: "mode" }, shown.mode),
    group(shown.hints, "group"),
    group(shown.always, "end")));
}

// The keys and what they do. Pressing one with the pointer leaves the keyboard where it is.
function hintElement({ keys, does }, press) {
  const many = keys.length > 1;
  const one = (key) => {
    const element = button("", () => press(key));
    element.append(keyElement(key));
    if (!many) element.append(` ${does}`);
    if (/^.[–-].$/.test(key)) element.disabled = true;
    element.addEventListener("pointerdown", (event) => event.preventDefault());
    return element;
  };
  if (!many) return one(keys[0]);
  return make("span", {}, ...keys.flatMap((key) => [one(key), " "]), does);
}

const KEY_NAMES = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", Backspace: "⌫", " ": "Space" };

function keyElement(key) {
  const name = key.replace(/^Shift\+/, "");
  return make("kbd", {}, `${key === name ? "" : "Shift "}${KEY_NAMES[name] ?? name}`);
}
