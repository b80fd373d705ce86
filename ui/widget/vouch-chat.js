// <vouch-chat>: Vouch inside a page of another site. Modules only, no dependency, no cookie.
//
// Owns: the element, its attributes, methods and events (vouch-chat.d.ts describes them), and the
// launcher. Does not own: the panel (panel.js) and its dialog (dialog.js), loaded when first needed.
import { button, make } from "./dom.js";
import { load } from "./load.js";
import css from "./style.js";
import { wordsFor } from "./words.js";

const VERSION = 1;
const SERVER = new URL("..", import.meta.url).href;
const PARTS = ["panel.js", "frame.js", "connection.js", "style-panel.js"];
const BUBBLE = "M2.5 3.5h11v7.6H7.3L4 13.8v-2.7H2.5z";
const names = new Set(); // of the elements on this page, so that two keep two conversations

class VouchChat extends HTMLElement {
  static observedAttributes = ["lang", "mode", "site"];
  #root = this.attachShadow({ mode: "open" });
  #name = "";
  #frame = null;
  #launcher = null;
  #panel = null;
  #dialog = null;
  #loading = null;
  #built = null;
  #visitor = "";

  get site() {
    return this.getAttribute("site") ?? "";
  }

  get inline() {
    return this.getAttribute("mode") === "inline";
  }

  get isOpen() {
    return this.inline || Boolean(this.#panel?.node.open);
  }

  // Methods for the page

  async open() {
    const panel = await this.#load();
    if (!panel || this.isOpen) return;
    this.#dialog.open();
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

  /** Return what the page said of its visitor; a token counts once, a function gets fresh ones. */
  visitor() {
    const visitor = this.#visitor;
    if (typeof visitor === "string") this.#visitor = "";
    return visitor;
  }

  tell(name, detail = {}, cancelable = false) {
    const told = { version: VERSION, site: this.site, ...detail };
    const options = { bubbles: true, composed: true, cancelable, detail: told };
    return this.dispatchEvent(new CustomEvent(`vouch:${name}`, options));
  }

  unread() {
    this.#dialog?.unread();
  }

  /** Sheets made by script are no inline styles to a content policy. */
  adopt(text) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    this.#root.adoptedStyleSheets.push(sheet);
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
    this.#label();
    this.#frame = make("div", { className: "root", lang: this.words.code }, this.#launcher);
    this.#root.adoptedStyleSheets = [];
    this.adopt(css);
    this.#root.replaceChildren(this.#frame);
    this.tell("ready");
    if (this.inline || this.hasAttribute("open")) this.open();
  }

  #launch() {
    const launcher = button("", () => this.open(), { className: "launcher", mark: BUBBLE });
    const early = () => this.#load(true);
    return Object.assign(launcher, { ariaHasPopup: "dialog", onpointerenter: early, onfocus: early });
  }

  #label(text = this.getAttribute("label") || this.words.title) {
    this.#launcher?.querySelector("span").replaceChildren(text);
  }

  /** Load the panel, once; null where it cannot be had, which is said in its place. */
  async #load(early = false) {
    await this.#built;
    try {
      return await (this.#loading ??= this.#assemble());
    } catch (failure) {
      this.#loading = null;
      if (failure.kind !== "offline") throw failure;
      if (early) return null;
      const { offline, retry } = this.words;
      this.#label(offline);
      if (this.inline) this.#frame.replaceChildren(button(`${offline} ${retry}`, () => this.#build()));
      this.tell("error", { kind: "offline", message: "offline" });
      return null;
    }
  }

  async #assemble() {
    const frame = this.#frame;
    const parts = (this.inline ? PARTS : [...PARTS, "dialog.js"]).map(load);
    const [{ Panel }, { frameOf }, { Connection, shelfOf }, looks, dialog] = await Promise.all(parts);
    if (frame !== this.#frame) return this.#load(); // an attribute changed meanwhile
    const shelf = shelfOf(this.#name, this.getAttribute("storage") ?? "session");
    const connection = new Connection(this.getAttribute("server") ?? SERVER, this.site, shelf);
    const panel = new Panel(this, this.words, connection, frameOf);
    this.adopt(looks.default);
    this.#dialog = dialog && new dialog.Dialog(this, panel, this.#launcher);
    this.#label();
    frame.append(panel.node);
    if (this.#visitor === null) panel.identify(true);
    if (this.inline) panel.show();
    return (this.#panel = panel);
  }
}

if (!customElements.get("vouch-chat")) {
  customElements.define("vouch-chat", VouchChat);
  // A script tag with data-site alone puts a launcher on the page.
  const script = [...document.scripts].find(({ src, dataset }) => src === import.meta.url && dataset.site);
  if (script && !document.querySelector("vouch-chat")) {
    const element = document.createElement("vouch-chat");
    for (const { name, value } of script.attributes) {
      if (name.startsWith("data-")) element.setAttribute(name.slice(5), value);
    }
    document.body.append(element);
  }
}
