// One message in its three forms: as Slack shows it, its payload, and the text a terminal gets.

import { drawn } from "./blocks.js";
import { code, element, mrkdwn } from "./mrkdwn.js";

export function messageNode(message, page) {
  const body = element("div", { class: "body" },
    element("p", { class: "byline" }, element("strong", {}, "Codex Pulse"), element("span", { class: "app" }, "APP"), time()),
    element("div", { class: "as-slack" }, ...(message.file ? [fileCard(message.file)] : shown(message, page))),
    element("pre", { class: "as-payload", tabindex: "0" }, `${message.entry.method}\n${JSON.stringify(message.entry.args, null, 2)}`),
    element("pre", { class: "as-text", tabindex: "0" }, message.told.text));
  return element("li", { class: message.only ? "message private" : "message" },
    message.only ? only("Only visible to you", message.typed) : null,
    avatar(), body);
}

function only(says, typed) {
  const eye = element("img", { src: "/page/eye.svg", alt: "", width: "14", height: "14" });
  return element("p", { class: "only" }, eye, says, typed ? code(typed) : null);
}

function shown(message, page) {
  return message.blocks ? drawn(message.blocks, page) : [element("div", { class: "section" }, ...mrkdwn(message.text, page))];
}

function fileCard(file) {
  const size = file.bytes_count < 1024 ? `${file.bytes_count} bytes` : `${(file.bytes_count / 1024).toFixed(1)} KB`;
  return element("a", { class: "file", href: file.url, download: file.name },
    element("strong", {}, file.name), element("small", {}, `${size} · download`));
}

function avatar() {
  return element("img", { class: "avatar", src: "/page/pulse.svg", alt: "", width: "36", height: "36" });
}

function time() {
  const now = new Date();
  return element("time", { datetime: now.toISOString() }, now.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" }));
}

export const viewNodes = {
  working: (typed) => element("li", { class: "message private working" },
    only("Only visible to you", typed), avatar(),
    element("div", { class: "body" }, element("p", {}, "Working on it…"))),
  failed: (text) => element("li", { class: "message private" }, element("div", { class: "body" }, element("p", { role: "alert" }, text))),
  empty: (command) => element("li", { class: "empty" }, "Nothing was asked here yet. Try ", element("code", {}, `${command} help`), "."),
};
