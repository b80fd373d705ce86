// A human in the conversation. Owns: who is speaking, and following what they say. Does not own:
// delivering the person's words to them, which is a turn like any other (panel.js).
import { fill, make } from "./dom.js";

const LONG_POLL_S = 20;
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

export class People {
  #panel;
  #following = null;
  #last = 0; // number of the last message shown
  #state = null;
  #agent = "";

  constructor(panel) {
    this.#panel = panel;
  }

  /** Whether a human is called, or there. */
  get open() {
    return this.#state === "waiting" || this.#state === "human";
  }

  async ask() {
    const { connection } = this.#panel;
    this.speaker(await connection.json(connection.path("handover"), { body: {} }));
  }

  async back() {
    const { connection } = this.#panel;
    await connection.json(connection.path("handover"), { method: "DELETE" });
    await this.#read(0);
  }

  stop() {
    this.#following?.abort();
    this.#following = null;
  }

  /** Show who is speaking from now on. */
  speaker({ state, agent }) {
    if (state === this.#state && agent === this.#agent) return;
    this.#state = state;
    this.#agent = agent;
    const { host, nodes, words } = this.#panel;
    const { who } = nodes;
    const human = fill(words.with, { name: agent || words.staff });
    who.className = this.open ? `who ${state}` : "who";
    who.textContent = { waiting: words.waiting, human }[state] ?? words.assistant;
    host.tell("handover", { state, agent: agent ?? "" });
    if (this.open) this.#follow();
    else this.stop();
  }

  show({ seq, speaker, name, text }) {
    if (seq <= this.#last) return;
    this.#last = seq;
    const panel = this.#panel;
    if (speaker === "system") panel.notice(text);
    else if (speaker === "person") panel.begin({ said: text }).answer.remove();
    else {
      const by = make("p", { className: "by" }, name || panel.words.staff);
      const answer = make("div", { className: "answer human" }, by, make("div", { dir: "auto" }, text));
      panel.sink.append(make("div", { className: "turn" }, answer));
      panel.host.unread();
    }
  }

  async #follow() {
    if (this.#following) return;
    const control = (this.#following = new AbortController());
    let wait = 1;
    while (!control.signal.aborted) {
      try {
        await this.#read(LONG_POLL_S, control.signal);
        wait = 1;
      } catch (failure) {
        if (failure.kind === "gone") return;
        await pause(failure.seconds || wait);
        wait = Math.min(2 * wait, 30);
      }
    }
  }

  async #read(wait, signal) {
    const { connection } = this.#panel;
    const path = connection.path(`messages?after=${this.#last}&wait=${wait}`);
    const messages = await connection.json(path, { signal });
    for (const message of messages) {
      if (signal?.aborted) return;
      // What the person says is on the page since they said it.
      if (message.speaker === "person") this.#last = Math.max(this.#last, message.seq);
      else this.show(message);
      const agent = message.state === "human" ? message.name || this.#agent : null;
      this.speaker({ state: message.state, agent });
    }
    if (messages.length) this.#panel.toEnd();
  }
}
