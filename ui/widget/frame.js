// The panel's frame: head, menu, log, noted wishes, message box. Owns: their nodes and their own
// behaviour. Does not own: the conversation (panel.js), whose functions are handed in.
import { button, icon, make } from "./dom.js";

const MOST_CHARACTERS = 2000;

export function frameOf(host, words, { draft, keep, say, offers, moved }) {
  const title = make("h2", { id: "title", tabIndex: -1 }, host.heading || words.title);
  const who = make("p", { className: "who", role: "status" }, words.assistant);
  const bar = menuOf(words, offers);
  const shut = { mark: "close", bare: true };
  const close = !host.inline && button(words.close, () => host.close(), shut);
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
  return { frame, title, who, hello, past, log, taste, input, form };
}

/** A button with a menu; `offers()` gives [word, icon, act] of each entry. */
function menuOf(words, offers) {
  const menu = make("div", { className: "menu", id: "menu", hidden: true });
  const toggle = button(words.menu, () => show(menu.hidden), { mark: "menu", bare: true });
  const bar = make("div", { className: "bar" }, toggle, menu);
  const show = (open) => {
    menu.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    if (!open) return;
    menu.replaceChildren(...offers().map(entry));
    menu.firstChild.focus();
  };
  const entry = ([word, mark, act]) => {
    const choose = () => {
      toggle.focus();
      show(false);
      act();
    };
    return button(words[word], choose, { mark });
  };
  toggle.setAttribute("aria-controls", "menu");
  show(false);
  bar.addEventListener("focusout", (event) => bar.contains(event.relatedTarget) || show(false));
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || menu.hidden) return;
    event.stopPropagation(); // the menu closes first, the panel next
    event.preventDefault();
    toggle.focus();
    show(false);
  });
  return bar;
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
  const form = make("form", {}, label, input, make("button", named, icon("send")));
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
