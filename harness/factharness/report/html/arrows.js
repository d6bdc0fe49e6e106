// A list that is one tab stop: Tab goes past it, arrows, Home and End move within it.
// To be called again when the list was drawn anew; `current` is the element where Tab comes in.
function makeOneTabStop(holder, selector, current = $(selector, holder)) {
  for (const element of $$(selector, holder)) element.tabIndex = element === current ? 0 : -1;
  if (holder.dataset.arrows) return;
  holder.dataset.arrows = "yes";
  holder.addEventListener("keydown", (event) => {
    const elements = $$(selector, holder).filter((element) => element.checkVisibility());
    const at = elements.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: elements.length - 1 }[event.key];
    if (at < 0 || !elements[to]) return;
    event.preventDefault();
    elements[at].tabIndex = -1;
    elements[to].tabIndex = 0;
    elements[to].focus();
  });
}
