"""The look: forms, tracks, components, and the pages that show them."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field, as_crispy_form
from django import forms
from django.conf import LazySettings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertHTMLEqual

from portal.templatetags import tracks
from portal.templatetags.browsers import browser
from portal.views import samples
from selfassessment.rating.blocks import Block

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
HOSTILE = "<b onmouseover=alert(1)>{{ 7|add:7 }}</b>"
CONTROL = re.compile(r"<(?:input|select|textarea)\b[^>]*>")

CHOICES = [("one", HOSTILE), ("two", "Two")]
FIELDS = {
    "text": forms.CharField,
    "email": forms.EmailField,
    "url": lambda **words: forms.URLField(assume_scheme="https", **words),
    "number": forms.IntegerField,
    "date": forms.DateField,
    "password": lambda **words: forms.CharField(widget=forms.PasswordInput, **words),
    "textarea": lambda **words: forms.CharField(widget=forms.Textarea, **words),
    "file": forms.FileField,
    "checkbox": forms.BooleanField,
    "select": lambda **words: forms.ChoiceField(choices=CHOICES, **words),
    "several": lambda **words: forms.MultipleChoiceField(choices=CHOICES, **words),
    "radios": lambda **words: forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, **words),
    "checkboxes": lambda **words: forms.MultipleChoiceField(
        choices=CHOICES, widget=forms.CheckboxSelectMultiple, **words
    ),
    "year_month_day": lambda **words: forms.DateField(widget=forms.SelectDateWidget, **words),
}
GROUPS = ["radios", "checkboxes", "year_month_day"]


def form_of(kind: str, *, sent: bool, **words: object) -> forms.Form:
    words = {"label": f"Label {HOSTILE}", "help_text": f"Hint {HOSTILE}", **words}
    form_class = type("OneField", (forms.Form,), {"field": FIELDS[kind](**words)})
    return form_class({} if sent else None)


def html_of(kind: str, *, sent: bool, **words: object) -> str:
    return as_crispy_form(form_of(kind, sent=sent, **words))


def ids(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)


def referred(html: str) -> list[str]:
    """The ids that descriptions and names are taken from."""
    places = re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', html)
    return [name for place in places for name in place.split()]


def templates() -> Iterator[tuple[str, str]]:
    """Name and text of those for the browser."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = str(path.relative_to(TEMPLATES))
        if not name.startswith(("emails/", "pdf/")):
            yield name, path.read_text()


# Forms


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize("kind", FIELDS)
def test_every_control_is_named_and_described_by_what_is_there(kind: str, sent: bool) -> None:
    html = html_of(kind, sent=sent)

    named = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    for control in CONTROL.findall(html):
        assert kind == "year_month_day" or ids(control)[0] in named
    described = referred(html)
    assert described == (["id_field_helptext", "id_field_error"] if sent else ["id_field_helptext"])
    assert set(described) <= set(ids(html))
    assert len(ids(html)) == len(set(ids(html)))


@pytest.mark.parametrize("kind", FIELDS)
def test_no_words_of_a_form_become_markup(kind: str) -> None:
    html = html_of(kind, sent=True)

    assert "<b " not in html
    assert "Hint &lt;b onmouseover=alert(1)&gt;{{ 7|add:7 }}" in html
    assert "Label &lt;b onmouseover=alert(1)&gt;{{ 7|add:7 }}" in html


@pytest.mark.parametrize("kind", sorted(FIELDS.keys() - {"checkbox"}))
def test_hint_and_error_stand_before_the_control(kind: str) -> None:
    html = html_of(kind, sent=True)

    control = CONTROL.search(html)
    assert control
    order = [html.index("Label"), html.index("Hint"), html.index("Error: "), control.start()]
    assert order == sorted(order)


@pytest.mark.parametrize("kind", GROUPS)
def test_a_group_is_a_fieldset_with_a_legend(kind: str) -> None:
    html = html_of(kind, sent=True)

    opening = re.search(r"<fieldset[^>]*>\s*<legend[^>]*>Label", html)
    assert opening
    assert 'aria-describedby="id_field_helptext id_field_error"' in opening.group()


def test_a_form_keeps_what_its_choices_say_as_text() -> None:
    html = html_of("radios", sent=False)

    assert "&lt;b onmouseover=alert(1)&gt;" in html
    assert html.count('class="form-check-input"') == 2


def test_optional_fields_say_so_unless_all_of_them_are() -> None:
    form = form_of("text", sent=False, required=False)
    assert "(optional)" in as_crispy_form(form)

    form.all_optional = True
    assert "(optional)" not in as_crispy_form(form)
    assert "(optional)" not in html_of("text", sent=False)


def test_one_field_alone_renders_as_in_its_form() -> None:
    form = form_of("text", sent=True)

    assertHTMLEqual(as_crispy_field(form["field"]), as_crispy_form(form))


