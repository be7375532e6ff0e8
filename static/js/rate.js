/* The section page: what htmx does not do by itself.
   Each statement is a fieldset that posts itself on "change", on "typed" (a pause in typing) and on
   "again" (after a failure). Without this script the page saves by its buttons. */
"use strict";

(() => {
  const PAUSE = 800; // ms without a key before what was typed is sent
  const RETRY = 5000; // ms between tries while the line is down
  const form = document.getElementById("rate");
  const spoken = document.getElementById("spoken");
  const unsent = new Map(); // fieldset -> how often it changed since it was last saved
  const failed = new Set(); // fieldsets whose last try got no answer
  const pauses = new WeakMap();
  let leaving = false;
  let signedOut = false;

  const statementOf = (element) => element.closest("fieldset.statement[hx-post]");
  const stateOf = (statement) => statement.querySelector(".state");

  function tell(statement, kind, text) {
    const state = stateOf(statement);
    state.className = `state ${kind}`;
    state.textContent = text;
    return state;
  }

  let speaking;
  function speak(text) {
    clearTimeout(speaking);
    speaking = setTimeout(() => { spoken.textContent = text; }, 1000);
  }

  function changed(event) {
    const statement = statementOf(event.target);
    if (!statement) return;
    unsent.set(statement, (unsent.get(statement) || 0) + 1);
    clearTimeout(pauses.get(statement));
    if (!signedOut && event.type === "input" && event.target.matches("textarea, input[type=text]")) {
      tell(statement, "wait", "Saving…");
      pauses.set(statement, setTimeout(() => htmx.trigger(statement, "typed"), PAUSE));
    }
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);

  form.addEventListener("htmx:beforeRequest", (event) => {
    const statement = statementOf(event.target);
    if (!statement) return;
    clearTimeout(pauses.get(statement));
    if (signedOut) {
      event.preventDefault();
      if (!statement.querySelector(".sign-in")) askToSignIn(statement);
      return;
    }
    event.detail.requestConfig.sentAt = unsent.get(statement) || 0;
    tell(statement, "wait", "Saving…");
  });

  form.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, requestConfig } = event.detail;
    const statement = statementOf(event.target) || statementOf(requestConfig.elt);
    if (!statement || !xhr) return;
    if (xhr.status === 200) {
      failed.delete(statement);
      if ((unsent.get(statement) || 0) === requestConfig.sentAt) unsent.delete(statement);
      speak("Saved");
    } else if (xhr.status === 409 || xhr.status === 422) {
      failed.delete(statement);
      speak("Not saved: see the statement");
    } else if (xhr.status === 401) {
      failed.delete(statement);
      askToSignIn(statement);
    } else if (xhr.status === 403 || xhr.status === 404) {
      failed.delete(statement);
      tell(statement, "fail", "Not saved. This page is no longer open to you. Copy your text before you leave it.");
    } else {
      failed.add(statement);
      tell(statement, "fail", "Not saved yet: no connection. Your text stays here and is sent when the line is back.");
      speak("No connection. Your text stays on this page.");
      setTimeout(tryAgain, RETRY);
    }
  });

  /* The page's own button posts the whole form: the server keeps it over the sign-in. */
  function askToSignIn(statement) {
    signedOut = true;
    const state = tell(statement, "fail", "You have been signed out. Your text is still here. ");
    const button = document.createElement("button");
    button.className = "btn btn-link sign-in";
    button.textContent = "Sign in and save it";
    state.append(button);
    speak("You have been signed out. Your text is still here.");
  }

  function tryAgain() {
    for (const statement of failed) htmx.trigger(statement, "again");
  }
  addEventListener("online", tryAgain);

  form.addEventListener("submit", () => { leaving = true; });

  /* Leaving with something unsent: send it on the way out; warn where that may not work. */
  addEventListener("pagehide", () => {
    if (leaving) return;
    for (const statement of unsent.keys()) {
      fetch(statement.getAttribute("hx-post"), {
        method: "POST",
        body: new FormData(form),
        headers: { "HX-Request": "true" },
        keepalive: true,
      }).catch(() => {});
    }
  });
  addEventListener("beforeunload", (event) => {
    const stuck = [...unsent.keys()].some((s) => stateOf(s).classList.contains("fail"));
    if (!leaving && (stuck || failed.size)) event.preventDefault();
  });
  addEventListener("pageshow", () => { leaving = false; });

  /* Numbers choose a level while a statement has the focus, but never inside a text box. */
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const statement = statementOf(event.target);
    if (!statement || !event.target.matches("fieldset, input[type=radio], input[type=checkbox], summary")) return;
    const wanted = { d: "dk", n: "na" }[event.key] || event.key;
    const radio = [...statement.querySelectorAll("input[type=radio]")].find((r) => r.value === wanted);
    if (!radio) return;
    event.preventDefault();
    radio.focus();
    if (!radio.checked) radio.click();
  });

  /* A fieldset that was replaced keeps the keyboard where it was. */
  form.addEventListener("htmx:afterSwap", (event) => {
    const statement = event.detail.elt;
    if (statement.matches && statement.matches("fieldset.statement")) statement.focus();
  });
})();
