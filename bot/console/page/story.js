// The guided story: each step is a command that anyone could type.

import { code, element } from "./mrkdwn.js";

const $ = (id) => document.getElementById(id);

export class Story {
  constructor(steps, tell) {
    this.steps = steps;
    this.tell = tell;
    this.at = 0;
    $("story").append(...steps.map((step, n) => this.#step(step, n)));
    $("next").addEventListener("click", () => this.#run(this.at));
    if (!matchMedia("(min-width: 1100px)").matches) $("story-box").open = false;
  }

  #step(step, n) {
    const title = element("button", { type: "button" }, step.title);
    title.addEventListener("click", () => this.#run(n));
    return element("li", {}, title, element("p", {}, step.says), code(step.text));
  }

  async #run(n) {
    const items = [...$("story").children];
    items.forEach((item, at) => {
      item.classList.toggle("told", at < n || item.classList.contains("told"));
      if (at === n) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    this.at = (n + 1) % this.steps.length;
    $("next").textContent = this.at ? "Show the next step" : "Start again";
    if (!matchMedia("(min-width: 1100px)").matches) $("story-box").open = false;
    await this.tell(this.steps[n]);
    items[n].classList.add("told");
  }
}
