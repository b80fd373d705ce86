// The panel's menu. Owns: its entries' nodes, keyboard and focus. Does not own: what they do.
import { button } from "./dom.js";

const HUMAN = "M8 7.6a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2M2.8 13.6c.5-2.6 2.5-3.9 5.2-3.9s4.7 1.3 5.2 3.9";
const MARKS = {
  human: HUMAN,
  back: HUMAN,
  undo: "M3 6.5h6.2a3.6 3.6 0 0 1 0 7.2H6M3 6.5l3-3m-3 3 3 3",
  restart: "M13 8a5 5 0 1 1-1.6-3.7M13 2.2v2.6h-2.6",
};

/** Make `bar` (button, list) a menu; returns what opens or closes it. `offers()` gives [word, act]s. */
export function menuOf(bar, words, offers) {
  const [toggle, list] = bar.children;
  const show = (open) => {
    list.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    if (!open) return;
    list.replaceChildren(...offers().map(entry));
    list.firstChild.focus();
  };
  const entry = ([word, act]) => {
    const choose = () => {
      toggle.focus();
      show(false);
      act();
    };
    return button(words[word], choose, { mark: MARKS[word] });
  };
  bar.addEventListener("focusout", (event) => bar.contains(event.relatedTarget) || show(false));
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.stopPropagation(); // the menu closes first, the panel next
    event.preventDefault();
    toggle.focus();
    show(false);
  });
  return () => show(list.hidden);
}
