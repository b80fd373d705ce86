// The same with a frame: nothing of Vouch runs in this page, which only exchanges messages with it.

const frame = document.querySelector("#vouch");
const { origin } = new URL(frame.src);
const send = (type, detail = {}) => frame.contentWindow.postMessage({ vouch: 1, type, ...detail }, origin);

addEventListener("message", ({ source, origin: from, data }) => {
  if (source !== frame.contentWindow || from !== origin || data?.vouch !== 1) return;
  if (data.type === "ready") frame.dataset.ready = "true";
  if (data.type === "action" && data.detail.action === "cart") {
    document.querySelector("#cart").textContent = `Cart: 1 (${data.detail.item.title})`;
  }
});
send("hello"); // it may have been ready before this page listened
frame.addEventListener("load", () => send("hello"));
