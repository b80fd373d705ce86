// The numbers that decide what is shown, and the lines of vouch.toml that set them.

import { $, call, el } from "../ui/admin.js";

let dials = [];

const inputOf = (dial) => $(`dial-${dial.key}`);

export async function readDials() {
  const { slate, weights } = await call("dials");
  dials = [...slate, ...weights];
  $("slate").replaceChildren(...slate.map(turnable));
  $("weights").replaceChildren(...weights.map(turnable));
  compose();
}

function turnable({ key, value, default: ships, low, high, step, meaning }) {
  const id = `dial-${key}`;
  const range = { min: low, max: high, step, value };
  const input = el("input", { id, type: "number", oninput: compose, ...range });
  input.setAttribute("aria-describedby", `${id}-note`);
  const note = `${meaning} ${low} to ${high}; ships as ${ships}.`;
  return el(
    "div",
    { className: "dial" },
    el("label", { htmlFor: id }, key.split(".").at(-1)),
    input,
    el("p", { id: `${id}-note`, className: "note" }, note),
  );
}

const isWhole = (dial) => dial.key === "k";

/** Return what the dial is set to, or null where it cannot be that. */
function setting(dial) {
  const value = inputOf(dial).valueAsNumber;
  const inRange = value >= dial.low && value <= dial.high;
  const fits = inRange && (!isWhole(dial) || Number.isInteger(value));
  inputOf(dial).setAttribute("aria-invalid", String(!fits));
  return fits ? value : null;
}

/** Return a number as TOML has it: a float keeps its point. */
function toml(dial, value) {
  return isWhole(dial) || !Number.isInteger(value) ? String(value) : value.toFixed(1);
}

/** Write the lines that make the dials what they are set to; what ships needs none. */
function compose() {
  const tables = new Map(); // lines by their table's name; those of no table come first
  const refused = [];
  for (const dial of dials) {
    const value = setting(dial);
    const [name, ...path] = dial.key.split(".").reverse();
    const head = path.reverse().join(".");
    if (value === null) refused.push(`# ${name} is out of its range and left out`);
    else if (value !== dial.default) {
      tables.set(head, [...(tables.get(head) ?? [head && `[${head}]`]), `${name} = ${toml(dial, value)}`]);
    }
  }
  const parts = [...tables.values()].map((lines) => lines.filter(Boolean).join("\n"));
  const nothing = "# Everything is as it ships: nothing is needed.";
  $("snippet").textContent = [...refused, ...parts].join("\n\n") || nothing;
}

/** Set every dial to its `"value"`, as it runs, or to its `"default"`, as it ships. */
export function turnAll(to) {
  for (const dial of dials) inputOf(dial).value = dial[to];
  compose();
}

export async function copy() {
  try {
    await navigator.clipboard.writeText($("snippet").textContent);
    $("status").textContent = $("copy").textContent = "Copied";
  } catch {
    getSelection().selectAllChildren($("snippet"));
    $("status").textContent = $("copy").textContent = "Selected: copy it with your keyboard";
  }
  setTimeout(() => ($("copy").textContent = "Copy"), 3000);
}
