/* What axe does not see. Gives a list of faults in words. */
() => {
  const faults = [];
  const say = (fault, element) => faults.push(`${fault}: ${element.outerHTML.slice(0, 160)}`);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const shown = (e) => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length;

  for (const radio of all("input[type=radio]")) {
    const legend = radio.closest("fieldset")?.querySelector("legend");
    if (!legend?.textContent.trim()) say("radio without a named group", radio);
  }
  for (const element of all("[aria-describedby], [aria-labelledby], [aria-controls]")) {
    for (const name of ["aria-describedby", "aria-labelledby", "aria-controls"]) {
      for (const id of (element.getAttribute(name) || "").split(" ").filter(Boolean)) {
        if (!document.getElementById(id)) say(`${name} names ${id}, which is not there`, element);
      }
    }
  }
  const ids = all("[id]").map((e) => e.id);
  for (const id of new Set(ids.filter((id, n) => ids.indexOf(id) !== n))) faults.push(`id twice: ${id}`);

  for (const link of all(".error-summary a")) {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) { say("summary link to nowhere", link); continue; }
    target.focus();
    if (document.activeElement !== target) say("summary link to what cannot take focus", link);
  }

  const levels = all("main :is(h1, h2, h3, h4)").filter(shown).map((h) => Number(h.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push(`h1s: ${levels}`);
  levels.forEach((level, n) => { if (n && level > levels[n - 1] + 1) faults.push(`heading skipped: ${levels}`); });

  const luminance = (rgb) => rgb.map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const colour = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const c = colour(getComputedStyle(at).backgroundColor);
      if (c.length === 3 || c[3] > 0.9) return c.slice(0, 3);
    }
    return [255, 255, 255];
  };
  for (const control of all("main :is(input:not([type=hidden], [type=radio]), select, textarea)").filter(shown)) {
    if (control.closest(".vh") || control.disabled) continue;
    const [a, b] = [colour(getComputedStyle(control).borderTopColor).slice(0, 3), ground(control.parentElement)]
      .map(luminance).sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 3) say("control border under 3:1", control);
  }
  for (const row of all(".form-check").filter(shown)) {
    if (row.getBoundingClientRect().height < 44) say("row of a choice under 44 px", row);
  }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) {
    const widest = all("body *").filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && shown(e));
    faults.push(`${wide} px of sideways scroll: ${widest.slice(-3).map((e) => e.outerHTML.slice(0, 120))}`);
  }
  if (!document.title.trim() || !document.documentElement.lang) faults.push("no title or language");
  return faults;
}
