// Types of <vouch-chat>, version 1. What is listed here stays; what is not may change.

/** What a card shows of an item. */
export interface VouchItem {
  item_id: string;
  title: string;
  year: number | null;
  /** An http(s) address, or "". */
  url: string;
  image: string;
  facts: string[];
  summary: string;
  reasons: string[];
}

export type VouchFeedback = "like" | "dislike" | "seen";

/** In every event's `detail`. */
export interface VouchDetail {
  version: 1;
  /** The site's key. */
  site: string;
}

export interface VouchEvents {
  /** The methods may be called. */
  "vouch:ready": VouchDetail;
  "vouch:open": VouchDetail;
  "vouch:close": VouchDetail;
  /** A conversation began, was found again, or got to know whose it is. */
  "vouch:session": VouchDetail & { known: boolean; reason: "new" | "resumed" | "identified" };
  /** Other cards are shown; the reply may not be complete yet. */
  "vouch:cards": VouchDetail & { turn: number; items: VouchItem[] };
  "vouch:reply": VouchDetail & { turn: number; text: string; language: string; items: VouchItem[] };
  /**
   * The action button or an item's name was pressed. Cancelable: after `preventDefault()` an "open"
   * opens nothing, and a "cart" shows no confirmation.
   */
  "vouch:action": VouchDetail & { action: "open" | "cart"; item: VouchItem };
  /** `target` is an item's id, or a chip's key. */
  "vouch:feedback": VouchDetail & { kind: VouchFeedback | "remove" | "undo"; target: string };
  "vouch:error": VouchDetail & {
    kind: "offline" | "slow" | "busy" | "gone" | "refused" | "wrong" | "identity";
    message: string;
  };
  /** A human is called, is there, or left. */
  "vouch:handover": VouchDetail & { state: "waiting" | "human" | "closed"; agent: string };
}

/**
 * Attributes: `site`, `mode` ("launcher" or "inline"), `theme` ("auto", "light", "dark"), `lang`
 * (en, zh, es, de, fr), `position` ("end" or "start"), `action` ("open", "cart", "none"),
 * `action-label`, `label` (of the launcher), `heading`, `openers` (separated by "|"), `storage`
 * ("session", "local", "none"), `visitor-token`, `open`, `server`.
 *
 * Style variables, all optional: `--vouch-accent`, `--vouch-on-accent` (text on it),
 * `--vouch-background`, `--vouch-surface` (cards, bars), `--vouch-said` (the person's words),
 * `--vouch-ink`, `--vouch-muted`, `--vouch-line`, `--vouch-alert`, `--vouch-radius`, `--vouch-font`,
 * `--vouch-font-size`, `--vouch-width`, `--vouch-height`, `--vouch-offset` (from the page's edges),
 * `--vouch-z`. Values may use `light-dark()`.
 *
 * Two elements with different `id` keep their own conversations from page to page.
 */
export interface VouchChatElement extends HTMLElement {
  readonly isOpen: boolean;
  open(): Promise<void>;
  close(): Promise<void>;
  /** Say something for the person; null where it could not be answered. */
  ask(text: string): Promise<{ text: string; items: VouchItem[] } | null>;
  /**
   * Tell who the visitor is: a token signed by the site's server, or a function that gets a fresh one
   * when it is needed. Null for nobody: a known visitor's conversation ends, any other goes on.
   */
  identify(token: string | (() => string | Promise<string>) | null): Promise<void>;
  feedback(itemId: string, kind: VouchFeedback, title?: string): Promise<void>;
  /** Begin a new conversation. */
  restart(): Promise<void>;
  /** Ask for a human. */
  handover(): Promise<void>;
}

type To<K extends keyof VouchEvents> = K extends `vouch:${infer Name}` ? Name : never;

/** What the framed page (`/embed?site=KEY`) says to the page around it, by `postMessage`. */
export type VouchFrameMessage = {
  [K in Exclude<keyof VouchEvents, "vouch:open" | "vouch:close">]: {
    vouch: 1;
    type: To<K>;
    detail: K extends "vouch:ready" ? {} : VouchEvents[K];
  };
}[Exclude<keyof VouchEvents, "vouch:open" | "vouch:close">];

/** What the page around it may say to the framed page. "hello" is answered with "ready". */
export type VouchFrameCommand = { vouch: 1 } & (
  | { type: "hello" }
  | { type: "ask"; text: string }
  | { type: "identify"; token: string | null }
  | { type: "feedback"; itemId: string; kind: VouchFeedback; title?: string }
  | { type: "restart" }
  | { type: "handover" }
  | { type: "theme"; variables: Record<`--vouch-${string}`, string> }
);

declare global {
  interface HTMLElementTagNameMap {
    "vouch-chat": VouchChatElement;
  }
  interface HTMLElementEventMap {
    "vouch:ready": CustomEvent<VouchEvents["vouch:ready"]>;
    "vouch:open": CustomEvent<VouchEvents["vouch:open"]>;
    "vouch:close": CustomEvent<VouchEvents["vouch:close"]>;
    "vouch:session": CustomEvent<VouchEvents["vouch:session"]>;
    "vouch:cards": CustomEvent<VouchEvents["vouch:cards"]>;
    "vouch:reply": CustomEvent<VouchEvents["vouch:reply"]>;
    "vouch:action": CustomEvent<VouchEvents["vouch:action"]>;
    "vouch:feedback": CustomEvent<VouchEvents["vouch:feedback"]>;
    "vouch:error": CustomEvent<VouchEvents["vouch:error"]>;
    "vouch:handover": CustomEvent<VouchEvents["vouch:handover"]>;
  }
}
