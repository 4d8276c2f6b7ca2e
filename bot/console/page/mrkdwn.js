// Slack's mrkdwn as DOM nodes. Nothing is ever parsed as HTML: text stays text, whatever is in it.

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const CODE = /```([\s\S]+?)```|`([^`\n]+)`/;
const ANGLE = /<([^<>]+)>/;
const MARKS = [
  [/(^|[\s(])\*(?=\S)([^*\n]*[^*\s])\*(?=$|[\s).,:;!?])/, "strong"],
  [/(^|[\s(])_(?=\S)([^_\n]*[^_\s])_(?=$|[\s).,:;!?])/, "em"],
  [/(^|[\s(])~(?=\S)([^~\n]*[^~\s])~(?=$|[\s).,:;!?])/, "s"],
];

export const decoded = (text) => text.replace(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Breaks between words only: a date in two lines cannot be read.
export function code(text) {
  const whole = (word) => (word.length > 30 ? word : element("span", { class: "whole" }, word));
  return element("code", {}, ...text.split(" ").flatMap((word, n) => (n ? [" ", whole(word)] : [whole(word)])));
}

export function mrkdwn(text, page) {
  const found = CODE.exec(text);
  if (!found) return angled(text, page);
  const inside = found[1] ?? found[2];
  return [
    ...angled(text.slice(0, found.index), page),
    found[1] === undefined ? code(decoded(inside)) : element("pre", {}, element("code", {}, decoded(inside))),
    ...mrkdwn(text.slice(found.index + found[0].length), page),
  ];
}

function angled(text, page) {
  const found = ANGLE.exec(text);
  if (!found) return marked(text, page);
  return [
    ...marked(text.slice(0, found.index), page),
    special(found[1], page),
    ...angled(text.slice(found.index + found[0].length), page),
  ];
}

function marked(text, page) {
  for (const [pattern, name] of MARKS) {
    const found = pattern.exec(text);
    if (found) {
      const start = found.index + found[1].length;
      return [
        ...marked(text.slice(0, start), page),
        element(name, {}, ...marked(found[2], page)),
        ...marked(text.slice(found.index + found[0].length), page),
      ];
    }
  }
  return text.split("\n").flatMap((line, n) => (n ? [element("br"), decoded(line)] : [decoded(line)]));
}

function special(inside, page) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : decoded(inside.slice(bar + 1));
  if (target.startsWith("@")) return element("span", { class: "mention" }, `@${page.nameOf(target.slice(1)) || label || target.slice(1)}`);
  if (target.startsWith("#")) return element("span", { class: "mention" }, `#${page.roomOf(target.slice(1)) || label || target.slice(1)}`);
  if (target.startsWith("!date^")) return dated(target, label);
  if (target.startsWith("!")) return element("span", { class: "mention" }, label || `@${target.slice(1)}`);
  return page.link(decoded(target), label || decoded(target));
}

// <!date^SECONDS^FORMAT^LINK|FALLBACK>: in the reader's own zone, as Slack does it.
function dated(target, fallback) {
  const [, seconds, format = ""] = target.split("^");
  const when = new Date(Number(seconds) * 1000);
  if (Number.isNaN(when.getTime())) return document.createTextNode(fallback);
  const day = (style) => when.toLocaleDateString(undefined, style);
  const long = day({ year: "numeric", month: "long", day: "numeric" });
  const short = day({ year: "numeric", month: "short", day: "numeric" });
  const text = format
    .replace(/\{date_long(_pretty)?\}/g, day({ weekday: "long", year: "numeric", month: "long", day: "numeric" }))
    .replace(/\{date_short(_pretty)?\}/g, short)
    .replace(/\{date(_pretty)?\}/g, long)
    .replace(/\{date_num\}/g, when.toISOString().slice(0, 10))
    .replace(/\{time\}/g, when.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" }))
    .replace(/\{time_secs\}/g, when.toLocaleTimeString());
  return element("time", { datetime: when.toISOString(), title: fallback }, decoded(text) || fallback);
}
