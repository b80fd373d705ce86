// One line of the conversation with its answer. Owns: their nodes. Does not own: when they change
// (panel.js), or cards (cards.js).
import { fill, icon, make } from "./dom.js";

/** What was pressed, and the word that tells of it. */
export const EVENTS = { like: "liked", dislike: "disliked", seen: "had", remove: "removed", undo: "undone" };

/** Give `entry` its nodes: what was said or pressed, and a place for the answer. */
export function entryOf(entry, words, consumed) {
  const hidden = (text) => make("span", { className: "sr" }, text);
  const beats = [make("i"), make("i"), make("i")];
  entry.dots = make("div", { className: "dots" }, hidden(words.looking), ...beats);
  entry.by = make("p", { className: "by" });
  entry.prose = make("div", { dir: "auto" });
  entry.answer = make("div", { className: "answer" }, entry.by, entry.prose, entry.dots);
  const { said, kind, title } = entry;
  const event = fill(words[EVENTS[kind]] ?? kind ?? "", { title, consumed });
  const line = said
    ? make("p", { className: "said", dir: "auto" }, hidden(`${words.you} `), said)
    : make("p", { className: "event" }, kind in EVENTS && kind !== "remove" && icon(kind), event);
  entry.node = make("div", { className: "turn", tabIndex: -1 }, line, entry.answer);
}

/** Show `text` as the answer's prose so far. */
export function write(entry, text) {
  const lines = text.split("\n").filter((line) => line.trim());
  entry.text = text;
  entry.dots.hidden = lines.length > 0;
  entry.prose.replaceChildren(...lines.map((line) => make("p", {}, line)));
}

/** Buttons for what may come next; `choices` are [label, count or null, press]. */
export function offer(node, choices, label = "") {
  node.querySelector(".options")?.remove();
  if (!choices.length) return;
  const list = choices.map(([text, count, onclick]) => {
    const gain = count !== null && make("b", {}, `(${count})`);
    return make("li", {}, make("button", { type: "button", dir: "auto", onclick }, text, gain));
  });
  const named = label && { "aria-label": label };
  node.append(make("ul", { className: "options", ...named }, ...list));
}
