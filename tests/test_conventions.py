"""What holds for all of the house, checked where somebody new would break it."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.urls import URLPattern, get_resolver

ROOT = Path(__file__).resolve().parent.parent
OURS = ["portal", "selfassessment", "actionplans", "resources", "changingtracks"]
MODELS = [
    model
    for label in OURS
    for model in apps.get_app_config(label).get_models()
    if not model.__name__.endswith("Event")  # made by pghistory from a model of ours
]
SOURCES = [path for label in OURS for path in (ROOT / label).rglob("*.py")]
VIEWS = [path for path in SOURCES if "views" in path.parts or path.name == "views.py"]
TEMPLATES = list((ROOT / "templates").rglob("*.html"))
GATES = ("visible_to(", "access.require(", "login_not_required", "request.user")


# Shows nothing but the account of whoever is signed in: the sign-in is the gate.
ONES_OWN = {"index"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_says_what_it_is(model):
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_choices_hold_in_the_database(model):
    constraints = " ".join(constraint.name for constraint in model._meta.constraints)

    loose = [
        field.name
        for field in model._meta.local_fields
        if field.choices and f"{field.name}_is_known" not in constraints
    ]

    assert loose == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_an_instant_with_a_person_is_tied_to_them(model):
    fields = {field.name for field in model._meta.local_fields}
    constraints = {constraint.name for constraint in model._meta.constraints}
    optional = {f.name for f in model._meta.local_fields if f.null}

    untied = [
        at
        for at in fields
        if at.endswith("_at")
        and (by := at.removesuffix("_at") + "_by") in fields
        and {at, by} <= optional
        and not any(f"{at}_with_{by}" in constraint for constraint in constraints)
    ]

    assert untied == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_names_tell_days_instants_and_people_apart(model):
    wrong = [
        field.name
        for field in model._meta.local_fields
        if field.name != "last_login"  # Django's own name
        if (type(field) is models.DateField and not field.name.endswith("_on"))
        or (isinstance(field, models.DateTimeField) and not field.name.endswith("at"))
    ]

    assert wrong == []


@pytest.mark.parametrize("path", VIEWS, ids=name)
def test_every_view_passes_a_gate(path):
    tree = ast.parse(path.read_text())
    views = {
        pattern.callback.__name__
        for pattern in every_pattern()
        if inspect.unwrap(pattern.callback).__code__.co_filename == str(path)
    }

    source = path.read_text()
    ungated = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name in views
        if not any(gate in gated_text(node, source, tree) for gate in GATES)
    ]

    assert [view for view in ungated if view not in ONES_OWN] == []


def gated_text(view: ast.FunctionDef, source: str, tree: ast.Module) -> str:
    """A view's text with its decorators, and that of the functions beside it that it names."""
    functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
    start = min([view.lineno, *(d.lineno for d in view.decorator_list)])
    text = "\n".join(source.splitlines()[start - 1 : view.end_lineno])
    named = {node.id for node in ast.walk(view) if isinstance(node, ast.Name)} & set(functions)
    return "\n".join([text, *(ast.get_source_segment(source, functions[n]) or "" for n in named)])


def every_pattern(patterns=None):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from every_pattern(pattern.url_patterns)


@pytest.mark.parametrize("path", VIEWS, ids=name)
def test_views_reach_rows_through_querysets_of_the_story_only(path):
    ungated = re.findall(r"objects\.(?:get|all|filter)\(", path.read_text())

    assert ungated == []


def test_actions_are_told_who_acts_and_everything_by_name():
    actions = [
        (path, node)
        for path in SOURCES
        if "views" not in path.parts  # their request says who acts
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and "transaction.atomic" in [ast.unparse(one) for one in node.decorator_list]
    ]

    loose = [
        f"{name(path)}: {action.name}"
        for path, action in actions
        if action.args.args or "by" not in [one.arg for one in action.args.kwonlyargs]
    ]

    # Somebody who makes their own account or answers a mail, and the set-up.
    assert sorted(loose) == [
        "actionplans/examples.py: load",
        "portal/actions.py: create_account",
        "portal/directory.py: load",
        "resources/enews.py: answer_change",
        "resources/pages.py: load",
        "resources/seed.py: load",
    ]


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_import_hides_in_a_function(path):
    tree = ast.parse(path.read_text())

    hidden = [
        f"{function.name}, line {node.lineno}"
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_trust_no_text_and_carry_no_inline_code(path):
    html = path.read_text()
    # Mail programs and print take style from the page itself; a browser's CSP would drop it.
    for_browsers = path.relative_to(ROOT / "templates").parts[0] not in {"emails", "pdf"}

    faults = re.findall(r"\|\s*safe\b|autoescape off|\son(?!e=)[a-z]+=|javascript:", html)
    faults += re.findall(r"\sstyle=|<style\b", html) if for_browsers else []
    faults += re.findall(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))", html)

    assert faults == []


def test_nothing_reads_the_shared_folder():
    outside = [
        name(path)
        for folder in (*OURS, "dev", "templates", "static")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js"} and "../shared" in path.read_text()
    ]

    assert outside == []


def squeezed(code: str) -> str:
    return "\n".join(line.strip() for line in code.splitlines() if line.strip())


def test_what_the_docs_show_is_in_the_code():
    docs = (ROOT / "docs" / "architecture.md").read_text()
    code = "\n".join(squeezed(path.read_text()) for path in SOURCES)
    shown = [
        squeezed(part)
        for block in re.findall(r"```python\n(.*?)```", docs, re.DOTALL)
        for part in re.split(r"^ *\.\.\.$", block, flags=re.MULTILINE)
    ]
    named = re.findall(
        r"`((?:portal|selfassessment|changingtracks|templates|docs|tests)/[\w./-]+)`", docs
    )

    assert [part for part in shown if part not in code] == []
    assert [path for path in named if not (ROOT / path).exists()] == []
