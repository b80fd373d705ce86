// A conversation under way. Owns: its session, what is pressed, the order of an answer, who takes
// part. Does not own: the queue and what goes wrong (panel.js), what an answer shows (slate.js).
import { load } from "./load.js";

export class Talk {
  told = false; // who the person is
  turns = 0; // number of the last turn shown
  #panel;
  #parts;
  #slate;
  #people = null;

  /** `parts` are the functions of the modules that are loaded along. */
  constructor(panel, parts) {
    this.#panel = panel;
    this.#parts = parts;
    this.#slate = new parts.Slate(panel, this, parts);
    this.menu = parts.menuOf(panel.nodes.bar, panel.words, () => this.#offers());
  }

  async press(kind, target, title, focus = null) {
    await this.#panel.prepare().catch(() => null); // the page may press first
    const line = this.#slate.pressed(kind, title);
    return this.#panel.take({ body: { command: { kind, target } }, line, kind, focus });
  }

  restart() {
    const { who, taste } = this.#panel.nodes;
    this.stop();
    this.#people = null;
    this.told = false;
    this.turns = 0;
    this.#slate.clear();
    who.className = "who";
    who.textContent = this.#panel.words.assistant;
    taste.hidden = true;
  }

  stop() {
    this.#people?.stop();
  }

  /** What the menu offers now: [word, act]. */
  #offers() {
    const { input } = this.#panel.nodes;
    const restart = () => {
      this.#panel.restart();
      input.focus();
    };
    const back = ["back", () => this.#panel.safely(() => this.#people.back())];
    const human = this.#panel.site?.people && ["human", () => this.#panel.askForHuman()];
    const undo = this.turns > 0 && ["undo", () => this.press("undo", "", "", input)];
    return [this.#people?.open ? back : human, undo, ["restart", restart]].filter(Boolean);
  }

  async askForHuman() {
    await this.#panel.prepare();
    await this.join();
    await (await this.#staff()).ask();
  }

  async #staff() {
    if (this.#people) return this.#people;
    const { People } = await load("people.js");
    return (this.#people ??= new People(this.#panel));
  }

  // The session

  /** Make sure that there is a session, with the person whom the site vouches for. */
  async join() {
    const { connection } = this.#panel;
    const token = connection.session && this.told ? "" : await this.#token();
    this.told = true;
    if (connection.session && !token) return;
    if (connection.session && (await this.#identify(token))) return;
    await this.#open(token);
  }

  /** A token by which the site's server vouches for the visitor, or "". */
  async #token() {
    const { host } = this.#panel;
    try {
      const visitor = host.visitor();
      return String((typeof visitor === "function" ? await visitor() : visitor) ?? "");
    } catch (error) {
      host.tell("error", { kind: "identity", message: String(error) });
      return "";
    }
  }

  /** Say whose the session is; false where it was with somebody else. */
  async #identify(token) {
    const { connection, host } = this.#panel;
    try {
      const known = await this.#parts.identify(connection, token);
      host.tell("session", { known, reason: "identified" });
    } catch (failure) {
      if (!failure.status) throw failure;
      if (failure.status === 409) return false;
      this.#panel.tell(failure, "identity");
    }
    return true;
  }

  async #open(token) {
    const { connection, host } = this.#panel;
    const { openSession } = this.#parts;
    const opened = await openSession(connection, token).catch((failure) => {
      if (!token || failure.status !== 401) throw failure;
      this.#panel.tell(failure, "identity");
      return openSession(connection, "");
    });
    this.#slate.profile(opened.profile);
    host.tell("session", { known: opened.known, reason: "new" });
  }

  /** Bring back what was said on earlier pages. */
  async restore() {
    const panel = this.#panel;
    const { connection, host, nodes } = panel;
    try {
      const { turns, profile, handover, messages, known } = await connection.json(connection.path(""));
      const people = handover && (await this.#staff());
      const since = (number) => {
        for (const message of messages) if (message.turn === number) people.show(message);
      };
      panel.sink = nodes.past;
      since(0);
      for (const turn of turns) {
        this.#slate.restore(turn);
        this.turns = turn.turn;
        since(turn.turn);
      }
      panel.sink = nodes.log;
      this.#slate.profile(profile);
      people?.speaker(handover);
      panel.toEnd();
      host.tell("session", { known, reason: "resumed" });
    } catch (failure) {
      if (failure.kind !== "gone") throw failure;
      connection.session = null;
      panel.notice(panel.words.ended);
    }
  }

  // A turn

  /** Have `entry` answered; in a new session, once, where that of an earlier page has ended. */
  async answer(entry) {
    try {
      return await this.#converse(entry);
    } catch (failure) {
      if (failure.kind !== "gone" || !entry.said) throw failure;
      this.#panel.connection.session = null;
      entry.node.before(this.#panel.notice(this.#panel.words.ended));
      return await this.#converse(entry);
    }
  }

  async #converse(entry) {
    await this.join();
    entry.key ??= crypto.getRandomValues(new Uint32Array(4)).join("-"); // a second try is the same turn
    const events = this.#parts.takeTurn(this.#panel.connection, entry.body, entry.key);
    for await (const [name, data] of events) {
      if (name === "cards") this.#slate.cards(entry, data);
      if (name === "prose") this.#slate.write(entry, (entry.text ?? "") + data.text);
      if (name === "done") return await this.#finish(entry, data);
    }
    return null; // never: takeTurn ends with "done", or fails
  }

  async #finish(entry, turn) {
    if (turn.delivered) entry.answer.remove();
    else {
      this.turns = turn.turn;
      this.#slate.cards(entry, turn);
      this.#slate.finish(entry, turn);
    }
    if (turn.delivered || (turn.handover && turn.handover.state !== "offered")) {
      (await this.#staff()).speaker(turn.handover);
    }
    return turn;
  }
}
