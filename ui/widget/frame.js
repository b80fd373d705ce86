// The panel's frame: head, log, noted wishes, message box. Owns: their nodes and their own
// behaviour. Does not own: the conversation (panel.js), whose functions are handed in.
import { button, icon, make } from "./dom.js";

const MOST_CHARACTERS = 2000;
const DOTS = "M3 8h.01M8 8h.01M13 8h.01";
const CROSS = "m3.5 3.5 9 9m0-9-9 9";
const ARROW = "M8 13.5v-11M3.5 7 8 2.5 12.5 7";

export function frameOf(host, words, { draft, keep, say, menu, moved }) {
  const title = make("h2", { id: "title", tabIndex: -1 }, host.getAttribute("heading") || words.title);
  const who = make("p", { className: "who", role: "status" }, words.assistant);
  const more = button(words.menu, menu, { mark: DOTS, bare: true });
  more.setAttribute("aria-expanded", "false");
  more.setAttribute("aria-controls", "menu");
  const list = make("div", { className: "menu", id: "menu", hidden: true });
  const bar = make("div", { className: "bar" }, more, list); // menu.js fills it
  const close = !host.inline && button(words.close, () => host.close(), { mark: CROSS, bare: true });
  const hello = make("div", { className: "hello" }, make("p", {}, words.greeting));
  const past = make("div"); // what was said on earlier pages comes before what is being said
  const named = { role: "log", tabIndex: 0, "aria-label": words.log };
  const log = make("div", { className: "log", ...named }, hello, past);
  for (const moves of ["wheel", "touchmove"]) log.addEventListener(moves, moved, { passive: true });
  const taste = make("details", { className: "taste", hidden: true }, make("summary"), make("ul"));
  const { form, input } = composerOf(words, draft, keep, say);
  const top = make("div", { className: "top" }, make("div", {}, title, who), bar, close);
  const tag = host.inline ? "section" : "dialog";
  const labelled = { className: "panel", "aria-labelledby": "title" };
  const frame = make(tag, labelled, top, log, taste, form);
  for (const type of ["keydown", "keypress", "keyup"]) {
    // The page's own shortcuts are not for what is typed in here.
    frame.addEventListener(type, (event) => event.stopPropagation());
  }
  return { frame, title, who, bar, hello, past, log, taste, input, form };
}

/** The message box: Enter sends, Shift+Enter begins a line, and what is typed is kept. */
function composerOf(words, draft, keep, say) {
  const input = make("textarea", {
    id: "input",
    rows: 1,
    maxLength: MOST_CHARACTERS,
    placeholder: `${words.message}…`,
    value: draft,
    enterKeyHint: "send",
  });
  const label = make("label", { className: "sr", htmlFor: "input" }, words.message);
  const named = { className: "send", "aria-label": words.send, title: words.send };
  const form = make("form", {}, label, input, make("button", named, icon(ARROW)));
  const changed = () => {
    keep(input.value);
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 2}px`;
  };
  const submit = (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    say(text);
    input.value = "";
    changed();
  };
  form.addEventListener("submit", submit);
  input.addEventListener("input", changed);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  });
  return { form, input };
}
