// The line to type in: history with the arrow keys, offers of commands, Tab completes.

import { element } from "./mrkdwn.js";

const $ = (id) => document.getElementById(id);

export class Composer {
  constructor(start, ask) {
    this.commands = start.commands;
    this.slash = start.command;
    this.asked = [];
    this.at = 0;
    this.chosen = -1;
    this.input = $("ask");
    this.offers = $("offers");
    $("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(ask);
    });
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("input", () => this.#offer());
    this.input.addEventListener("blur", () => this.#close());
  }

  focus() {
    if (matchMedia("(min-width: 720px)").matches) this.input.focus();
  }

  show(text) {
    this.asked.push(text);
    this.at = this.asked.length;
  }

  #submit(ask) {
    const text = this.input.value.trim();
    this.#close();
    this.input.value = "";
    if (this.asked.at(-1) !== text) this.asked.push(text);
    this.at = this.asked.length;
    ask(text);
  }

  #key(event) {
    if (event.isComposing) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step && this.chosen >= -1 && !this.offers.hidden && step === 1) this.#choose(this.chosen + 1, event);
    else if (step && !this.offers.hidden && this.chosen >= 0) this.#choose(this.chosen - 1, event);
    else if (step) this.#recall(step, event);
    else if (event.key === "Tab" && !event.shiftKey && !this.offers.hidden) this.#take(Math.max(this.chosen, 0), event);
    else if (event.key === "Enter" && this.chosen >= 0) this.#take(this.chosen, event);
    else if (event.key === "Escape") this.#escape(event);
  }

  #recall(step, event) {
    const to = this.at + step;
    if (to < 0 || to > this.asked.length) return;
    event.preventDefault();
    this.at = to;
    this.input.value = this.asked[to] ?? "";
    this.#close();
  }

  #escape(event) {
    event.preventDefault();
    if (this.offers.hidden) this.input.value = "";
    this.#close();
  }

  // Commands that begin with the one word typed so far.
  #offer() {
    const typed = this.input.value.replace(new RegExp(`^\\s*${this.slash.replace(/[^\w/]/g, "")}\\s+`), "").toLowerCase();
    const found = /^\S+$/.test(typed) ? this.commands.filter(([line]) => line.startsWith(typed) && line !== typed).slice(0, 6) : [];
    this.chosen = -1;
    this.offers.replaceChildren(...found.map(([line, summary], n) => this.#item(line, summary, n)));
    this.offers.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(Boolean(found.length)));
    this.input.removeAttribute("aria-activedescendant");
  }

  #item(line, summary, n) {
    const item = element("li", { role: "option", id: `offer-${n}`, "aria-selected": "false" }, element("code", {}, line), element("span", {}, summary));
    item.addEventListener("mousedown", (event) => this.#take(n, event));
    return item;
  }

  #choose(n, event) {
    event.preventDefault();
    const items = [...this.offers.children];
    this.chosen = Math.min(n, items.length - 1);
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === this.chosen)));
    if (this.chosen < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `offer-${this.chosen}`);
  }

  #take(n, event) {
    event.preventDefault();
    this.input.value = `${this.offers.children[n].querySelector("code").textContent.split(" ")[0]} `;
    this.#close();
  }

  #close() {
    this.offers.hidden = true;
    this.chosen = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
