// The panel over the page, as a launcher opens it. Owns: opening and closing, and the launcher
// meanwhile. Does not own: what is in the panel (frame.js).
import { fill, make } from "./dom.js";

const PHONE = "(max-width: 560px), (max-height: 420px)";

const LOOKS = `
dialog { margin: 0; padding: 0; max-width: none; max-height: none; }
dialog[open] {
  position: fixed;
  z-index: var(--vouch-z, 2147483000);
  inset: auto var(--vouch-offset, 20px) var(--vouch-offset, 20px) auto;
  inset-inline: auto var(--vouch-offset, 20px);
  display: flex;
  width: min(var(--vouch-width, 400px), 100vw - 40px);
  height: min(var(--vouch-height, 680px), 100dvh - 40px);
  box-shadow: 0 4px 14px rgb(0 0 0 / 12%), 0 24px 60px -16px rgb(0 0 0 / 38%);
}
dialog:modal { inset: 0; width: 100%; max-width: 100%; height: 100dvh; border: 0; border-radius: 0; }
dialog::backdrop { background: none; }
:host([position="start"]) dialog:not(:modal) { inset-inline: var(--vouch-offset, 20px) auto; }
@media (prefers-reduced-motion: no-preference) {
  dialog[open]:not(:modal) { animation: rise .18s ease-out; }
}
`;

export class Dialog {
  #host;
  #node;
  #nodes;
  #launcher;
  #waiting = 0;

  constructor(host, { node, nodes }, launcher) {
    this.#host = host;
    this.#node = node;
    this.#nodes = nodes;
    this.#launcher = launcher;
    host.adopt(LOOKS);
    node.addEventListener("close", () => this.#closed());
    node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) node.close();
    });
    visualViewport?.addEventListener("resize", () => this.#fit());
  }

  /** A dialog of the browser's own: on a phone it is modal, keeps the focus and closes on Escape. */
  open() {
    if (matchMedia(PHONE).matches) this.#node.showModal();
    else this.#node.show();
    this.#launcher.hidden = true;
    this.#launcher.querySelector(".dot")?.remove();
    this.#waiting = 0;
    const touch = matchMedia("(pointer: coarse)").matches; // or the keyboard hides half of it
    this.#nodes[touch ? "title" : "input"].focus({ preventScroll: true });
  }

  /** Count what came while nobody looked. */
  unread() {
    if (this.#node.open) return;
    this.#waiting += 1;
    this.#launcher.querySelector(".dot")?.remove();
    const label = fill(this.#host.words.unread, { count: this.#waiting });
    this.#launcher.append(make("span", { className: "dot", role: "img", "aria-label": label }));
  }

  /** On a phone, leave the keyboard its room. */
  #fit() {
    const { style } = this.#node;
    const full = this.#node.matches(":modal") && visualViewport.scale === 1;
    style.height = full ? `${visualViewport.height}px` : "";
    style.insetBlockStart = full ? `${visualViewport.offsetTop}px` : "";
  }

  #closed() {
    this.#launcher.hidden = false;
    this.#launcher.focus();
    this.#host.tell("close");
  }
}
