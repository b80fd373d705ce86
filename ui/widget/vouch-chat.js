// <vouch-chat>: Vouch inside a page of another site. Modules only, no dependency, no cookie.
//
// Owns: the element, its attributes, methods and events (vouch-chat.d.ts describes them), and the
// launcher. Does not own: the conversation (panel.js), which is loaded when first needed.
import { button, fill, load, make } from "./dom.js";
import english from "./locales/en.js";
import css from "./style.js";

const VERSION = 1;
const SERVER = new URL("..", import.meta.url).href;
const LOCALES = ["en", "zh", "es", "de", "fr"];
const PHONE = "(max-width: 560px), (max-height: 420px)";
const names = new Set(); // of the elements on this page, so that two keep two conversations

class VouchChat extends HTMLElement {
  static observedAttributes = ["lang", "mode", "site"];
  #root = this.attachShadow({ mode: "open" });
  #name = "";
  #frame = null;
  #launcher = null;
  #panel = null;
  #loading = null;
  #built = null;
  #visitor = "";
  #waiting = 0;

  // Attributes

  get site() {
    return this.getAttribute("site") ?? "";
  }

  get inline() {
    return this.getAttribute("mode") === "inline";
  }

  get heading() {
    return this.getAttribute("heading");
  }

  get openers() {
    return this.getAttribute("openers")?.split("|").filter(Boolean);
  }

  get action() {
    const kind = this.getAttribute("action");
    const label = this.getAttribute("action-label");
    return { kind: ["cart", "none"].includes(kind) ? kind : "open", label };
  }