@pytest.mark.parametrize("kind", FIELDS)
def test_the_error_summary_leads_to_a_control(kind: str) -> None:
    form = form_of(kind, sent=True)
    summary = render_to_string("components/error_summary.html", {"form": form})

    (target,) = re.findall(r'href="#([^"]+)"', summary)
    controls = [ids(control)[0] for control in CONTROL.findall(as_crispy_form(form))]
    assert target == controls[0]
    assert "One thing to mend" in summary
    assert "autofocus" in summary
    assert 'role="alert"' not in summary


def test_the_error_summary_says_what_is_wrong_with_the_form_as_a_whole() -> None:
    form = samples.SampleForm({})

    summary = render_to_string("components/error_summary.html", {"form": form})

    assert "The form as a whole" in summary


def test_the_error_summary_of_a_formset_counts_all_its_forms() -> None:
    formset_class = forms.formset_factory(samples.SampleForm, extra=2)
    formset = formset_class(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "Meet"}
    )

    summary = render_to_string("components/error_summary.html", {"formset": formset})

    assert 'href="#id_form-0-email"' in summary
    assert "things to mend" in summary


def test_nothing_to_mend_nothing_said() -> None:
    summary = render_to_string(
        "components/error_summary.html", {"form": form_of("text", sent=False)}
    )

    assert summary.strip() == ""


def test_whoever_shows_a_form_shows_its_error_summary() -> None:
    """Errors of a form as a whole stand nowhere else."""
    forgetful = [
        name
        for name, text in templates()
        if re.search(r"\{\{ \w*form\|crispy", text) and "components/error_summary.html" not in text
    ]

    # The frame shows the summary of these; those below have no field to fill in wrongly.
    framed = {"account/reauthenticate.html", "mfa/reauthenticate.html"}
    framed |= {"selfassessment/baseline_form.html"}  # one summary over a form and a formset
    assert set(forgetful) - framed <= {
        "allauth/elements/fields.html",
        "mfa/trust.html",
        "mfa/webauthn/reauthenticate.html",
        "selfassessment/talk.html",
    }


# Tracks


def test_a_meter_places_its_caps_in_per_cent() -> None:
    html = tracks.meter(50, was=25)

    assert '<rect class="cap" x="50.00%"' in html
    assert '<rect class="was" x="26.00%"' in html
    assert '<line class="fl" x1="2.00%" x2="50.00%"' in html
    assert 'aria-hidden="true"' in html


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_score_has_no_mark_at_all(nothing: str | None) -> None:
    html = tracks.meter(nothing, was=nothing, label="Nothing rated yet")

    assert not re.search(r'class="(cap|was|fl|slot)"', html)
    assert 'role="img" aria-label="Nothing rated yet"' in html


def test_zero_is_a_score_and_has_its_cap() -> None:
    assert '<rect class="cap" x="2.00%"' in tracks.meter(0)


@pytest.mark.parametrize(
    ("percent", "x"), [(-5, "2.00%"), (0, "2.00%"), (100, "98.00%"), (140, "98.00%")]
)
def test_marks_stay_on_the_line(percent: float, x: str) -> None:
    assert tracks.place(percent) == x


def test_a_label_is_text() -> None:
    html = tracks.meter(50, label=f'"{HOSTILE}')

    assert "&quot;&lt;b onmouseover" in html
    assert "<b" not in html


@pytest.mark.parametrize(
    ("rated", "line_to"),
    [
        ([False] * 3, None),
        ([True, False, True], "18.00%"),
        ([False, True, True], None),
        ([True] * 4, "98.00%"),
        ([True, True] + [False] * 17, "9.58%"),
        ([False], None),
    ],
)
def test_a_progress_track_has_a_dot_for_each_statement(
    rated: list[bool], line_to: str | None
) -> None:
    html = tracks.progress_track(rated)

    dots = re.findall(r'<circle class="(dot|aim)"', html)
    line = re.search(r'class="fl" x1="2.00%" x2="([^"]+)"', html)
    assert dots == ["dot" if done else "aim" for done in rated]
    assert (line and line[1]) == line_to


@pytest.mark.parametrize("rated", [[False] * 60, [True, False] * 30, [True], []])
def test_a_tally_has_a_tick_for_each_statement(rated: list[bool]) -> None:
    html = tracks.tally(rated, label="statements rated")

    ticks = re.findall(r'<line class="(on|tk)"', html)
    assert ticks == ["on" if done else "tk" for done in rated]


@pytest.mark.parametrize("kind", ["now", "was", "aim", "person"])
def test_every_mark_has_a_key(kind: str) -> None:
    assert "<svg" in tracks.key_mark(kind)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) Version/18.0 Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Safari/537.36", "Chrome on Android"),
        ("curl", "A browser"),
    ],
)
def test_a_browser_is_named_in_words(user_agent: str, words: str) -> None:
    assert browser(user_agent) == words


# Pages


def test_the_style_page_shows_every_state_as_text(client: Client) -> None:
    html = client.get(reverse("dev_style")).text

    assert "<b onmouseover" not in html
    assert len(ids(html)) == len(set(ids(html)))
    described = referred(html)
    assert set(described) <= set(ids(html))


