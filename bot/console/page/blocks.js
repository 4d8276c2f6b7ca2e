// Block Kit as DOM nodes, from the payload that Slack itself would get.

import { element, mrkdwn } from "./mrkdwn.js";
import { chart } from "./chart.js";
import { menu } from "./menu.js";

const DRAW = {
  section, context, actions, image, rich_text: richText, header, divider, data_table: dataTable, input,
  data_visualization: chart,
};

export function drawn(blocks, page) {
  return joined(blocks).map((block) => (DRAW[block.type] ?? unknown)(block, page));
}

// Slack takes ten fields a section; what goes on in the next one belongs into the same columns.
function joined(blocks) {
  const result = [];
  for (const block of blocks) {
    const last = result.at(-1);
    if (onlyFields(block) && last && onlyFields(last)) result[result.length - 1] = { ...last, fields: [...last.fields, ...block.fields] };
    else result.push(block);
  }
  return result;
}

function onlyFields(block) {
  return block.type === "section" && Boolean(block.fields) && !block.text && !block.accessory;
}

function words(object, page) {
  return object.type === "mrkdwn" ? mrkdwn(object.text, page) : [object.text];
}

function section(block, page) {
  const parts = block.text ? [element("div", { class: "words" }, ...words(block.text, page))] : [];
  if (block.fields) parts.push(element("div", { class: "fields" }, ...block.fields.map((field) => element("div", {}, ...words(field, page)))));
  if (block.accessory) parts.push(control(block.accessory, page));
  return element("div", { class: "section" }, ...parts);
}

function context(block, page) {
  return element("div", { class: "context" }, ...block.elements.map((one) =>
    one.type === "image" ? element("img", { src: one.image_url, alt: one.alt_text }) : element("span", {}, ...words(one, page))));
}

function actions(block, page) {
  return element("div", { class: "actions", role: "group", "aria-label": "What next" }, ...block.elements.map((one) => control(one, page)));
}

function control(one, page) {
  if (one.type === "button") return button(one, page);
  if (one.type === "static_select" || one.type === "overflow") return menu(one, page);
  return unknown(one);
}

function button(one, page) {
  const made = element("button", { type: "button", class: `control ${one.style ?? ""}`.trim(), "data-action": one.action_id, "aria-label": one.accessibility_label }, one.text.text);
  made.addEventListener("click", () => page.act({ action_id: one.action_id, value: one.value }, made));
  return made;
}

function image(block, page) {
  const file = page.file(block.slack_file?.id);
  if (!file) return element("p", { class: "lost" }, block.alt_text);
  const picture = element("img", { src: file.url, alt: block.alt_text, decoding: "async" });
  picture.addEventListener("load", () => page.settled(picture));
  const made = element("button", { type: "button", class: "picture", "aria-label": `Enlarge: ${block.alt_text}` }, picture);
  made.addEventListener("click", () => page.enlarge(file.url, block.alt_text));
  return made;
}

function header(block) {
  return element("h3", { class: "header" }, block.text.text);
}

function divider() {
  return element("hr");
}

function richText(block, page) {
  return element("div", { class: "rich" }, ...block.elements.map((one) => richPart(one, page)));
}

function richPart(one, page) {
  if (one.type === "rich_text_preformatted") return element("pre", { tabindex: "0", class: "table" }, ...one.elements.map((part) => part.text));
  if (one.type === "rich_text_list") return element(one.style === "ordered" ? "ol" : "ul", {}, ...one.elements.map((item) => element("li", {}, ...item.elements.map((part) => richInline(part, page)))));
  if (one.type === "rich_text_quote") return element("blockquote", {}, ...one.elements.map((part) => richInline(part, page)));
  return element("p", {}, ...one.elements.map((part) => richInline(part, page)));
}

function richInline(part, page) {
  if (part.type === "link") return page.link(part.url, part.text ?? part.url);
  if (part.type === "user") return element("span", { class: "mention" }, `@${page.nameOf(part.user_id) || part.user_id}`);
  let made = document.createTextNode(part.text ?? "");
  for (const [style, name] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"]]) {
    if (part.style?.[style]) made = element(name, {}, made);
  }
  return made;
}

// Sorts in the reader's window, as Slack's own table does; null figures stay last.
function dataTable(block, page) {
  const [head, ...rows] = block.rows;
  const body = element("tbody", {}, ...rows.map((row) => tableRow(row, page)));
  const headers = head.map((cell, column) => sortable(cell, column, rows, body, page));
  const table = element("table", {}, element("caption", {}, block.caption), element("thead", {}, element("tr", {}, ...headers)), body);
  return element("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": block.caption }, table);
}

function tableRow(row, page) {
  return element("tr", {}, ...row.map((cell) => element("td", { class: cell.type === "raw_number" ? "number" : null }, ...cellWords(cell, page))));
}

function cellWords(cell, page) {
  return cell.type === "rich_text" ? [richText(cell, page)] : [cell.text];
}

function sortable(cell, column, rows, body, page) {
  const sort = element("button", { type: "button" }, cell.text);
  const numeric = rows.some((row) => row[column].type === "raw_number");
  const made = element("th", { scope: "col", class: numeric ? "number" : null }, sort);
  sort.addEventListener("click", () => {
    const falling = made.getAttribute("aria-sort") !== "descending";
    for (const other of made.parentElement.children) other.removeAttribute("aria-sort");
    made.setAttribute("aria-sort", falling ? "descending" : "ascending");
    const ordered = [...rows].sort((a, b) => compared(a[column], b[column], falling ? -1 : 1));
    body.replaceChildren(...ordered.map((row) => tableRow(row, page)));
  });
  return made;
}

function compared(a, b, sign) {
  const [x, y] = [a, b].map((cell) => (cell.type === "raw_number" ? cell.value : null));
  if (x !== null && y !== null) return sign * (x - y);
  if (x !== null || y !== null) return x === null ? 1 : -1;
  return sign * String(a.text).localeCompare(String(b.text));
}

function input(block, page) {
  const id = `input-${block.block_id}`;
  const one = block.element;
  const field = one.type === "static_select"
    ? element("select", { id, name: block.block_id, "data-action": one.action_id, required: !block.optional },
      element("option", { value: "" }, one.placeholder?.text ?? ""),
      ...one.options.map((option) => element("option", { value: option.value, selected: option.value === one.initial_option?.value }, option.text.text)))
    : element("input", { id, name: block.block_id, "data-action": one.action_id, placeholder: one.placeholder?.text, required: !block.optional, value: one.initial_value });
  const hint = block.hint ? element("p", { class: "hint", id: `${id}-hint` }, ...words(block.hint, page)) : null;
  return element("div", { class: "input" }, element("label", { for: id }, block.label.text), field, hint);
}

function unknown(block) {
  return element("p", { class: "lost" }, `A ${block.type} that this page cannot show`);
}
