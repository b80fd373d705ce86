// The conversation: what is said, shown and pressed, and what goes wrong. Owns: the order of things.
// Does not own: the panel's frame (frame.js), a line and its answer (entry.js), cards (cards.js), the
// network (connection.js), a human in the conversation (people.js).
import { button, fill, icon, load, make } from "./dom.js";
import { frameOf } from "./frame.js";
import { EVENTS, entryOf, offer, write } from "./entry.js";

const A_WHILE = 8000;

export class Panel {
  #host;
  #words;
  #connection;
  #nodes;
  #site = null;
  #prepared = null;
  #queue = Promise.resolve();
  #titles = new Map();
  #slate = { ids: "", node: null };
  #liked = new Set();
  #turns = 0; // number of the last turn shown
  #sink; // where the next thing said goes
  #moved = false; // the person scrolls for themselves
  #told = false; // who the person is
  #people = null;
  #parts = null; // of cards.js

  constructor(host, words, connection) {
    this.#host = host;
    this.#words = words;
    this.#connection = connection;
    this.#nodes = frameOf(host, words, {
      draft: connection.draft,
      keep: (draft) => (connection.draft = draft),
      say: (text) => this.say(text),
      offers: () => this.#offers(),
      moved: () => (this.#moved = true),
    });
    this.#sink = this.#nodes.log;
  }

  get node() {
    return this.#nodes.frame;
  }

  focus() {
    const touch = matchMedia("(pointer: coarse)").matches; // or the keyboard hides half of it
    (touch ? this.#nodes.title : this.#nodes.input).focus({ preventScroll: true });
  }

  /** Read what the site is about, and bring an earlier conversation back; once. */
  prepare() {
    this.#prepared ??= this.#prepare().catch((failure) => {
      this.#prepared = null;
      throw failure;
    });
    return this.#prepared;
  }

  /** The same, with a failure shown in place. */
  show() {
    return this.#nodes.log.querySelector(".trouble") ? null : this.#try(() => this.prepare());
  }

  say(text) {
    return this.#enqueue({ message: text }, { said: text });
  }

  async press(kind, target, title, focus = null) {
    await this.prepare().catch(() => null); // the page may press first
    return this.#enqueue({ command: { kind, target } }, { kind, title, focus });
  }

  /** Begin anew, as nobody in particular until told otherwise. */
  restart() {
    this.stop();
    this.#connection.forget();
    this.#nodes.past.replaceChildren();
    this.#nodes.log.replaceChildren(this.#nodes.hello, this.#nodes.past);
    this.#titles.clear();
    this.#slate = { ids: "", node: null };
    this.#turns = 0;
    this.#told = false;
    this.#people = null;
    this.#nodes.who.className = "who";
    this.#nodes.who.textContent = this.#words.assistant;
    this.#nodes.taste.hidden = true;
  }

  /** Tell the server who this is, where there is a conversation; `nobody` ends a known person's. */
  identify(nobody) {
    this.#told = false;
    const { session } = this.#connection;
    if (nobody) return session?.known && this.restart();
    const join = () => this.#connection.session && this.#join();
    this.#queue = this.#queue.then(join).catch((failure) => this.#tell(failure, "identity"));
    return this.#queue;
  }

  askForHuman() {
    return this.#try(async () => {
      await this.prepare();
      await this.#join();
      await (await this.#staff()).ask();
    });
  }

  stop() {
    this.#people?.stop();
  }

  /** What the menu offers now: [word, icon, act]. */
  #offers() {
    const { input } = this.#nodes;
    const back = ["back", "human", () => this.#try(() => this.#people.back())];
    const human = ["human", "human", () => this.askForHuman()];
    const undo = ["undo", "undo", () => this.press("undo", "", "", input)];
    const restart = () => {
      this.restart();
      input.focus();
    };
    return [
      this.#people?.open ? back : this.#site?.people && human,
      this.#turns > 0 && undo,
      ["restart", "restart", restart],
    ].filter(Boolean);
  }

  // The conversation

  async #prepare() {
    const site = await this.#connection.about(this.#words.code);
    this.#site = site;
    const openers = this.#host.openers ?? site.openers;
    offer(this.#nodes.hello, openers.map((text) => [text, null, () => this.say(text)]));
    if (!this.#connection.session) return;
    try {
      await this.#restore(await this.#connection.read());
    } catch (failure) {
      if (failure.kind !== "gone") throw failure;
      this.#connection.forget();
      this.#notice(this.#words.ended);
    }
  }

  async #restore({ turns, profile, handover, messages, known }) {
    this.#parts ??= await load("cards.js");
    const people = handover && (await this.#staff());
    const since = (number) => {
      for (const message of messages) if (message.turn === number) people.show(message);
    };
    this.#sink = this.#nodes.past;
    since(0);
    for (const turn of turns) {
      const [, kind, target] = /^\/(\w+) ?([^]*)$/.exec(turn.acts.includes("button") ? turn.user : "") ?? [];
      const title = this.#titles.get(target) ?? target;
      const entry = this.#begin(kind ? { kind, title } : { said: turn.user });
      this.#cards(entry, turn, true);
      this.#finish(entry, turn, true);
      since(turn.turn);
    }
    this.#sink = this.#nodes.log;
    this.#profile(profile);
    people?.speaker(handover);
    this.#toEnd();
    this.#host.tell("session", { known, reason: "resumed" });
  }

  /** Make sure that there is a conversation, with the person whom the site vouches for. */
  async #join() {
    const connection = this.#connection;
    let token = "";
    if (!connection.session || !this.#told) token = await this.#host.visitorToken();
    this.#told = true;
    if (connection.session) {
      if (!token) return;
      try {
        const known = await connection.identify(token);
        this.#host.tell("session", { known, reason: "identified" });
        return;
      } catch (failure) {
        if (!failure.status) throw failure;
        if (failure.status !== 409) return this.#tell(failure, "identity");
        connection.forget(); // it was with somebody else
      }
    }
    let opened;
    try {
      opened = await connection.open(token);
    } catch (failure) {
      if (!token || failure.status !== 401) throw failure;
      this.#tell(failure, "identity");
      opened = await connection.open("");
    }
    this.#profile(opened.profile);
    this.#host.tell("session", { known: opened.known, reason: "new" });
  }

  #enqueue(body, shown) {
    const entry = this.#begin({ body, key: keyOf(), ...shown });
    const done = this.#queue.then(() => this.#attempt(entry));
    this.#queue = done.catch(() => null);
    return done;
  }

  async #attempt(entry) {
    const { log } = this.#nodes;
    entry.trouble?.remove();
    entry.dots.hidden = false;
    log.setAttribute("aria-busy", "true"); // read out once it is complete
    const late = setTimeout(() => entry.dots.append(this.#words.still), A_WHILE);
    this.#reveal(entry);
    try {
      await this.prepare();
      return await this.#converse(entry);
    } catch (failure) {
      entry.dots.hidden = true;
      if (failure.kind === "gone" && entry.body.message && !entry.again) {
        entry.again = true;
        this.#connection.forget();
        entry.node.before(this.#notice(this.#words.ended));
        return await this.#attempt(entry);
      }
      const retry = () => (this.#queue = this.#queue.then(() => this.#attempt(entry)));
      entry.trouble = this.#trouble(failure, retry);
      entry.node.append(entry.trouble);
      this.#reveal(entry);
      return null;
    } finally {
      clearTimeout(late);
      log.setAttribute("aria-busy", "false");
    }
  }

  async #converse(entry) {
    this.#parts ??= await load("cards.js");
    await this.#join();
    for await (const [name, data] of this.#connection.turn(entry.body, entry.key)) {
      if (name === "cards") this.#cards(entry, data);
      if (name === "prose") write(entry, (entry.text ?? "") + data.text);
      if (name !== "done") continue;
      if (data.delivered) {
        entry.answer.remove();
        (await this.#staff()).speaker(data.handover);
        return data;
      }
      this.#cards(entry, data);
      this.#finish(entry, data);
      if (data.handover && data.handover.state !== "offered") (await this.#staff()).speaker(data.handover);
      return data;
    }
  }

  #begin(entry) {
    const { log } = this.#nodes;
    entryOf(entry, this.#words, this.#site?.consumed);
    const held = this.#holds(log);
    for (const old of log.querySelectorAll(".options, .ask")) old.remove(); // out of date
    this.#sink.append(entry.node);
    if (held && !this.#holds(log)) entry.node.focus({ preventScroll: true });
    this.#moved = false;
    this.#reveal(entry);
    return entry;
  }

  #cards(entry, turn, restored = false) {
    const ids = turn.items.map((item) => item.item_id).join("\n");
    turn.items.forEach((item) => this.#titles.set(item.item_id, item.title));
    this.#profile(turn.profile);
    if (ids === this.#slate.ids) return this.#bring(entry, turn);
    this.#collapse(entry);
    const { action } = this.#host;
    const context = { words: this.#words, consumed: this.#site.consumed, action, liked: this.#liked };
    const act = (...pressed) => this.#act(...pressed);
    // Not read out with the reply: there is a heading to go to for each.
    const named = { "aria-live": "off", "aria-label": fill(this.#words.picks, { count: turn.items.length }) };
    const cards = turn.items.map((item) => this.#parts.card(item, context, act));
    const list = make("ol", { className: "cards", ...named }, ...cards);
    if (turn.items.length) entry.node.append(list);
    const titles = turn.items.map((item) => item.title);
    this.#slate = { ids, node: titles.length ? list : null, titles };
    if (restored) return;
    this.#reveal(entry);
    this.#host.tell("cards", { items: turn.items.map(publicItem), turn: turn.turn });
  }

  /** The same cards once more: they come along, unless the reply is about something else. */
  #bring(entry, turn) {
    const { node } = this.#slate;
    if (!node || turn.answer || turn.handover || entry.node.contains(node)) return;
    const held = this.#holds(node);
    entry.node.append(node);
    if (held) entry.node.focus({ preventScroll: true });
  }

  /** Fold the last slate: the person can still look, but the newest is what counts. */
  #collapse(entry) {
    const { node, titles } = this.#slate;
    if (!node) return;
    const text = fill(this.#words.earlier, { titles: titles.join(", ") });
    const past = make("details", { className: "past" }, make("summary", {}, icon("more"), text));
    const held = this.#holds(node);
    node.replaceWith(past);
    past.append(node);
    if (held) entry.node.focus({ preventScroll: true });
  }

  #finish(entry, turn, restored = false) {
    const words = this.#words;
    const { model, tier } = turn.llm;
    this.#turns = turn.turn;
    entry.dots.remove();
    entry.by.textContent = tier === "none" ? words.automatic : fill(words.worded, { name: model || tier });
    entry.prose.lang = turn.language;
    write(entry, turn.reply);
    const { comparison, quotes } = turn.answer ?? {};
    if (comparison) entry.answer.append(this.#parts.comparison(comparison, words.compared));
    if (quotes) entry.answer.append(...this.#parts.sources(quotes, words));
    for (const warning of turn.warnings) entry.answer.append(make("p", { className: "notice" }, warning));
    this.#next(entry, turn);
    this.#profile(turn.profile);
    if (restored) return;
    const focus = entry.focus?.closest("[hidden]") ? this.#nodes.input : entry.focus;
    focus?.focus({ preventScroll: true });
    this.#reveal(entry);
    const { kind, body } = entry;
    if (kind in EVENTS) this.#host.tell("feedback", { kind, target: body.command.target });
    const { reply: text, language } = turn;
    this.#host.tell("reply", { turn: turn.turn, text, language, items: turn.items.map(publicItem) });
  }

  /** Offer what may come next; the offers of earlier turns are out of date. */
  #next(entry, turn) {
    const words = this.#words;
    if (turn.question && !turn.reply.includes(turn.question)) {
      entry.node.append(make("p", { className: "ask", lang: turn.language, dir: "auto" }, turn.question));
    }
    const say = (text, label = text, count = null) => [label, count, () => this.say(text)];
    const choices = [
      ...turn.options.map((option) => say(option)),
      ...turn.relaxations.map((way) => {
        const drop = () => this.press("remove", way.target, way.label);
        return [fill(words.without, way), way.items, drop];
      }),
      ...turn.suggestions.map((one) => say(one.message, one.label, one.items)),
    ];
    if (turn.handover?.state === "offered") choices.push([words.human, null, () => this.askForHuman()]);
    offer(entry.node, choices, turn.question ?? "");
  }

  #act(kind, item, node, event) {
    if (kind in EVENTS) return this.press(kind, item.item_id, item.title);
    const go = this.#host.tell("action", { action: kind, item: publicItem(item) }, true);
    if (kind === "open") return go || event.preventDefault();
    if (!go) return;
    const face = node.firstChild;
    const before = face.textContent;
    face.replaceChildren(icon("check"), this.#words.done);
    setTimeout(() => face.replaceChildren(before), 2500);
    this.#announce(`${this.#words.done}: ${item.title}`);
  }

  #announce(text) {
    const line = make("p", { className: "sr" }, text);
    this.#nodes.log.append(line);
    setTimeout(() => line.remove(), 5000);
  }

  #profile({ chips: entries, likes }) {
    const { taste } = this.#nodes;
    this.#liked = new Set(likes.map((like) => like.item_id));
    const remove = (chip) => this.press("remove", chip.key, chip.label, taste.firstChild);
    taste.hidden = !entries.length;
    if (taste.hidden) return;
    taste.firstChild.replaceChildren(icon("more"), `${this.#words.taste} (${entries.length})`);
    taste.lastChild.replaceChildren(...this.#parts.chips(entries, this.#words, remove));
  }

  // Where a person reads and types

  #holds(node) {
    return node.contains(node.getRootNode().activeElement);
  }

  #reveal(entry) {
    const { log } = this.#nodes;
    if (this.#moved || this.#sink !== log) return;
    log.scrollTop = entry.node.offsetTop - 12;
  }

  #toEnd() {
    this.#nodes.log.scrollTo({ top: this.#nodes.log.scrollHeight, behavior: "instant" });
  }

  async #staff() {
    if (this.#people) return this.#people;
    const { People } = await load("people.js");
    this.#people = new People(this.#host, this.#words, this.#connection, {
      who: this.#nodes.who,
      notice: (text) => this.#notice(text),
      said: (text) => this.#begin({ said: text }).answer.remove(),
      add: (node) => this.#sink.append(node),
      toEnd: () => this.#toEnd(),
    });
    return this.#people;
  }

  #notice(text) {
    const line = make("p", { className: "notice" }, text);
    this.#sink.append(line);
    return line;
  }

  // What goes wrong

  /** Do what may fail; a failure is shown at the end, with a button that tries again. */
  async #try(act) {
    try {
      await act();
    } catch (failure) {
      this.#nodes.log.append(this.#trouble(failure, () => this.#try(act)));
      this.#toEnd();
    }
  }

  #tell(failure, kind = failure.kind) {
    if (!kind) throw failure; // a mistake of ours
    this.#host.tell("error", { kind, message: failure.message });
  }

  #trouble(failure, retry) {
    this.#tell(failure);
    const words = this.#words;
    const { kind, seconds } = failure;
    const text = fill(words[kind === "gone" ? "ended" : kind], { seconds, detail: failure.message });
    const again = button(words.retry, () => {
      line.remove();
      retry();
    });
    const refused = kind === "refused";
    const shown = [make("span", {}, text), !refused && again];
    const line = make("div", { className: "trouble", role: "alert" }, ...shown);
    this.#nodes.form.hidden = refused;
    again.disabled = seconds > 0;
    setTimeout(() => (again.disabled = false), seconds * 1000);
    return line;
  }
}

/** What the page learns of an item: what a card shows, and nothing of the person. */
function publicItem({ item_id, title, year, url, image, facts, summary, reasons }) {
  return { item_id, title, year, url, image, facts, summary, reasons };
}

function keyOf() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
}