@pytest.mark.parametrize("kind", [Block, samples.Statement])
def test_a_sample_has_all_that_a_statement_shows(kind: type) -> None:
    shown = {
        word
        for name in ("statement.html", "_said.html")
        for word in re.findall(r"\bs\.(\w+)", (TEMPLATES / "components" / name).read_text())
    }

    assert shown - {field.name for field in dataclasses.fields(kind)} - set(dir(kind)) == set()


def test_every_scale_has_its_stops_and_words_in_order(client: Client) -> None:
    html = client.get(reverse("dev_style")).text

    for statement in samples.STATEMENTS:
        block = html[html.index(f'id="{statement.id}"') :].split("</fieldset>")[0]
        stops = re.findall(r"level p(\d)", block)
        words = re.findall(rf'class="p(\d)" id="{statement.id}-a', block)
        assert stops == words == [str(place) for place in range(len(statement.levels))]


@pytest.mark.parametrize("page", ["dev_style", "dev_mail"])
def test_pages_for_developers_exist_in_development_only(
    client: Client, settings: LazySettings, page: str, db: None
) -> None:
    assert client.get(reverse(page)).status_code == 200

    settings.DEVELOPMENT = False
    assert client.get(reverse(page)).status_code == 404


MAILS = b"""\
Content-Type: text/plain; charset="utf-8"
Subject: First
From: portal@example.org
To: lead@example.org
Date: Mon, 01 Sep 2025 09:00:00 -0000

Open https://portal.example.org/join/abc/ <b onmouseover>
-------------------------------------------------------------------------------
Content-Type: text/plain; charset="utf-8"
Subject: Second
From: portal@example.org
To: board@example.org
Date: Mon, 01 Sep 2025 09:00:01 -0000

Hello
-------------------------------------------------------------------------------
"""


@pytest.fixture
def outbox(tmp_path: Path, settings: LazySettings) -> Path:
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / "20250901-090000-1.log").write_bytes(MAILS)
    (tmp_path / "secret.log").write_text("Subject: not for you\n\n")
    settings.EMAIL_FILE_PATH = folder
    return folder


def test_mail_is_listed_newest_first(client: Client, outbox: Path) -> None:
    html = client.get(reverse("dev_mail")).text

    assert html.index("Second") < html.index("First")


def test_links_in_a_mail_can_be_followed_and_its_text_is_text(client: Client, outbox: Path) -> None:
    html = client.get(reverse("dev_mail_detail", args=["20250901-090000-1.log"])).text

    assert 'href="https://portal.example.org/join/abc/"' in html
    assert "&lt;b onmouseover&gt;" in html
    assert "board@example.org" in html


@pytest.mark.parametrize("name", ["missing.log", "..%2Fsecret.log", "../secret.log", "20250901"])
def test_no_file_but_a_mail_is_shown(client: Client, outbox: Path, db: None, name: str) -> None:
    assert client.get(f"/dev/mail/{name}/").status_code == 404


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_the_worst_pages_need_nothing(name: str) -> None:
    html = render_to_string(name)

    assert "<h1>" in html
    assert "{%" not in html


def test_a_form_whose_token_ran_out_says_what_to_do(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a"})

    assert response.status_code == 403
    assert "Please send it once more" in response.text


# Files


def test_vendored_files_are_those_written_down() -> None:
    lines = (STATIC / "VENDORED.md").read_text().splitlines()
    rows = [
        [cell.strip(" `") for cell in line.split("|")] for line in lines if line.startswith("| `")
    ]

    for _, file, _, _, _, digest, _ in rows:
        assert hashlib.sha256((STATIC / file).read_bytes()).hexdigest() == digest, file
    written = {row[1] for row in rows}
    there = {
        str(path.relative_to(STATIC))
        for folder in ("fonts", "js/vendor", "pdf/fonts")
        for path in (STATIC / folder).iterdir()
        if path.suffix in {".woff2", ".js"}
    }
    assert there == written


def test_a_first_visit_is_light() -> None:
    """Styles, scripts and the faces of a page without Welsh letters: under 150 kB compressed."""
    first = ["css/tokens.css", "css/portal.css"]  # others load with the pages that need them
    text = [*(STATIC / name for name in first), *STATIC.glob("js/**/*.js")]
    faces = STATIC.glob("fonts/*-latin-*normal.woff2")
    size = sum(len(gzip.compress(path.read_bytes())) for path in text)
    size += sum(path.stat().st_size for path in faces if "latin-ext" not in path.name)

    assert size < 150_000


def test_every_class_a_template_names_is_in_the_styles() -> None:
    styles = "".join(
        (STATIC / "css" / name).read_text()
        for name in ("portal.css", "plans.css", "publishing.css")
    )
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", styles))
    behaviour = {"keys", "sub"}  # nothing to see
    unknown = {
        (name, word)
        for name, text in templates()
        for words in re.findall(r'class="([^"]*)"', text)
        for word in re.sub(r"\S*{{.*?}}\S*", " ", re.sub(r"{%.*?%}", " ", words)).split()
        if word not in known | behaviour
    }

    assert unknown == set()
