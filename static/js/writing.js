/* Pages where somebody writes for long. What is typed and not saved yet is kept in this tab, for a
   reload or a lost connection; leaving asks first. Without this script nothing is missing but that. */
"use strict";

(() => {
  const PAUSE = 500; // ms without a key before what was typed is kept
  const form = document.getElementById("writing");
  const notice = document.getElementById("unsent");
  const storage = (() => { try { return sessionStorage; } catch { return null; } })(); // or forbidden
  const PLACE = `writing:${form.dataset.person}:${location.pathname}${location.search}`;
  let leaving = false;
  let pause;

  const boxes = () => [...form.querySelectorAll("textarea[name], input[type=text][name]")];
  const plain = (text) => text.replaceAll("\r\n", "\n").trim();
  /* A page that comes back with what was typed shows it as if it were there all along. */
  const cameBack = "unsaved" in form.dataset;
  const changed = () =>
    boxes().filter((box) => cameBack || plain(box.value) !== plain(box.defaultValue));

  function keep() {
    clearTimeout(pause);
    const texts = Object.fromEntries(changed().map((box) => [box.name, box.value]));
    try {
      if (Object.keys(texts).length) storage?.setItem(PLACE, JSON.stringify({ texts, at: Date.now() }));
      else storage?.removeItem(PLACE);
    } catch { /* no room: the page itself still has the text */ }
  }

  /* What was kept and is neither saved nor shown is offered: it never takes a text's place by itself. */
  function offer() {
    const kept = (() => { try { return JSON.parse(storage?.getItem(PLACE) ?? "null"); } catch { return null; } })();
    const lost = boxes().filter((box) => box.name in (kept?.texts ?? {})
      && plain(kept.texts[box.name]) !== plain(box.value));
    if (!lost.length) return;
    notice.querySelector("[data-when]").textContent =
      new Date(kept.at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    notice.querySelector("[data-what]").textContent = lost
      .map((box) => form.querySelector(`label[for="${box.id}"]`)?.firstChild.textContent.trim() ?? box.name)
      .join(", ");
    notice.hidden = false;
    notice.querySelector("[data-back]").addEventListener("click", () => {
      lost.forEach((box) => { box.value = kept.texts[box.name]; });
      notice.hidden = true;
      keep();
      lost[0].focus();
    });
    notice.querySelector("[data-forget]").addEventListener("click", () => {
      notice.hidden = true;
      keep();
      boxes()[0].focus();
    });
  }

  offer();
  form.addEventListener("input", () => {
    if (!notice.hidden) return; // what is on offer is not written over
    clearTimeout(pause);
    pause = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", () => {
    if (notice.hidden) keep();
    leaving = true;
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("pagehide", () => { if (notice.hidden) keep(); });
  addEventListener("beforeunload", (event) => {
    if (!leaving && changed().length) event.preventDefault();
  });
})();
