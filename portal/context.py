"""What the frame of every page shows: who, where, and where to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from portal import access

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.models import Membership, User

CURRENT_SERVICE = "current_service"
# What hangs on a plan has addresses of its own, in the same part of the site
OF_PLANS = ("/targets/", "/notes/", "/evidence/", "/papers/", "/examples/")
# Desks of the programme whose addresses begin like those of its readers
OF_PROGRAMME = ("/reviews/desk/", "/pages/", "/enews/readers/")


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    current: bool


class Shell:
    """The frame for one person on one page, worked out only where a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def user(self) -> User:
        return self.request.user  # type: ignore[return-value]  # or a visitor, asked for first

    @property
    def memberships(self) -> list[Membership]:
        return self.user.live_memberships if self.user.is_authenticated else []

    @cached_property
    def current(self) -> Membership | None:
        return current_membership(self.request, self.user) if self.memberships else None

    @cached_property
    def nav(self) -> list[NavItem]:
        return navigation(self.user, self.current, self.request.path)


def current_membership(request: HttpRequest, user: User) -> Membership | None:
    """The membership in use: the one switched to, or the first."""
    chosen = request.session.get(CURRENT_SERVICE)
    memberships = user.live_memberships
    return next((m for m in memberships if m.service_id == chosen), next(iter(memberships), None))


def navigation(user: User | AnonymousUser, current: Membership | None, here: str) -> list[NavItem]:
    """Where this person can go. The link whose part of the site we are in is the current one."""
    links: list[tuple[str, str, str]] = []  # label, address, where that part of the site begins
    if user.is_authenticated:
        links.append(("Today", reverse("home"), "-"))
    if current:
        slug = current.service.slug
        links.append(("Self-assessment", reverse("audits", args=[slug]), "/self-assessments/"))
        links.append(("Action plan", reverse("plans", args=[slug]), "/plans/"))
        people = reverse("people", args=[slug])
        links.append(("People", people, people))
    if access.can(user, access.Permission.QUESTIONNAIRE_VIEW):
        links.append(("Questionnaires", reverse("questionnaires"), "/questionnaires/"))
    if access.can(user, access.Permission.BENCHMARK_VIEW):
        links.append(("Benchmark", reverse("programme_benchmark"), "/benchmark/"))
    if access.can(user, access.Permission.PROGRAMME_PEOPLE):
        links.append(("Programme", reverse("programme"), "/programme/"))
    if not user.is_authenticated:
        links.append(("About", reverse("page", args=["about"]), "/about/"))
    links.append(("Library", reverse("library"), "/library/"))
    links.append(("Music services", reverse("services"), "/services/"))
    if not user.is_authenticated:
        links.append(("Annual reviews", reverse("annual_reviews"), "/reviews/"))
    if here.startswith(OF_PLANS):
        here = "/plans/" if current else "/programme/"
    if here.startswith(OF_PROGRAMME):
        here = "/programme/"
    parts = [part for _, _, part in links if here.startswith(part)]
    at = max(parts, key=len, default="-" if here == "/" else "")
    return [NavItem(label, url, part == at) for label, url, part in links]


def shell(request: HttpRequest) -> dict[str, object]:
    return {
        "shell": Shell(request),
        "contact": settings.CONTACT_EMAIL,
        "site": settings.SITE_URL,
        "demo": settings.DEMO,
        "development": settings.DEVELOPMENT,
    }
