/* The section page: what htmx does not do by itself.
   Each statement is a fieldset that posts its own fields on "save". Without this script the page
   saves by its buttons. */
"use strict";

(() => {
  const PAUSE = 800; // ms without a key before what was typed is sent
  const RETRY = 5000; // ms between tries while the line is down
  const form = document.getElementById("rate");
  const spoken = document.getElementById("spoken");
  const person = form.dataset.person;
  const byLink = "link" in form.dataset; // nobody signs in, so nobody signs in again
  const storage = (() => { try { return sessionStorage; } catch { return null; } })(); // or forbidden
  const KEPT = "unsent:";
  const PLACE = `${KEPT}${person}:${location.pathname}:`;
  // All of these go by a statement's id: its fieldset may be replaced.
  const unsent = new Map(); // how often it changed since it was last saved
  const wayOut = new Map(); // which of those changes went out with a page that was being left
  const failed = new Set(); // those whose last try got no answer
  const pauses = new Map();
  let leaving = false;
  let signedOut = false;
  let renewed = 0;

  const statementOf = (element) => element.closest("fieldset.statement[hx-post]");
  const byId = (id) => document.getElementById(id);
  const codeOf = (statement) => statement.querySelector(".code").textContent;
  const ownFields = (statement) =>
    [...new FormData(form)].filter(([name]) => name.startsWith(`${statement.id}-`));

  /* This load of the page, and how many saves it made: the server lets a page write over what the
     page itself wrote, in that order, and nothing else. */
  const load = [...crypto.getRandomValues(new Uint8Array(8))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  let turns = 0;
  function turn() {
    turns += 1;
    form.elements.page.value = `${load}.${String(turns).padStart(6, "0")}`;
    return form.elements.page.value;
  }

  function tell(statement, kind, text) {
    const state = statement.querySelector(".state");
    state.className = `state ${kind}`;
    state.textContent = text;
    return state;
  }

  let speaking;
  function speak(text) {
    clearTimeout(speaking);
    speaking = setTimeout(() => { spoken.textContent = text; }, 1000);
  }

  /* What is not saved yet is kept in this tab as well, for a reload without a connection. */
  function keep(id, fields) {
    try {
      if (fields) storage?.setItem(PLACE + id, JSON.stringify(fields));
      else storage?.removeItem(PLACE + id);
    } catch { /* no room: the page itself still has the text */ }
  }

  function touch(statement) {
    unsent.set(statement.id, (unsent.get(statement.id) || 0) + 1);
    keep(statement.id, ownFields(statement));
  }

  function done(id) {
    unsent.delete(id);
    keep(id, null);
  }

  function save(statement) {
    clearTimeout(pauses.get(statement.id));
    pauses.delete(statement.id);
    htmx.trigger(statement, "save");
  }

  function changed(event) {
    const statement = statementOf(event.target);
    if (!statement) return;
    if (!event.target.matches("textarea, input[type=text]")) {
      if (event.type !== "change") return;
      touch(statement);
      save(statement);
    } else if (event.type === "input") {
      touch(statement);
      if (signedOut) return;
      tell(statement, "wait", "Saving…");
      clearTimeout(pauses.get(statement.id));
      pauses.set(statement.id, setTimeout(() => save(statement), PAUSE));
    } else if (pauses.has(statement.id)) {
      save(statement);
    }
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);

  form.addEventListener("htmx:configRequest", (event) => {
    const { elt, formData } = event.detail;
    for (const name of [...formData.keys()]) {
      if (/^s\d+-/.test(name) && !name.startsWith(`${elt.id}-`)) formData.delete(name);
    }
    formData.set("page", turn());
  });

  form.addEventListener("htmx:beforeRequest", (event) => {
    const statement = event.detail.elt;
    if (signedOut) {
      event.preventDefault();
      if (!statement.querySelector(".sign-in")) askToSignIn(statement);
      return;
    }
    event.detail.requestConfig.sentAt = unsent.get(statement.id) || 0;
    tell(statement, "wait", "Saving…");
  });

  form.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, requestConfig } = event.detail;
    const { id } = requestConfig.elt;
    const statement = byId(id);
    if (!statement || !xhr) return;
    statement.inert = false;
    failed.delete(id);
    if (xhr.status === 200) {
      if ((unsent.get(id) || 0) === requestConfig.sentAt) done(id);
      else tell(statement, "wait", "Saving…");
      markErrors(statement);
      speak(`${codeOf(statement)} saved`);
    } else if (xhr.status === 409 || xhr.status === 422) {
      markErrors(statement);
      speak(`${codeOf(statement)} not saved. ${statement.querySelector(".state").textContent}`);
    } else if (xhr.status === 401 || xhr.status === 403) {
      turnedAway(statement);
    } else if (xhr.status === 404 || xhr.status === 410) {
      noLongerOpen(statement);
    } else {
      failed.add(id);
      const why = xhr.status ? "the portal does not answer" : "no connection";
      tell(statement, "fail", `Not saved yet: ${why}. Your text stays here and is sent as soon as it can be.`);
      speak(`Not saved yet: ${why}. Your text stays on this page.`);
      clearTimeout(retry);
      retry = setTimeout(tryAgain, RETRY);
    }
  });

  let retry;
  function tryAgain() {
    for (const id of [...failed]) save(byId(id));
  }
  addEventListener("online", tryAgain);

  function markErrors(statement) {
    for (const box of statement.querySelectorAll(".form-control")) {
      const wrong = byId(`${box.id}-error`).textContent !== "";
      box.classList.toggle("is-invalid", wrong);
      if (wrong) box.setAttribute("aria-invalid", "true");
      else box.removeAttribute("aria-invalid");
    }
  }

  function noLongerOpen(statement) {
    const why = byLink ? "This link is no longer open." : "This page is no longer open to you, or somebody else is signed in.";
    tell(statement, "fail", `Not saved. ${why} Copy your text before you leave the page.`);
    speak("Not saved. Copy your text before you leave this page.");
  }

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

  /* The sign-in or the form's token is out of date. If this person signed in again in another tab,
     the page as it is now has a token that works. */
  async function renew() {
    const answer = await fetch(location.pathname).catch(() => null);
    if (!answer || !answer.ok) return "closed";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("rate");
    if (!fresh) return byLink ? "closed" : "signed out";
    if (fresh.dataset.person !== person) return "closed";
    form.elements.csrfmiddlewaretoken.value = fresh.querySelector("[name=csrfmiddlewaretoken]").value;
    signedOut = false;
    renewed = Date.now();
    for (const id of unsent.keys()) save(byId(id));
    return "open";
  }

  async function turnedAway(statement) {
    const now = Date.now() - renewed < RETRY ? "closed" : await renew();
    if (now === "signed out") askToSignIn(statement);
    else if (now === "closed") noLongerOpen(statement);
  }

  const choices = {
    clear(statement) {
      const radios = [...statement.querySelectorAll("input[type=radio]")];
      for (const radio of radios) radio.checked = false;
      byId(`${statement.id}-reason`).value = "";
      radios[0].focus();
      touch(statement);
      save(statement);
    },
    mine(statement) {
      byId(`${statement.id}-version`).value = form.elements[`${statement.id}-beside`].value;
      touch(statement);
      save(statement);
    },
    theirs(statement) {
      done(statement.id);
      statement.inert = true;
      htmx.ajax("POST", statement.getAttribute("hx-post"), {
        source: statement,
        target: statement,
        swap: "outerHTML",
        values: { [`${statement.id}-wish`]: "theirs" },
      });
    },
  };

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const statement = statementOf(button || document.activeElement);
    const choice = statement && button && choices[button.value];
    if (choice) {
      event.preventDefault();
      choice(statement);
    } else if (button && button.id === "enter") {
      event.preventDefault();
      const at = statementOf(document.activeElement);
      if (at) save(at);
    } else {
      leaving = true;
      turn();
    }
  });

  /* Two versions shown already: only their text changes, so that a button under the pointer stays.
     Otherwise a box that goes away leaves the keyboard at its statement. */
  form.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const box = target.querySelector(".clash");
    const fresh = fragment.querySelector(".clash");
    if (box && fresh) {
      event.detail.shouldSwap = false;
      const sides = [...fresh.querySelectorAll(".versions > div")];
      box.querySelectorAll(".versions > div").forEach((side, n) => side.replaceWith(sides[n]));
      box.querySelector("input").value = fresh.querySelector("input").value;
    } else if (box && box.contains(document.activeElement)) {
      statementOf(box).focus();
    }
  });
  form.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.elt.matches("fieldset.statement")) event.detail.elt.focus();
  });

  /* Leaving, or out of sight, with something unsent: send it now, past the end of the page. */
  function sendOnTheWayOut() {
    if (leaving || signedOut) return;
    for (const [id, count] of unsent) {
      if (wayOut.get(id) === count) continue;
      wayOut.set(id, count);
      const token = form.elements.csrfmiddlewaretoken.value;
      const fields = [...ownFields(byId(id)), ["csrfmiddlewaretoken", token], ["page", turn()]];
      fetch(byId(id).getAttribute("hx-post"), {
        method: "POST",
        body: new URLSearchParams(fields),
        headers: { "HX-Request": "true" },
        keepalive: true,
      }).catch(() => {});
    }
  }
  addEventListener("pagehide", sendOnTheWayOut);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") sendOnTheWayOut();
    else if (signedOut) renew();
  });
  addEventListener("beforeunload", (event) => {
    const stuck = [...unsent.keys()].some((id) => byId(id).querySelector(".state.fail"));
    if (!leaving && stuck) event.preventDefault();
  });
  addEventListener("pageshow", () => { leaving = false; });

  /* Numbers choose a level while a statement has the focus, but never inside a text box. */
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const statement = statementOf(event.target);
    if (!statement || !event.target.matches("fieldset, input[type=radio], input[type=checkbox], summary")) return;
    const key = event.key.toLowerCase();
    const wanted = { d: "dk", n: "na" }[key] || key;
    const radio = [...statement.querySelectorAll("input[type=radio]")].find((r) => r.value === wanted);
    if (!radio) return;
    event.preventDefault();
    radio.focus();
    if (!radio.checked) radio.click();
  });

  /* What this person had typed here and could not send comes back, against the version it was typed
     against. What somebody else left in this tab goes. */
  function bringBack() {
    const said = (fields) =>
      JSON.stringify(fields.filter(([name]) => !/-(version|beside)$/.test(name))
        .map(([name, value]) => [name, value.trim()]));
    for (const key of Object.keys(storage).filter((name) => name.startsWith(KEPT))) {
      const statement = key.startsWith(PLACE) && byId(key.slice(PLACE.length));
      const kept = JSON.parse(storage.getItem(key));
      const same = statement && said(kept) === said(ownFields(statement));
      if (!key.startsWith(`${KEPT}${person}:`) || same) storage.removeItem(key);
      if (!statement || same) continue;
      const values = new Map(kept);
      for (const box of statement.querySelectorAll("input, textarea")) {
        if (box.matches("[type=radio], [type=checkbox]")) box.checked = values.get(box.name) === box.value;
        else box.value = values.get(box.name) ?? box.value;
        if (box.value && box.matches(".form-control") && box.closest("details")) box.closest("details").open = true;
      }
      touch(statement);
      save(statement);
      speak("What you had typed is back on this page.");
    }
  }
  if (storage) document.addEventListener("DOMContentLoaded", bringBack); // once htmx is there
})();