  get isOpen() {
    return this.inline || Boolean(this.#panel?.node.open);
  }

  // Methods for the page

  async open() {
    const panel = await this.#load();
    if (!panel || this.isOpen) return;
    // A dialog of the browser's own: on a phone it is modal, keeps the focus and closes on Escape.
    if (matchMedia(PHONE).matches) panel.node.showModal();
    else panel.node.show();
    this.#launcher.hidden = true;
    this.unread(true);
    panel.focus();
    this.tell("open");
    await panel.show();
  }

  async close() {
    await this.#built;
    if (!this.inline && this.isOpen) this.#panel.node.close();
  }

  async ask(text) {
    await this.open();
    const turn = await this.#panel?.say(String(text).slice(0, 2000));
    return turn ? { text: turn.reply ?? "", items: turn.items ?? [] } : null;
  }

  async feedback(itemId, kind, title = itemId) {
    if (!["like", "dislike", "seen"].includes(kind)) throw new TypeError(`not a kind of feedback: ${kind}`);
    await (await this.#load())?.press(kind, String(itemId), title);
  }

  async identify(token) {
    await this.#built;
    this.#visitor = token ?? null;
    await this.#panel?.identify(!token);
  }

  async restart() {
    (await this.#load())?.restart();
  }

  async handover() {
    await this.open();
    await this.#panel?.askForHuman();
  }

  // For the panel

  /** Return a token of the site's server; it counts once, so a function is asked for a fresh one. */
  async visitorToken() {
    const visitor = this.#visitor;
    if (typeof visitor === "string") this.#visitor = "";
    try {
      return String((typeof visitor === "function" ? await visitor() : visitor) ?? "");
    } catch (error) {
      this.tell("error", { kind: "identity", message: String(error) });
      return "";
    }
  }

  tell(name, detail = {}, cancelable = false) {
    const told = { version: VERSION, site: this.site, ...detail };
    const options = { bubbles: true, composed: true, cancelable, detail: told };
    return this.dispatchEvent(new CustomEvent(`vouch:${name}`, options));
  }

  /** Count what came while nobody looked. */
  unread(none = false) {
    this.#waiting = none || this.isOpen ? 0 : this.#waiting + 1;
    this.#launcher?.querySelector(".dot")?.remove();
    if (!this.#waiting) return;
    const label = fill(this.words.unread, { count: this.#waiting });
    this.#launcher?.append(make("span", { className: "dot", role: "img", "aria-label": label }));
  }

  // Life in the page

  connectedCallback() {
    this.#built = this.#build();
  }

  disconnectedCallback() {
    this.#panel?.stop();
    names.delete(this.#name);
  }

  attributeChangedCallback(_, before, after) {
    if (this.#built && before !== after) this.#built = this.#built.then(() => this.#build());
  }

  async #build() {
    this.words = await wordsFor(this);
    this.#panel?.stop();
    this.#panel = this.#loading = null;
    names.delete(this.#name);
    const base = `vouch ${this.getAttribute("server") ?? SERVER} ${this.site} ${this.id}`.trim();
    this.#name = base;
    for (let number = 2; names.has(this.#name); number++) this.#name = `${base} ${number}`;
    names.add(this.#name);
    if (this.#visitor === "") this.#visitor = this.getAttribute("visitor-token") ?? "";
    this.removeAttribute("visitor-token"); // it counts once
    this.#launcher = this.inline ? null : this.#launch();
    this.#frame = make("div", { className: "root", lang: this.words.code }, this.#launcher);
    this.#adopt(css);
    this.#root.replaceChildren(this.#frame);
    this.tell("ready");
    if (this.inline || this.hasAttribute("open")) this.open();
  }

  #launch() {
    const label = this.getAttribute("label") || this.words.title;
    const launcher = button(label, () => this.open(), { className: "launcher", mark: "chat" });
    launcher.setAttribute("aria-haspopup", "dialog");
    launcher.onpointerenter = launcher.onfocus = () => this.#load(true);
    return launcher;
  }

  /** Load the panel, once; null where it cannot be had, which the launcher says. */
  async #load(early = false) {
    await this.#built;
    try {
      return await (this.#loading ??= this.#assemble());
    } catch (failure) {
      this.#loading = null;
      if (failure.kind !== "offline") throw failure;
      if (early) return null;
      this.#launcher?.querySelector("span").replaceChildren(this.words.offline);
      this.tell("error", { kind: "offline", message: "offline" });
      return null;
    }
  }

  async #assemble() {
    const parts = ["panel.js", "connection.js", "style-panel.js"].map(load);
    const [{ Panel }, { Connection, shelfOf }, looks] = await Promise.all(parts);
    const shelf = shelfOf(this.#name, this.getAttribute("storage") ?? "session");
    const connection = new Connection(this.getAttribute("server") ?? SERVER, this.site, shelf);
    const panel = new Panel(this, this.words, connection);
    panel.node.addEventListener("close", () => this.#closed());
    panel.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.close();
    });
    for (const type of ["keydown", "keypress", "keyup"]) {
      // The page's own shortcuts are not for what is typed in here.
      panel.node.addEventListener(type, (event) => event.stopPropagation());
    }
    visualViewport?.addEventListener("resize", () => this.#fit());
    this.#adopt(css + looks.default);
    this.#frame.append(panel.node);
    if (this.#visitor === null) panel.identify(true);
    if (this.inline) panel.show();
    return (this.#panel = panel);
  }

  /** Sheets made by script are no inline styles to a content policy. */
  #adopt(text) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    this.#root.adoptedStyleSheets = [sheet];
  }

  /** On a phone, leave the keyboard its room. */
  #fit() {
    const { style } = this.#panel.node;
    const full = this.#panel.node.matches(":modal") && visualViewport.scale === 1;
    style.height = full ? `${visualViewport.height}px` : "";
    style.insetBlockStart = full ? `${visualViewport.offsetTop}px` : "";
  }

  #closed() {
    this.#launcher.hidden = false;
    this.#launcher.focus();
    this.tell("close");
  }
}

/** The words of the element's language, the page's or the browser's; English for all others. */
async function wordsFor(element) {
  const asked = [element.lang, element.closest("[lang]")?.lang, ...navigator.languages];
  const codes = asked.map((language) => language?.slice(0, 2).toLowerCase());
  const code = codes.find((language) => LOCALES.includes(language)) ?? "en";
  const locale = code === "en" ? null : await load(`locales/${code}.js`).catch(() => null);
  return locale ? { ...english, ...locale.default, code } : { ...english, code: "en" };
}

if (!customElements.get("vouch-chat")) {
  customElements.define("vouch-chat", VouchChat);
  // A script tag with data-site alone puts a launcher on the page.
  const script = [...document.scripts].find(({ src, dataset }) => src === import.meta.url && dataset.site);
  if (script && !document.querySelector("vouch-chat")) {
    const element = document.createElement("vouch-chat");
    for (const [name, value] of Object.entries(script.dataset)) {
      element.setAttribute(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), value);
    }
    document.body.append(element);
  }
}
