// Slack's own chart, roughly: only the settings of an installation bring one here.

import { element } from "./mrkdwn.js";

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [640, 240, 8, 24];

export function chart(block) {
  const { type, series = [], segments = [], axis_config: axis } = block.chart;
  const categories = axis?.categories ?? segments.map((one) => one.label);
  const rows = series.length ? series.map((one) => ({ name: one.name, values: categories.map((label) => one.data.find((point) => point.label === label).value) }))
    : [{ name: block.title, values: segments.map((one) => one.value) }];
  const most = Math.max(...rows.flatMap((row) => row.values), 1e-9);
  const least = Math.min(0, ...rows.flatMap((row) => row.values));
  const y = (value) => 10 + (HEIGHT - BOTTOM - 14) * (1 - (value - least) / (most - least));
  const step = (WIDTH - 2 * LEFT) / categories.length;
  const marks = rows.flatMap((row, n) => (type === "line" || type === "area" ? [line(row, n, step, y)] : bars(row, n, rows.length, step, y)));
  const every = Math.ceil(categories.length / 8);
  const fits = Math.floor((step * every) / 8);
  const labels = categories.flatMap((text, n) => (n % every ? [] : [svg("text", { x: LEFT + step * (n + 0.5), y: HEIGHT - 6, "text-anchor": "middle" }, text.length > fits ? `${text.slice(0, fits - 1)}…` : text)]));
  labels.push(svg("text", { x: WIDTH - LEFT, y: 12, "text-anchor": "end" }, `up to ${most.toLocaleString()}`));
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": said(block, rows, categories) }, ...marks, ...labels);
  const legend = rows.map((row, n) => element("li", { class: `series-${n % 6}` }, row.name));
  return element("figure", { class: "chart" }, element("figcaption", {}, block.title), drawing, element("ul", {}, ...legend));
}

function line(row, n, step, y) {
  const points = row.values.map((value, at) => `${LEFT + step * (at + 0.5)},${y(value)}`).join(" ");
  return svg("polyline", { points, class: `series-${n % 6}` });
}

function bars(row, n, count, step, y) {
  const width = (step * 0.7) / count;
  return row.values.map((value, at) => svg("rect", {
    x: LEFT + step * (at + 0.15) + width * n, width, y: Math.min(y(value), y(0)), height: Math.abs(y(0) - y(value)), class: `series-${n % 6}`,
  }));
}

function said(block, rows, categories) {
  return `${block.title}. ${rows.map((row) => `${row.name}: ${row.values.map((value, n) => `${categories[n]} ${value}`).join(", ")}`).join(". ")}`;
}

function svg(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
