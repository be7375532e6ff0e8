/* The meeting: keys. rate.js saves; without either the page works by its links and buttons. */
"use strict";

(() => {
  const PATIENCE = 3000; // ms that leaving waits for a save on its way
  const form = document.getElementById("rate"); // none for those who only look
  const link = (rel) => document.querySelector(`#meeting [rel=${rel}]`);

  /* A save on its way comes first, so that the next page counts it. */
  function go(anchor) {
    if (!anchor) return;
    document.activeElement.blur();
    const began = Date.now();
    (function leave() {
      const busy = form && form.querySelector(".htmx-request");
      if (busy && Date.now() - began < PATIENCE) setTimeout(leave, 30);
      else anchor.click();
    })();
  }

  function choose(value) {
    const radio = [...form.querySelectorAll("input[type=radio]")].find((one) => one.value === value);
    if (radio && !radio.checked) radio.click();
    return Boolean(radio);
  }

  const typing = (element) => element.matches("textarea, input[type=text], select");
  /* Arrows move within the levels for somebody who came there by Tab, and only for them. */
  let tabbed = false;
  document.addEventListener("pointerdown", () => { tabbed = false; });
  const moving = (element) => tabbed && element.matches("input[type=radio]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const { target, key } = event;
    if (key === "Tab") tabbed = true;
    let done = true;
    if (key === "Escape") {
      if (typing(target)) target.blur();
      else go(document.getElementById("leave"));
    } else if (typing(target)) return;
    else if (key === "ArrowRight" && !moving(target)) go(link("next"));
    else if (key === "ArrowLeft" && !moving(target)) go(link("prev"));
    else if (!form) return;
    else if (key === "w") form.querySelector("textarea").focus();
    else done = choose({ n: "na", p: "parked" }[key.toLowerCase()] || key);
    if (done) event.preventDefault();
  });
})();
