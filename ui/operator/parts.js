// What the sections of the operator's page are made of: numbers as text, figures, tables.

import { $, el } from "../ui/admin.js";

export const whole = (number) => Math.round(number).toLocaleString("en");
export const many = (number, one, more = `${one}s`) => `${whole(number)} ${number === 1 ? one : more}`;

export function percent(part, of) {
  if (!of) return "–";
  return `${((100 * part) / of).toFixed(part && part / of < 0.1 ? 1 : 0)} %`;
}

/** Return one figure of a list of figures. */
export function figure(name, value, note = "") {
  const more = note ? el("dd", { className: "note" }, note) : "";
  return el("div", {}, el("dt", {}, name), el("dd", {}, value), more);
}

/** Return a share as a bar with its number. */
export function share(value) {
  const bar = el("span", { className: "share", ariaHidden: "true" });
  bar.style.setProperty("--share", String(value));
  return el("span", { className: "shared" }, bar, percent(value, 1));
}

/** Return a table that scrolls by itself; cells are text or elements, the first names its row. */
export function table(caption, heads, rows) {
  const body = rows.map(([first, ...others]) =>
    el("tr", {}, el("th", { scope: "row" }, first), ...others.map((cell) => el("td", {}, cell))),
  );
  const made = el(
    "table",
    {},
    el("caption", {}, caption),
    el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, ...body),
  );
  const around = { className: "scroll", tabIndex: 0, role: "region", ariaLabel: caption };
  return el("div", around, made);
}

/** Show `rows` as a table in the element `id`, or say that there is nothing. */
export function fill(id, nothing, caption, heads, rows) {
  const empty = el("p", { className: "nothing" }, nothing);
  $(id).replaceChildren(rows.length ? table(caption, heads, rows) : empty);
}
