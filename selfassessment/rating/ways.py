"""The two ways to one's own ratings: signed in, or by a personal link that opens nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.shortcuts import get_object_or_404
from django.urls import reverse

from portal.models import User
from selfassessment.models import Audit, Respondent, Response, Section, Statement, Via
from selfassessment.rating.progress import Progress, progress


@dataclass(frozen=True)
class Routes:
    """What the pages of rating are called, on one of the ways."""

    home: str
    section: str
    save: str
    check: str
    hand_in: str


SIGNED_IN = Routes("mine", "section", "rating_save", "check", "hand_in")
BY_LINK = Routes("linked", "linked_section", "linked_save", "linked_check", "linked_hand_in")


@dataclass(frozen=True)
class Way:
    """How somebody came to their response, and where its pages are for them."""

    response: Response
    routes: Routes
    key: int | str  # what stands for it in addresses: the audit's number, or the link's token
    by: User | None  # who is noted; with a link nobody but the respondent
    via: Via
    frame: str  # the template around its pages
    respondent: Respondent

    @property
    def audit(self) -> Audit:
        return self.response.audit

    @property
    def is_parted(self) -> bool:
        """Handed in anonymously: nothing leads back to the ratings."""
        return self.response.pk is None

    @property
    def home(self) -> str:
        return reverse(self.routes.home, args=[self.key])

    @property
    def check(self) -> str:
        return reverse(self.routes.check, args=[self.key])

    def section(self, section: Section) -> str:
        return reverse(self.routes.section, args=[self.key, section.code])

    def save(self, statement: Statement) -> str:
        return reverse(self.routes.save, args=[self.key, statement.section.code, statement.pk])

    def carry_on(self, far: Progress) -> str:
        """The first unfinished statement, or the check where there is none."""
        item = far.next_item
        if item is None:
            return self.check
        return f"{self.section(item.statement.section)}#s{item.statement.pk}"

    def progress(self) -> Progress:
        """How far the response is: two queries."""
        return how_far(self.response)

    def by_now(self) -> Way:
        """The same way once something was refused: the response as it is, or parted from it."""
        now = Response.objects.with_audit().filter(pk=self.response.pk).first()
        return replace(self, response=now or parted(self.audit, self.response.role_group))


def how_far(response: Response) -> Progress:
    """How far a response is, in the words and on the statements that this person is asked."""
    statements = list(response.statements())
    ratings = response.ratings_of(statements)
    return progress(statements, ratings, plain=response.speaks_for_family)


def signed_in(user: User, pk: int) -> Way:
    """The way of a member of the service to their own ratings in an audit, or 404."""
    mine = Response.objects.visible_to(user).select_related(
        "audit__service", "audit__questionnaire", "respondent"
    )
    # At most one, so in no order: sorting would look at every column that is joined.
    response = next(iter(mine.filter(audit=pk)), None)
    if response and response.respondent:
        respondent = response.respondent
    else:
        asked = Respondent.objects.for_user(user).filter(audit__in=Audit.objects.visible_to(user))
        respondent = get_object_or_404(
            asked.select_related("audit"), audit=pk, handed_in=True, response=None
        )
        response = parted(respondent.audit, respondent.role_group)
    return Way(response, SIGNED_IN, pk, user, Via.BROWSER, "base.html", respondent)


def by_link(respondent: Respondent, token: str) -> Way:
    """The way of whoever holds the personal link."""
    if hasattr(respondent, "response"):
        response = respondent.response
        response.audit = respondent.audit
    else:
        response = parted(respondent.audit, respondent.role_group)
    frame = "selfassessment/linked_base.html"
    return Way(response, BY_LINK, token, None, Via.LINK, frame, respondent)


def parted(audit: Audit, role_group: str) -> Response:
    """What stands for ratings that were handed in anonymously: closed, and without a row."""
    return Response(audit=audit, role_group=role_group, handed_in_at=audit.started_at)
