// The panel: what is said, in what order it is answered, and what goes wrong. Owns: the queue of turns.
// Does not own: its nodes (frame.js), the network (connection.js), an answer (talk.js), which is
// loaded at the first sign of a person.
import { button, fill, make, offer, unseen } from "./dom.js";
import { load, once } from "./load.js";

const A_WHILE = 8000;
const TALK = ["talk.js", "session.js", "slate.js", "cards.js", "menu.js"];

export class Panel {
  site = null; // what it is about
  sink; // where the next thing said goes
  moved = false; // the person scrolls for themselves
  #talk = null; // once it is loaded
  #queue = Promise.resolve();

  constructor(host, words, connection, frameOf) {
    Object.assign(this, { host, words, connection });
    this.nodes = frameOf(host, words, {
      draft: connection.draft,
      keep: (draft) => (connection.draft = draft),
      say: (text) => this.say(text),
      menu: () => this.safely(async () => (await this.talk()).menu()),
      moved: () => (this.moved = true),
    });
    this.sink = this.nodes.log;
    const early = () => this.talk().catch(() => null); // it is said once it is missed
    for (const sign of ["pointerover", "focusin"]) this.node.addEventListener(sign, early, { once: true });
  }

  get node() {
    return this.nodes.frame;
  }

  /** Read what the site is about, and bring an earlier conversation back. */
  prepare = once(async () => {
    const about = this.connection.json(`site?language=${this.words.code}`);
    const kept = this.connection.session && this.talk();
    const [site, talk] = await Promise.all([about, kept]);
    this.site = site;
    const openers = this.host.getAttribute("openers")?.split("|").filter(Boolean) ?? site.openers;
    offer(this.nodes.hello, openers.map((text) => [text, () => this.say(text)]));
    if (this.connection.session) await talk?.restore();
  });

  /** Load what an answer needs. */
  talk = once(async () => {
    const all = ["style-talk.js", `locales/talk/${this.words.code}.js`, ...TALK].map(load);
    const [looks, words, { Talk }, ...parts] = await Promise.all(all);
    this.host.adopt(looks.default);
    Object.assign(this.words, words.default);
    return (this.#talk = new Talk(this, Object.assign({}, ...parts)));
  });

  /** Prepare, with a failure shown in place. */
  show() {
    return this.nodes.log.querySelector(".trouble") ? null : this.safely(() => this.prepare());
  }

  say(text) {
    return this.take({ body: { message: text }, said: text });
  }

  press(kind, target, title) {
    return this.safely(async () => (await this.talk()).press(kind, target, title));
  }

  /** Begin anew, as nobody in particular until told otherwise. */
  restart() {
    const { log, hello, past } = this.nodes;
    this.connection.session = null;
    past.replaceChildren();
    log.replaceChildren(hello, past);
    this.#talk?.restart();
  }

  /** Tell the server who this is, where there is a conversation; `nobody` ends a known person's. */
  identify(nobody) {
    const { session } = this.connection;
    if (this.#talk) this.#talk.told = false;
    if (nobody) return session?.known && this.restart();
    const join = async () => this.connection.session && (await this.talk()).join();
    this.#queue = this.#queue.then(join).catch((failure) => this.tell(failure, "identity"));
    return this.#queue;
  }

  askForHuman() {
    return this.safely(async () => (await this.talk()).askForHuman());
  }

  stop() {
    this.#talk?.stop();
  }

  // The turns

  /** Take a turn when those before it are done; `entry` is {body, said or line}. */
  take(entry) {
    this.begin(entry);
    const done = this.#queue.then(() => this.#attempt(entry));
    this.#queue = done.catch(() => null);
    return done;
  }

  /** Show what was said or pressed, with a place for the answer. */
  begin(entry) {
    const { log } = this.nodes;
    const { looking, you } = this.words;
    const said = () => make("p", { className: "said", dir: "auto" }, unseen(`${you} `), entry.said);
    entry.dots = make("div", { className: "dots" }, unseen(looking), make("i"), make("i"), make("i"));
    entry.answer = make("div", { className: "answer" }, entry.dots);
    entry.node = make("div", { className: "turn", tabIndex: -1 }, entry.line ?? said(), entry.answer);
    const held = this.holds(log);
    for (const old of log.querySelectorAll(".options, .ask")) old.remove(); // out of date
    this.sink.append(entry.node);
    if (held && !this.holds(log)) entry.node.focus({ preventScroll: true });
    this.moved = false;
    this.reveal(entry);
    return entry;
  }

  async #attempt(entry) {
    const { log } = this.nodes;
    entry.trouble?.remove();
    entry.dots.hidden = false;
    log.setAttribute("aria-busy", "true"); // read out once it is complete
    const late = setTimeout(() => entry.dots.append(this.words.still), A_WHILE);
    this.reveal(entry);
    try {
      const [talk] = await Promise.all([this.talk(), this.prepare()]);
      return await talk.answer(entry);
    } catch (failure) {
      entry.dots.hidden = true;
      const retry = () => (this.#queue = this.#queue.then(() => this.#attempt(entry)));
      entry.trouble = this.#trouble(failure, retry);
      entry.node.append(entry.trouble);
      this.reveal(entry);
      return null;
    } finally {
      clearTimeout(late);
      log.setAttribute("aria-busy", "false");
    }
  }

  notice(text) {
    const line = make("p", { className: "notice" }, text);
    this.sink.append(line);
    return line;
  }

  // Where a person reads and types

  holds(node) {
    return node.contains(node.getRootNode().activeElement);
  }

  reveal({ node }) {
    if (!this.moved && this.sink === this.nodes.log) this.sink.scrollTop = node.offsetTop - 12;
  }

  toEnd() {
    this.nodes.log.scrollTo({ top: this.nodes.log.scrollHeight, behavior: "instant" });
  }

  // What goes wrong

  /** Do what may fail; a failure is shown at the end, with a button that tries again. */
  async safely(act) {
    try {
      await act();
    } catch (failure) {
      this.nodes.log.append(this.#trouble(failure, () => this.safely(act)));
      this.toEnd();
    }
  }

  tell(failure, kind = failure.kind) {
    if (!kind) throw failure; // a mistake of ours
    this.host.tell("error", { kind, message: failure.message });
  }

  #trouble(failure, retry) {
    this.tell(failure);
    const { words } = this;
    const { kind, seconds, message: detail } = failure;
    const refused = kind === "refused";
    const again = button(words.retry, () => {
      line.remove();
      retry();
    });
    const text = fill(words[kind === "gone" ? "ended" : kind], { seconds, detail });
    const line = make("div", { className: "trouble", role: "alert" }, make("span", {}, text), !refused && again);
    this.nodes.form.hidden = refused;
    again.disabled = seconds > 0;
    setTimeout(() => (again.disabled = false), seconds * 1000);
    return line;
  }
}
