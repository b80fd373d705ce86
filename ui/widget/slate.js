// What a turn's answer shows, and what of earlier answers stays. Owns: cards and their slate, prose,
// noted wishes, offers. Does not own: the nodes of a card and the like (cards.js).
import { fill, make, offer } from "./dom.js";

/** What was pressed, and the word that tells of it. */
const EVENTS = { like: "liked", dislike: "disliked", seen: "had", remove: "removed", undo: "undone" };
const NOTHING = { ids: "", node: null };

export class Slate {
  #panel;
  #talk;
  #words;
  #draw; // by cards.js
  #titles = new Map();
  #slate = NOTHING;
  #liked = new Set();

  constructor(panel, talk, parts) {
    this.#panel = panel;
    this.#talk = talk;
    this.#words = panel.words;
    this.#draw = parts;
  }

  clear() {
    this.#titles.clear();
    this.#slate = NOTHING;
  }

  /** A line that tells what was pressed. */
  pressed(kind, title) {
    const text = fill(this.#words[EVENTS[kind]] ?? kind, { title, consumed: this.#panel.site?.consumed });
    return this.#draw.event(kind, text);
  }

  /** Show a turn of an earlier page. */
  restore(turn) {
    const [, kind, target] = /^\/(\w+) ?([^]*)$/.exec(turn.acts.includes("button") ? turn.user : "") ?? [];
    const line = kind && this.pressed(kind, this.#titles.get(target) ?? target);
    const entry = this.#panel.begin({ said: turn.user, line });
    this.cards(entry, turn, true);
    this.finish(entry, turn, true);
  }

  cards(entry, turn, restored = false) {
    const { items } = turn;
    const ids = items.map((item) => item.item_id).join("\n");
    for (const { item_id, title } of items) this.#titles.set(item_id, title);
    this.profile(turn.profile);
    if (ids === this.#slate.ids) return this.#bring(entry, turn);
    this.#collapse(entry);
    const act = (...pressed) => this.#act(...pressed);
    const context = { words: this.#words, consumed: this.#panel.site.consumed, liked: this.#liked };
    const action = this.#draw.actionOf(this.#panel.host);
    const cards = items.map((item) => this.#draw.card(item, { ...context, action }, act));
    // Not read out with the reply: there is a heading to go to for each.
    const named = { "aria-live": "off", "aria-label": fill(this.#words.picks, { count: items.length }) };
    const node = items.length ? make("ol", { className: "cards", ...named }, ...cards) : null;
    if (node) entry.node.append(node);
    this.#slate = { ids, node, titles: items.map((item) => item.title) };
    if (restored) return;
    this.#panel.reveal(entry);
    this.#panel.host.tell("cards", { items: items.map(publicItem), turn: turn.turn });
  }

  /** The same cards once more: they come along, unless the reply is about something else. */
  #bring(entry, turn) {
    const { node } = this.#slate;
    if (!node || turn.answer || turn.handover || entry.node.contains(node)) return;
    const held = this.#panel.holds(node);
    entry.node.append(node);
    if (held) entry.node.focus({ preventScroll: true });
  }

  /** Fold the last slate: the person can still look, but the newest is what counts. */
  #collapse(entry) {
    const { node, titles } = this.#slate;
    if (!node) return;
    const held = this.#panel.holds(node);
    this.#draw.fold(node, fill(this.#words.earlier, { titles: titles.join(", ") }));
    if (held) entry.node.focus({ preventScroll: true });
  }

  /** Show `text` as the answer's prose so far. */
  write(entry, text) {
    entry.by ??= make("p", { className: "by" });
    entry.prose ??= make("div", { dir: "auto" });
    if (!entry.prose.parentNode) entry.answer.prepend(entry.by, entry.prose);
    const lines = text.split("\n").filter((line) => line.trim());
    entry.text = text;
    entry.dots.hidden = lines.length > 0;
    entry.prose.replaceChildren(...lines.map((line) => make("p", {}, line)));
  }

  finish(entry, turn, restored = false) {
    const words = this.#words;
    const { model, tier } = turn.llm;
    this.write(entry, turn.reply);
    entry.dots.remove();
    entry.by.textContent = tier === "none" ? words.automatic : fill(words.worded, { name: model || tier });
    entry.prose.lang = turn.language;
    const { comparison, quotes } = turn.answer ?? {};
    if (comparison) entry.answer.append(this.#draw.comparison(comparison, words.compared));
    if (quotes) entry.answer.append(...this.#draw.sources(quotes, words));
    for (const warning of turn.warnings) entry.answer.append(make("p", { className: "notice" }, warning));
    this.#next(entry, turn);
    this.profile(turn.profile);
    if (!restored) this.#finished(entry, turn);
  }

  #finished(entry, { turn, reply: text, language, items }) {
    const { host, nodes } = this.#panel;
    const focus = entry.focus?.closest("[hidden]") ? nodes.input : entry.focus;
    focus?.focus({ preventScroll: true });
    this.#panel.reveal(entry);
    const { kind, body } = entry;
    if (kind in EVENTS) host.tell("feedback", { kind, target: body.command.target });
    host.tell("reply", { turn, text, language, items: items.map(publicItem) });
  }

  /** Offer what may come next; the offers of earlier turns are out of date. */
  #next(entry, turn) {
    const { human, without } = this.#words;
    if (turn.question && !turn.reply.includes(turn.question)) {
      entry.node.append(make("p", { className: "ask", lang: turn.language, dir: "auto" }, turn.question));
    }
    const say = (text, label = text, count = null) => [label, () => this.#panel.say(text), count];
    const choices = [
      ...turn.options.map((option) => say(option)),
      ...turn.relaxations.map((way) => {
        const drop = () => this.#talk.press("remove", way.target, way.label);
        return [fill(without, way), drop, way.items];
      }),
      ...turn.suggestions.map((one) => say(one.message, one.label, one.items)),
    ];
    if (turn.handover?.state === "offered") choices.push([human, () => this.#panel.askForHuman()]);
    offer(entry.node, choices, turn.question ?? "");
  }

  #act(kind, item, node, event) {
    if (kind in EVENTS) return this.#talk.press(kind, item.item_id, item.title);
    const go = this.#panel.host.tell("action", { action: kind, item: publicItem(item) }, true);
    if (kind === "open") return go || event.preventDefault();
    if (!go) return;
    const { done } = this.#words;
    this.#draw.confirm(node.firstChild, done);
    const line = make("p", { className: "sr" }, `${done}: ${item.title}`);
    this.#panel.nodes.log.append(line);
    setTimeout(() => line.remove(), 5000);
  }

  /** Show what is noted of the person. */
  profile({ chips, likes }) {
    const { taste } = this.#panel.nodes;
    const [summary, list] = taste.children;
    this.#liked = new Set(likes.map((like) => like.item_id));
    const remove = (chip) => this.#talk.press("remove", chip.key, chip.label, summary);
    taste.hidden = !chips.length;
    if (taste.hidden) return;
    this.#draw.head(summary, `${this.#words.taste} (${chips.length})`);
    list.replaceChildren(...this.#draw.chips(chips, this.#words, remove));
  }
}

/** What the page learns of an item: what a card shows, and nothing of the person. */
function publicItem({ item_id, title, year, url, image, facts, summary, reasons }) {
  return { item_id, title, year, url, image, facts, summary, reasons };
}
