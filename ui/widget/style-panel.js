// The looks of the open panel; style.js has the colours.
export default `
.panel {
  flex-direction: column;
  overflow: hidden;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  background: var(--back);
  color: var(--ink);
}
section.panel { display: flex; width: 100%; height: var(--vouch-height, 640px); }
:host([framed]) .panel { border: 0; border-radius: 0; }

.top { display: flex; align-items: center; gap: 4px; padding-block: 8px; padding-inline: 16px 8px; border-block-end: 1px solid var(--line); background: var(--surface); }
.top > :first-child { flex: 1; min-width: 0; }
.top h2 { font-weight: 700; font-size: 1.07em; line-height: 1.3; overflow-wrap: anywhere; }
.who { color: var(--muted); font-size: .87em; line-height: 1.35; }
.who::before { content: ""; display: inline-block; width: .55em; height: .55em; margin-inline-end: .45em; border-radius: 50%; border: 1.5px solid currentColor; }
.top button { color: var(--muted); }
.top button:hover { background: var(--back); color: var(--ink); }
.bar { position: relative; }
.bar > button svg { stroke-width: 2.8; }

.log { position: relative; flex: 1; min-height: 0; padding: 16px; overflow-y: auto; overscroll-behavior: contain; scrollbar-width: thin; }
.log:focus-visible { outline-offset: -3px; }
.hello p { font-size: 1.07em; }
.turn { margin-block-start: 22px; outline-offset: 6px; border-radius: 4px; }
.said { width: fit-content; max-width: 85%; margin-inline-start: auto; padding: 8px 14px; border-radius: 16px; border-end-end-radius: 4px; background: var(--said); white-space: pre-wrap; overflow-wrap: anywhere; }
.answer { max-width: 44em; margin-block-start: 12px; overflow-wrap: anywhere; }
.trouble { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-block-start: 10px; padding: 8px 8px 8px 14px; border: 1px solid var(--alert); border-radius: 10px; color: var(--alert); font-size: .93em; }
.trouble span { flex: 1 1 12em; }
.dots { display: flex; align-items: center; gap: 5px; height: 1.5em; color: var(--muted); }
.dots i { width: 6px; height: 6px; border-radius: 50%; background: currentColor; animation: beat 1.2s infinite; }
.dots i:nth-child(2) { animation-delay: .15s; }
.dots i:nth-child(3) { animation-delay: .3s; }
@keyframes beat { 40% { opacity: .2; } }

.options { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 12px; }
.options button, .trouble button, .chip { padding: 4px 14px; border: 1px solid var(--line); border-radius: 22px; background: var(--surface); color: var(--ink); text-align: start; overflow-wrap: anywhere; }
.options button:hover, .trouble button:hover { border-color: var(--accent); color: var(--accent); }
.options b { margin-inline-start: .4em; font-weight: 400; color: var(--muted); }

form { display: flex; align-items: end; gap: 6px; padding: 8px; padding-block-end: calc(8px + env(safe-area-inset-bottom, 0px)); border-block-start: 1px solid var(--line); background: var(--surface); }
textarea { flex: 1; min-width: 0; min-height: 44px; max-height: 8.5em; padding: 10px 14px; border: 1px solid var(--muted); border-radius: 22px; background: var(--back); font-size: max(16px, 1em); line-height: 1.4; resize: none; scrollbar-width: thin; }
textarea:focus-visible { outline-offset: 0; border-color: transparent; }
textarea::placeholder { color: var(--muted); opacity: 1; }
.send { border-radius: 50%; background: var(--accent); color: var(--on-accent); }
.send svg { stroke-width: 2; }

@media (prefers-reduced-motion: no-preference) {
  .log { scroll-behavior: smooth; }
}
@keyframes rise { from { opacity: 0; translate: 0 10px; } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
@media (forced-colors: active) { .launcher, .send, .main > span, .said { border: 1px solid; } }
@media print { :host { display: none; } }
`;
