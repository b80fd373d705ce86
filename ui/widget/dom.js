// Making nodes. Data becomes text nodes and attributes, never markup.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  like: "M8 13.6 2.9 8.7a3.3 3.3 0 0 1 4.7-4.6l.4.4.4-.4a3.3 3.3 0 0 1 4.7 4.6z",
  dislike: "m4 4 8 8m0-8-8 8",
  check: "m3 8.6 3.2 3.2L13 4.6",
  seen: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M5.5 8.2l1.8 1.8 3.2-3.7",
  remove: "m4.5 4.5 7 7m0-7-7 7",
  close: "m3.5 3.5 9 9m0-9-9 9",
  menu: "M3 8h.01M8 8h.01M13 8h.01",
  send: "M8 13.5v-11M3.5 7 8 2.5 12.5 7",
  chat: "M2.5 3.5h11v7.6H7.3L4 13.8v-2.7H2.5z",
  undo: "M3 6.5h6.2a3.6 3.6 0 0 1 0 7.2H6M3 6.5l3-3m-3 3 3 3",
  human: "M8 7.6a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2M2.8 13.6c.5-2.6 2.5-3.9 5.2-3.9s4.7 1.3 5.2 3.9",
  restart: "M13 8a5 5 0 1 1-1.6-3.7M13 2.2v2.6h-2.6",
  more: "m4.5 6.2 3.5 3.6 3.5-3.6",
};

/** Make an element: `properties` are set as such, those with a hyphen or `role` as attributes. */
export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child || child === 0));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with a mark, a label, or both; one that is `bare` shows its label on hover only. */
export function button(label, onclick, { className = "", mark = "", bare = false } = {}) {
  const named = bare ? { "aria-label": label, title: label } : {};
  const shown = [mark && icon(mark), !bare && make("span", {}, label)];
  return make("button", { type: "button", className, onclick, ...named }, ...shown);
}

/** Return `address` where it is http or https, else "": no other scheme is ever linked. */
export function webAddress(address) {
  return /^https?:\/\//i.test(address ?? "") ? address : "";
}

/** Fill the places of `text`: "Remove {title}". */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

let failures = 0;

/** Import a part that was not needed before. A browser may remember a failure by its address. */
export function load(part) {
  return import(`./${part}${failures ? `?${failures}` : ""}`).catch(() => {
    failures += 1;
    throw Object.assign(new Error("offline"), { kind: "offline", seconds: 0 });
  });
}
