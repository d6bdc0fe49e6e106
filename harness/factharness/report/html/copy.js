// Puts text on the clipboard and says so on the button or link that was used. A page opened from disk may not be
// allowed to: then a field with the text stands in its place, selected.
async function copyFrom(element, text) {
  try {
    await navigator.clipboard.writeText(text);
    element.textContent = "Copied";
  } catch {
    const field = make("textarea", { rows: 4, class: "copy", readonly: true, "aria-label": "To be copied" });
    field.value = text;
    element.replaceWith(field);
    field.focus();
    field.select();
  }
}
