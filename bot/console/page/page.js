// The page: who asks what where, and what came back. Messages are drawn in view.js.

import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { element } from "./mrkdwn.js";
import { Story } from "./story.js";
import { messageNode, viewNodes } from "./view.js";

const PERMALINK = "https://pulse.slack.example/archives/";
const $ = (id) => document.getElementById(id);

async function api(path, body) {
  const options = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`/api/${path}`, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

class Page {
  constructor(start) {
    this.start = start;
    this.log = new Log(start.rooms);
    this.who = start.people.find((one) => one.role === "analyst");
    this.room = start.rooms[0];
    this.unread = new Set();
    this.nodes = new Map();
    this.composer = new Composer(start, (text) => this.ask(text));
    this.story = new Story(start.story, (step) => this.tell(step));
    this.#people();
    this.#rooms();
    this.#views();
    this.#suggestions();
    $("workspace").textContent = start.workspace;
    $("slash").textContent = start.command;
    this.log.apply(start.opening, this.who, this.room);
    this.show();
    this.composer.focus();
  }

  // what the drawing of blocks asks for

  nameOf(id) {
    return this.start.people.find((one) => one.id === id)?.name;
  }

  roomOf(id) {
    return this.start.rooms.find((one) => one.id === id)?.name;
  }

  link(target, label) {
    if (!target.startsWith(PERMALINK)) {
      const safe = /^(https?|mailto):/.test(target);
      return safe ? element("a", { href: target, rel: "noopener noreferrer", target: "_blank" }, label) : element("span", {}, label);
    }
    const jump = element("button", { type: "button", class: "jump" }, label);
    jump.addEventListener("click", () => this.go("dm"));
    return jump;
  }

  enlarge(url, alt) {
    Object.assign($("large"), { src: url, alt });
    $("picture").showModal();
  }

  settled(picture) {
    if (this.latest?.contains(picture)) this.#reveal(this.latest);
  }

  // asking

  async ask(text) {
    await this.#answered({ text }, (who, room) => api("ask", { text, who: who.role, where: room.key }));
  }

  async click(action, message, opener) {
    const click = {
      value: action.value,
      action_ts: `${Math.floor(Date.now() / 1000)}.${String(crypto.getRandomValues(new Uint32Array(1))[0] % 1e6).padStart(6, "0")}`,
      message_ts: message.thread ?? message.ts,
      is_ephemeral: Boolean(message.only),
    };
    opener?.setAttribute("aria-busy", "true");
    const thread = message.only ? null : message.thread ?? message.ts;
    await this.#answered({ thread }, (who, room) => api("click", { ...click, who: who.role, where: room.key }));
    opener?.removeAttribute("aria-busy");
  }

  async tell(step) {
    this.be(step.who);
    this.go(step.where);
    this.composer.show(step.text);
    await this.ask(step.text);
  }

  async #answered({ text, thread }, send) {
    const [who, room] = [this.who, this.room];
    const working = viewNodes.working(text === undefined ? null : `${this.start.command} ${text}`.trim());
    this.#under(thread).append(working);
    this.#reveal(working);
    try {
      const told = await send(who, room);
      working.remove();
      const typed = text === undefined ? null : `${this.start.command} ${text}`.trim();
      this.#arrived(this.log.apply(told, who, room, thread, typed));
    } catch (failed) {
      working.replaceWith(viewNodes.failed(failed.message));
      this.#say(failed.message);
    }
  }

  #arrived(messages) {
    const seen = new Set(this.log.seenBy(this.who.role, this.room.key));
    for (const message of messages) {
      if (seen.has(message)) this.#append(message);
      else this.unread.add(message);
    }
    this.#badges();
    const last = messages.filter((one) => seen.has(one)).at(-1);
    if (last) this.#say(`${last.only ? "Only visible to you: " : ""}${last.text}`);
  }

  // drawing

  show() {
    this.nodes.clear();
    $("room").textContent = this.room.key === "dm" ? this.room.name : `# ${this.room.name}`;
    $("topic").textContent = this.room.topic;
    $("who-says").textContent = `${this.who.name} ${this.who.says}`;
    $("log").replaceChildren();
    const messages = this.log.seenBy(this.who.role, this.room.key);
    if (!messages.length) $("log").append(viewNodes.empty(this.start.command));
    for (const message of messages) {
      this.#append(message);
      this.unread.delete(message);
    }
    this.#badges();
  }

  #append(message) {
    $("log").querySelector(".empty")?.remove();
    const node = messageNode(message, {
      nameOf: (id) => this.nameOf(id),
      roomOf: (id) => this.roomOf(id),
      link: (target, label) => this.link(target, label),
      enlarge: (url, alt) => this.enlarge(url, alt),
      settled: (picture) => this.settled(picture),
      file: (id) => message.files.get(id),
      act: (action, opener) => this.click(action, message, opener),
    });
    this.nodes.set(message.ts, node);
    this.#under(message.thread).append(node);
    this.latest = node;
    this.#reveal(node);
  }

  #under(thread) {
    const parent = thread && this.nodes.get(thread);
    if (!parent) return $("log");
    return parent.querySelector(":scope > .thread") ?? parent.appendChild(element("ol", { class: "thread", "aria-label": "Thread" }));
  }

  // Shows the answer from its beginning; the place's own last line when it is short.
  #reveal(node) {
    const frame = $("scroll");
    const from = node.getBoundingClientRect().top - frame.getBoundingClientRect().top + frame.scrollTop;
    frame.scrollTop = Math.max(0, Math.min(from - 12, frame.scrollHeight - frame.clientHeight));
  }

  #say(text) {
    $("status").textContent = text;
  }

  // choosing

  be(role) {
    if (this.who.role === role) return;
    this.who = this.start.people.find((one) => one.role === role);
    $("who").value = role;
    this.show();
  }

  go(key) {
    if (this.room.key === key) return;
    this.room = this.start.rooms.find((one) => one.key === key);
    this.show();
    for (const button of $("rooms").querySelectorAll("button")) {
      if (button.dataset.room === key) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
  }

  #people() {
    $("who").append(...this.start.people.map((one) => element("option", { value: one.role, selected: one === this.who }, `${one.role[0].toUpperCase()}${one.role.slice(1)} · ${one.name.split(" ")[0]}`)));
    $("who").addEventListener("change", () => this.be($("who").value));
  }

  #rooms() {
    for (const room of this.start.rooms) {
      const sign = element("span", { class: "sign", "aria-hidden": "true" }, room.key === "dm" ? "●" : "#");
      const badge = element("span", { class: "badge", hidden: true });
      const button = element("button", { type: "button", "data-room": room.key, "aria-current": room === this.room ? "page" : null }, sign, element("span", { class: "name" }, room.name), badge);
      button.addEventListener("click", () => this.go(room.key));
      $("rooms").append(element("li", {}, button));
    }
  }

  #badges() {
    for (const button of $("rooms").querySelectorAll("button")) {
      const badge = button.querySelector(".badge");
      const count = this.log.seenBy(this.who.role, button.dataset.room).filter((one) => this.unread.has(one)).length;
      badge.hidden = !count;
      badge.textContent = count || "";
      badge.setAttribute("aria-label", `${count} new`);
    }
  }

  #views() {
    const buttons = document.querySelectorAll(".views button");
    for (const button of buttons) {
      button.addEventListener("click", () => {
        document.body.dataset.view = button.dataset.view;
        for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
        if (this.latest) this.#reveal(this.latest);
      });
    }
  }

  #suggestions() {
    for (const text of this.start.suggestions) {
      const button = element("button", { type: "button", class: "suggestion" }, text);
      button.addEventListener("click", () => this.ask(text));
      $("suggestions").append(button);
    }
  }
}

try {
  window.page = new Page(await api("start"));
  document.body.dataset.ready = "true";
} catch (failed) {
  document.getElementById("log").append(viewNodes.failed(failed.message));
}
