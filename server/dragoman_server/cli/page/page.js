"use strict";
// A record lights up its words while it is pointed at or has the focus, and stays lit once pressed;
// words light up the records that rest on them. Escape puts everything out.
let held = null;
const each = (selector, work) => document.querySelectorAll(selector).forEach(work);
const keysOf = (mark) => mark.dataset.keys.split(" ");

function light(keys) {
  each("mark", (m) => m.classList.toggle("lit", keysOf(m).some((k) => keys.includes(k))));
  each("li[data-key]", (li) => li.classList.toggle("lit", keys.includes(li.dataset.key)));
}
function rest() { light(held === null ? [] : [held]); }
function hold(key) {
  held = held === key ? null : key;
  each("li[data-key] > button", (b) =>
    b.setAttribute("aria-pressed", String(b.parentElement.dataset.key === held)));
  rest();
}

each("li[data-key]", (li) => {
  const key = li.dataset.key;
  const button = li.querySelector("button");
  li.addEventListener("mouseenter", () => light([key]));
  li.addEventListener("mouseleave", rest);
  button.addEventListener("focus", () => light([key]));
  button.addEventListener("blur", rest);
  button.addEventListener("click", () => {
    hold(key);
    const first = [...document.querySelectorAll("mark")].find((m) => keysOf(m).includes(key));
    if (held !== null && first) first.scrollIntoView({ block: "center" });
  });
});
each("mark", (mark) => {
  mark.addEventListener("mouseenter", () => light(keysOf(mark)));
  mark.addEventListener("mouseleave", rest);
  mark.addEventListener("click", () => {
    const key = keysOf(mark)[0];
    hold(key);
    document.querySelector(`li[data-key="${key}"]`).scrollIntoView({ block: "center" });
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && held !== null) hold(held);
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const buttons = [...document.querySelectorAll("li[data-key] > button")];
  const at = buttons.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  buttons[Math.min(buttons.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))].focus();
});
