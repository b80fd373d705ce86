// A human in the conversation. Owns: who is speaking, and following what they say. Does not own:
// delivering the person's words to them, which is a turn like any other (panel.js).
import { fill, make } from "./dom.js";

const LONG_POLL_S = 20;
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

export class People {
  #host;
  #words;
  #connection;
  #view;
  #following = null;
  #last = 0; // number of the last message shown
  #state = null;
  #agent = "";

  constructor(host, words, connection, view) {
    this.#host = host;
    this.#words = words;
    this.#connection = connection;
    this.#view = view;
  }

  /** Whether a human is called, or there. */
  get open() {
    return this.#state === "waiting" || this.#state === "human";
  }

  async ask() {
    this.speaker(await this.#connection.askForHuman());
  }

  async back() {
    await this.#connection.goBack();
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
    const { who } = this.#view;
    const words = this.#words;
    const human = fill(words.with, { name: agent || words.staff });
    who.className = this.open ? `who ${state}` : "who";
    who.textContent = { waiting: words.waiting, human }[state] ?? words.assistant;
    this.#host.tell("handover", { state, agent: agent ?? "" });
    if (this.open) this.#follow();
    else this.stop();
  }

  show({ seq, speaker, name, text }) {
    if (seq <= this.#last) return;
    this.#last = seq;
    if (speaker === "system") this.#view.notice(text);
    else if (speaker === "person") this.#view.said(text);
    else {
      const by = make("p", { className: "by" }, name || this.#words.staff);
      const answer = make("div", { className: "answer human" }, by, make("div", { dir: "auto" }, text));
      this.#view.add(make("div", { className: "turn" }, answer));
      this.#host.unread();
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
    const messages = await this.#connection.messages(this.#last, wait, signal);
    for (const message of messages) {
      if (signal?.aborted) return;
      // What the person says is on the page since they said it.
      if (message.speaker === "person") this.#last = Math.max(this.#last, message.seq);
      else this.show(message);
      const agent = message.state === "human" ? message.name || this.#agent : null;
      this.speaker({ state: message.state, agent });
    }
    if (messages.length) this.#view.toEnd();
  }
}
