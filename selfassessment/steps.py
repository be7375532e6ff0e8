"""Where a self-assessment is in its year, and the one thing somebody does next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from portal import access
from portal.access import Permission
from portal.models import User
from selfassessment.models import Audit, Respondent, Response, Stage
from selfassessment.rating.progress import Progress
from selfassessment.rating.ways import how_far


@dataclass(frozen=True)
class Next:
    """The one thing to do now."""

    title: str
    text: str
    url: str = ""
    action: str = ""
    number: str = ""


@dataclass(frozen=True)
class Stop:
    """A stop of the year. `state` is done, here or later."""

    label: str
    state: str
    note: str


LABELS = ["Start", "Rate", "Talk and agree", "Choose", "Act", "Again"]


@dataclass(frozen=True)
class Standing:
    """A self-assessment in numbers that tell nothing of what anybody said."""

    audit: Audit
    people: int  # asked to rate
    in_already: int  # of them, handed in
    statements: int
    agreed: int
    priorities: int
    me: Respondent | None  # the reader, where they are asked to rate
    own: Progress | None  # the reader's own ratings, while they may still change

    @property
    def is_solo(self) -> bool:
        """Whether one person is all there is, and it is the reader."""
        return self.people == 1 and self.me is not None

    @property
    def all_in(self) -> bool:
        return self.people == self.in_already > 0

    @property
    def to_agree(self) -> int:
        return self.statements - self.agreed

    @property
    def in_share(self) -> float:
        """Of those asked, the per cent that handed in."""
        return 100 * self.in_already / self.people if self.people else 0

    @property
    def agreed_share(self) -> float:
        return 100 * self.agreed / self.statements if self.statements else 0

    @property
    def people_in_words(self) -> str:
        if not self.in_already:
            return "Nobody has"
        return f"{self.in_already} of {self.people} {'has' if self.people == 1 else 'have'}"


def day(moment: dt.date) -> str:
    """A date within the year: “5 December”."""
    return date_format(moment, "j F")


def standing(user: User, audit: Audit) -> Standing:
    """Read where `audit` stands for this reader: four queries, whatever its size."""
    asked = audit.respondents.asked()
    counts = (
        Audit.objects.filter(pk=audit.pk)
        .values(
            people=how_many(asked),
            in_already=how_many(asked.filter(handed_in=True)),
            asks=how_many(audit.statements()),
            settled=how_many(audit.agreed_ratings.agreed()),
            chosen=how_many(audit.priorities.chosen()),
        )
        .get()
    )
    me = asked.for_user(user).select_related("response").first()
    response: Response | None = getattr(me, "response", None)
    own = None
    if response:
        response.audit = audit
        own = how_far(response) if response.is_open else None
    return Standing(
        audit=audit,
        people=counts["people"],
        in_already=counts["in_already"],
        statements=len(own.items) if own else counts["asks"],
        agreed=counts["settled"] if audit.talk_opened_at else 0,
        priorities=counts["chosen"] if audit.talk_opened_at else 0,
        me=me,
        own=own,
    )


def how_many(rows: QuerySet[Any]) -> Coalesce:
    """The number of rows, as a part of another query."""
    counted = rows.order_by().annotate(row=Value(1)).values("row").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def stops(at: Standing) -> list[Stop]:
    """The year as a track, with the stop this self-assessment is at."""
    audit = at.audit
    here = {Stage.RATING: 1, Stage.TALK: 2, Stage.CLOSED: 4}[audit.stage]
    if audit.stage == Stage.TALK and at.statements and not at.to_agree:
        here = 3
    closed = audit.closed_at and day(timezone.localtime(audit.closed_at))
    notes = [
        day(timezone.localtime(audit.started_at)),
        f"{at.in_already} of {at.people} handed in"
        if at.people > 1
        else f"{at.own.done} of {at.own.total} rated"
        if at.own
        else "Handed in"
        if at.in_already
        else f"By {day(audit.finish_on)}",
        f"{at.agreed} of {at.statements} agreed" if audit.talk_opened_at else "Once ratings are in",
        f"{at.priorities} chosen" if at.priorities else "Three to five priorities",
        f"Closed on {closed}" if closed else "Plan and keep going",
        f"From September {audit.year + 1}",
    ]
    return [
        Stop(label, "done" if place < here else "here" if place == here else "later", note)
        for place, (label, note) in enumerate(zip(LABELS, notes, strict=True))
    ]


def next_step(user: User, at: Standing) -> Next:
    """The one thing this reader does next."""
    audit = at.audit
    if audit.stage == Stage.CLOSED:
        return see_results(at)
    leads = access.can(user, Permission.AUDIT_LEAD, audit.service)
    if audit.stage == Stage.TALK:
        if leads:
            return lead_the_talk(at)
        if access.can(user, Permission.TALK_VIEW, audit.service):
            return Next(
                "The talk is open",
                "See where views differ, statement by statement, before anybody looks at totals.",
                reverse("talk", args=[audit.pk]),
                "Talk first",
            )
        if audit.totals_shown_at:
            return see_results(at)
        return wait(at, "Results appear when your leads show the agreed ratings.")
    if at.own:
        return rate_on(audit, at.own)
    if leads:
        return lead_the_rating(at)
    return wait(at, "Results appear once the ratings are talked about and agreed.")


def rate_on(audit: Audit, own: Progress) -> Next:
    item = own.next_item
    if item is None:
        return Next(
            "Check your ratings and hand in",
            "Every statement is rated. Have a last look; nothing is handed in yet.",
            reverse("check", args=[audit.pk]),
            "Check and hand in",
            str(own.total),
        )
    place = reverse("section", args=[audit.pk, item.statement.section.code])
    left = f"{own.left} {'statement' if own.left == 1 else 'statements'}"
    until = "The date was" if audit.is_late else "You have until"
    return Next(
        f"{left} to go" if own.begun else f"{left} to rate",
        f"{item.statement.section.name} is {'next' if own.begun else 'first'}. "
        f"{until} {day(audit.finish_on)}. Everything is saved as you go.",
        f"{place}#s{item.statement.pk}",
        f"{'Carry on at' if own.begun else 'Begin with'} {item.statement.code}",
        str(own.left),
    )


def lead_the_rating(at: Standing) -> Next:
    audit = at.audit
    if at.is_solo and at.all_in:
        return Next(
            "Take your ratings as the agreed ones",
            "Nobody else was asked to rate. Look them over once more, or invite others first.",
            reverse("agree_alone", args=[audit.pk]),
            "Look them over",
        )
    if at.in_already and (at.all_in or audit.is_late):
        return Next(
            "Open the talk",
            f"{at.people_in_words} handed in. See where views differ, and agree.",
            reverse("talk_open", args=[audit.pk]),
            "Open the talk",
            str(at.in_already),
        )
    if not at.people:
        return Next(
            "Ask people to rate",
            "Nobody is asked yet. Invite them by e-mail, or hand out a link.",
            reverse("respondents", args=[audit.pk]),
            "People who rate",
        )
    return Next(
        f"{at.people_in_words} handed in{' yet' if not at.in_already else ''}",
        f"Ratings are to be in by {day(audit.finish_on)}. Remind people, invite more, or open the "
        "talk when enough are in.",
        reverse("respondents", args=[audit.pk]),
        "People who rate",
        str(at.in_already),
    )


def lead_the_talk(at: Standing) -> Next:
    audit = at.audit
    if at.to_agree and not audit.alone:
        return Next(
            f"{at.to_agree} {'statement' if at.to_agree == 1 else 'statements'} to agree",
            "Begin where views differ most. Where they are close, agree many in one go.",
            reverse("talk", args=[audit.pk]),
            "Talk first",
            str(at.to_agree),
        )
    if not at.priorities:
        return Next(
            "Choose three to five priorities",
            "Few enough to act on. The rest is parked with a reason and comes back next year.",
            reverse("priorities", args=[audit.pk]),
            "Choose priorities",
        )
    return Next(
        "Close the year",
        f"{at.agreed} of {at.statements} statements are agreed, and priorities are chosen.",
        reverse("audit_close", args=[audit.pk]),
        "Close the year",
    )


def see_results(at: Standing) -> Next:
    return Next(
        f"Your results of {at.audit.year_name} are there",
        "See what stands out, what to work on, and take the report to your board.",
        reverse("results", args=[at.audit.pk]),
        "See your results",
    )


def wait(at: Standing, what: str) -> Next:
    audit = at.audit
    return Next(
        f"The self-assessment of {audit.year_name} is under way",
        f"{at.people_in_words} handed in{' yet' if not at.in_already else ''}. {what}",
        audit.get_absolute_url(),
        "See how far it is",
    )
