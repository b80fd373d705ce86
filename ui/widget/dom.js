// Making nodes. Data becomes text nodes and attributes, never markup.

const SVG = "http://www.w3.org/2000/svg";

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

/** A drawing of one line, in a square of 16. */
export function icon(line) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", line);
  svg.append(path);
  return svg;
}

/** A button with a mark, a label, or both; one that is `bare` shows its label on hover only. */
export function button(label, onclick, { className = "", mark = "", bare = false } = {}) {
  const named = bare ? { "aria-label": label, title: label } : {};
  const shown = [mark && icon(mark), !bare && make("span", {}, label)];
  return make("button", { type: "button", className, onclick, ...named }, ...shown);
}

/** Words for those who listen. */
export function unseen(text) {
  return make("span", { className: "sr" }, text);
}

/** Fill the places of `text`: "Remove {title}". */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** Add buttons for what may come next, in place of others; `choices` are [label, press, count]. */
export function offer(node, choices, label = "") {
  node.querySelector(".options")?.remove();
  if (!choices.length) return;
  const list = choices.map(([text, onclick, count]) => {
    const gain = Number.isInteger(count) && make("b", {}, `(${count})`);
    return make("li", {}, make("button", { type: "button", dir: "auto", onclick }, text, gain));
  });
  const named = label && { "aria-label": label };
  node.append(make("ul", { className: "options", ...named }, ...list));
}
