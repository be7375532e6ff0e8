"""A form as a browser would send it back, read from the page that holds it."""

from __future__ import annotations

from html.parser import HTMLParser


class Form(HTMLParser):
    """The controls of the form with an id, and what each holds."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.is_in = form, False
        self.fields: dict[str, list[str]] = {}
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_in = at.get("id", "") == self.form
        name = at.get("name", "")
        if not name or "disabled" in at or not (self.is_in or at.get("form") == self.form):
            if tag == "option" and self.select and "selected" in at:
                self.fields[self.select] = [at.get("value", "")]
            return
        if tag == "textarea":
            self.area = name
            self.fields[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "input" and (at.get("type") not in {"checkbox", "radio"} or "checked" in at):
            self.fields.setdefault(name, []).append(at.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.area:
            # A browser drops the line break that begins a text area.
            text = self.fields[self.area][0] + data
            self.fields[self.area] = [text.removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        self.area = "" if tag == "textarea" else self.area
        self.select = "" if tag == "select" else self.select
        self.is_in = self.is_in and tag != "form"


def as_sent(html: str, form: str = "target", **typed: object) -> dict[str, object]:
    """What a browser would post of the form (those without an id: ""), some fields typed anew."""
    reader = Form(form)
    reader.feed(html)
    return {**reader.fields, **typed}
