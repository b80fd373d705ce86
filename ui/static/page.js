// The browser's side of the page: presses become events, the conversation's id is remembered, and
// the page stays still under the pointer. Text from the server is only ever set as text.
window.vouch ??= (() => {
  const SHELF = "vouch.conversations";
  const CURRENT = "vouch.current";
  const PERSON = "vouch.person";
  const MOST = 20;
  let anchor = null; // A region that must not move while the one above it changes.
  let sayings = 0;

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  function shelf() {
    try {
      return JSON.parse(localStorage.getItem(SHELF)) ?? [];
    } catch {
      return [];
    }
  }

  // Read again at every change: another tab may have added a conversation meanwhile.
  function remember({ session, label, lost, person, forgotten }) {
    sessionStorage.setItem(CURRENT, session);
    if (person) localStorage.setItem(PERSON, person);
    if (forgotten !== undefined) {
      localStorage.removeItem(PERSON);
      localStorage.removeItem(SHELF);
    }
    const past = shelf().filter(([id]) => id !== lost);
    if (session && label && !past.some(([id]) => id === session)) past.unshift([session, label]);
    localStorage.setItem(SHELF, JSON.stringify(past.slice(0, MOST)));
  }

  function person() {
    return localStorage.getItem(PERSON) ?? "";
  }

  function list(bar) {
    const past = shelf();
    if (!past.length) return;
    const { session } = bar.dataset;
    bar.querySelector("[data-shelf]").replaceChildren(
      ...past.map(([id, text]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = text;
        button.dataset.act = "open";
        button.dataset.target = id;
        button.setAttribute("aria-current", String(id === session));
        return button;
      }),
    );
  }

  function follow(thread) {
    const said = thread.querySelectorAll(".said");
    if (said.length > sayings && sayings + said.length > 1) {
      anchor = null;
      said[said.length - 1].scrollIntoView({ behavior: calm() ? "auto" : "smooth" });
    }
    sayings = said.length;
  }

  // What was said and got no answer, so that a failure can give it back.
  function unanswered() {
    const said = document.querySelectorAll(".said > p > span:last-child");
    return document.querySelector(".waiting") ? said[said.length - 1].textContent : "";
  }

  function steady() {
    if (anchor && performance.now() < anchor.until) {
      scrollBy(0, anchor.region.getBoundingClientRect().top - anchor.top);
    }
  }

  function press(button, keyboard, trigger) {
    const { act, target } = button.dataset;
    button.classList.add("pressed");
    const region = document.getElementById("slate");
    const inside = region?.contains(button);
    anchor = inside
      ? { region, top: region.getBoundingClientRect().top, until: performance.now() + 4000 }
      : null;
    // The pressed card is about to become another one: a second Enter must not hit that.
    if (keyboard && (inside || button.closest(".ask"))) {
      const next = document.getElementById("slate-title") ?? document.querySelector("#message textarea");
      next.focus({ preventScroll: true });
    }
    if (keyboard && button.closest(".profile")) document.getElementById("profile-title")?.focus();
    button.closest("[data-menu]")?.removeAttribute("open");
    trigger("click", { action: act, subject: target });
  }

  function bind(element, trigger, watch) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-act]");
      if (button) press(button, event.detail === 0, trigger);
    });
    const bar = () => element.querySelector("[data-session]");
    if (bar()) list(bar());
    watch("value", () => {
      if (bar()) {
        remember(bar().dataset);
        list(bar());
      }
      if (element.querySelector(".thread, .welcome")) follow(element);
      element.querySelector(".failed")?.scrollIntoView({ block: "center" });
      steady();
    });
  }

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("[data-menu][open]");
    menu?.removeAttribute("open");
    menu?.querySelector("summary").focus();
  });
  addEventListener("wheel", () => (anchor = null), { passive: true });
  addEventListener("touchmove", () => (anchor = null), { passive: true });

  return { bind, person, unanswered };
})();
