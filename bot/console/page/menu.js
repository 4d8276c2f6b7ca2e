// A select that does something at once: a button with a menu, so that arrow keys never trigger by themselves.

import { element } from "./mrkdwn.js";

let count = 0;

export function menu(one, page) {
  count += 1;
  const id = `menu-${count}`;
  const opener = element("button", { type: "button", class: "control opener", "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id, "data-action": one.action_id }, one.placeholder?.text ?? "More");
  const items = one.options.map((option) => {
    const item = element("button", { type: "button", role: "menuitem", tabindex: "-1" }, option.text.text);
    item.addEventListener("click", () => {
      close(true);
      page.act({ action_id: one.action_id, value: option.value }, opener);
    });
    return item;
  });
  const list = element("div", { class: "menu", role: "menu", id, hidden: true, "aria-label": one.placeholder?.text ?? "More" }, ...items);

  const close = (back) => {
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    if (back) opener.focus();
  };
  const open = (n) => {
    list.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    items.at(n)?.focus();
    list.classList.toggle("below", opener.getBoundingClientRect().top < 260);
  };
  opener.addEventListener("click", () => (list.hidden ? open(0) : close(false)));
  opener.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      open(event.key === "ArrowDown" ? 0 : -1);
    }
  });
  list.addEventListener("keydown", (event) => {
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[(to + items.length) % items.length].focus();
    } else if (event.key === "Escape") close(true);
  });
  const box = element("div", { class: "select" }, opener, list);
  box.addEventListener("focusout", (event) => {
    if (!box.contains(event.relatedTarget)) close(false);
  });
  return box;
}
