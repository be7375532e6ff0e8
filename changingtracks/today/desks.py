"""What waits at the desks of the programme, and how much there is of everything: one query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from actionplans.models import ExampleTarget
from portal.access import ProgrammeRole
from portal.models import Invitation, MusicService, NwgSeat, User
from resources.desk import shelves
from resources.models import AnnualReview, Resource, ReviewState
from selfassessment.models import Questionnaire, Status
from selfassessment.steps import how_many


@dataclass(frozen=True)
class Desks:
    """Numbers alone. What somebody wrote last themselves waits for somebody else."""

    in_use: int  # questionnaires
    drafts: int
    services: int
    without_lead: int
    examples: int
    invitations: int
    resources: int  # for a second pair of eyes
    own_resources: int  # of them, written by the one who looks
    due: int
    broken: int
    reviews: int  # annual ones, handed over
    own_reviews: int
    corrections: int  # annual reviews that were changed after they came out
    own_corrections: int
    seats: int  # proposed
    others: int  # of the team


def read(user: User) -> Desks:
    questionnaires = Questionnaire.objects.visible_to(user)
    library = Resource.objects.visible_to(user)
    piles = shelves.piles(user, timezone.localdate())
    annual = AnnualReview.objects.visible_to(user)
    handed_over = annual.filter(state=ReviewState.IN_REVIEW)
    changed = annual.changed_since()
    team = User.objects.filter(programme_role=ProgrammeRole.TEAM, is_active=True)
    counts = User.objects.filter(pk=user.pk).values(
        in_use=how_many(questionnaires.filter(status=Status.PUBLISHED)),
        drafts=how_many(questionnaires.filter(status=Status.DRAFT)),
        services=how_many(MusicService.objects.all()),
        without_lead=how_many(MusicService.objects.without_lead()),
        examples=how_many(ExampleTarget.objects.all()),
        invitations=how_many(Invitation.objects.visible_to(user).waiting()),
        resources=how_many(library.filter(piles["review"])),
        own_resources=how_many(library.filter(piles["review"], written_by=user)),
        due=how_many(library.filter(piles["due"])),
        broken=how_many(library.filter(piles["broken"])),
        reviews=how_many(handed_over),
        own_reviews=how_many(handed_over.filter(written_by=user)),
        corrections=how_many(changed),
        own_corrections=how_many(changed.filter(written_by=user)),
        seats=how_many(NwgSeat.objects.visible_to(user).proposed()),
        others=how_many(team.exclude(pk=user.pk)),
    )
    return Desks(**counts.get())


@dataclass(frozen=True)
class Waits:
    """So many of one sort wait for the team."""

    many: int
    one: str
    more: str  # “… resources wait”, with their number before it
    text: str
    url: str
    action: str
    is_asked: bool = False  # somebody waits for an answer

    @property
    def title(self) -> str:
        return self.one if self.many == 1 else f"{self.many} {self.more}"


def waiting(desks: Desks) -> Iterator[Waits]:
    """What waits for this member of the team, the most pressing first."""
    desk = reverse("resource_desk")
    mine = desks.others == 0  # nobody else could be the second pair of eyes
    sorts = [
        Waits(
            desks.resources - (0 if mine else desks.own_resources),
            "A resource is for a second pair of eyes",
            "resources are for a second pair of eyes",
            "Somebody has handed it over: read it, and publish it or send it back.",
            f"{desk}?show=review",
            "Open the library desk",
            is_asked=True,
        ),
        Waits(
            desks.reviews - (0 if mine else desks.own_reviews),
            "An annual review is for a second pair of eyes",
            "annual reviews are for a second pair of eyes",
            "It was handed over, and comes out once somebody else of the team has read it.",
            reverse("review_desk"),
            "Open the annual reviews desk",
            is_asked=True,
        ),
        Waits(
            desks.corrections - (0 if mine else desks.own_corrections),
            "A correction of an annual review is for a second pair of eyes",
            "corrections of annual reviews are for a second pair of eyes",
            "Somebody changed it after it came out. Read the change, and publish the correction.",
            reverse("review_desk"),
            "Open the annual reviews desk",
            is_asked=True,
        ),
        Waits(
            desks.seats,
            "An NWG seat is proposed",
            "NWG seats are proposed",
            "A lead has named somebody. Give the seat, or say no.",
            reverse("seats"),
            "Open the NWG seats",
            is_asked=True,
        ),
        Waits(
            desks.broken,
            "A resource has a broken link",
            "resources have a broken link",
            "Twice in a row nothing answered. Mend it, or archive the resource.",
            f"{desk}?show=broken",
            "See which",
        ),
        Waits(
            desks.due,
            "A resource is due to be looked at again",
            "resources are due to be looked at again",
            "Its day has come. Read it through, and give it another day.",
            f"{desk}?show=due",
            "See which",
        ),
    ]
    return (one for one in sorts if one.many > 0)
