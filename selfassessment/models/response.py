"""The responses in a self-assessment, and their ratings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.constraints import one_of
from selfassessment.models.audit import Audit, Stage
from selfassessment.models.questionnaire import Section, Statement, StatementQuerySet
from selfassessment.models.respondent import Respondent
from selfassessment.models.role_group import FAMILY_GROUPS, RoleGroup

if TYPE_CHECKING:
    from portal.models import User


class Answer(models.TextChoices):
    """What a rating says. Unanswered (blank) is none of these, and none is a zero."""

    LEVEL = "level", "A level of the scale"
    DONT_KNOW = "dk", "Don’t know"
    NOT_APPLICABLE = "na", "Not applicable"


class Via(models.TextChoices):
    """How a rating came in."""

    BROWSER = "browser", "In the browser"
    LINK = "link", "By a personal link"
    IMPORT = "import", "From a workbook"
    BULK = "bulk", "In bulk"
    DEMO = "demo", "Invented for the demo"


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: User) -> Self:
        """One's own, while one belongs to the service: nobody rates with another's hand."""
        return self.filter(
            respondent__user=user,
            audit__service__memberships__user=user,
            audit__service__memberships__ended_at=None,
        )

    def being_rated(self) -> Self:
        """Those whose ratings may still change, as `is_open` says of one."""
        return self.filter(handed_in_at=None, audit__talk_opened_at=None, audit__closed_at=None)

    def handed_in(self) -> Self:
        return self.filter(handed_in_at__isnull=False)

    def counted(self) -> Self:
        """Those the talk is about: handed in when it was opened."""
        return self.filter(counted=True)

    def with_audit(self) -> Self:
        return self.select_related("audit")


# No context table: the row itself says who and how.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class Response(models.Model):
    """One person's copy of an audit. Once handed in anonymously nothing says whose it is."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="responses")
    respondent = models.OneToOneField(
        Respondent, null=True, blank=True, on_delete=models.CASCADE, related_name="response"
    )
    role_group = models.CharField("role group", max_length=16, choices=RoleGroup)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    counted = models.BooleanField(default=False, help_text="Part of the talk.")
    opening = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text="Which opening of the talk counted it in, from 1; 0: none told.",
    )

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("role_group", RoleGroup),
            models.CheckConstraint(
                name="response_in_the_making_is_somebodys",
                condition=Q(handed_in_at__isnull=False) | Q(respondent__isnull=False),
                violation_error_message="Say whose ratings these are.",
            ),
            models.CheckConstraint(
                name="response_that_counts_is_handed_in",
                condition=Q(counted=False) | Q(handed_in_at__isnull=False),
                violation_error_message="Only ratings that were handed in count.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.respondent or 'Somebody'} on {self.audit}"

    @property
    def is_open(self) -> bool:
        """Whether ratings may still change."""
        return self.handed_in_at is None and self.audit.stage == Stage.RATING

    @property
    def speaks_for_family(self) -> bool:
        """Whether statements come in plain words, where they have them."""
        return self.role_group in FAMILY_GROUPS

    def asked(self, statements: StatementQuerySet) -> StatementQuerySet:
        """Those of them that this person is asked.

        Young people and parents rate what has a plain wording, unless nothing has.
        """
        asked = self.audit.asked(statements)
        if not self.speaks_for_family:
            return asked
        every = Statement.objects.filter(questionnaire=self.audit.questionnaire_id)
        plain = self.audit.asked(every).in_plain_words()
        return asked.filter(~Q(plain_text="") | ~models.Exists(plain))

    def statements(self) -> StatementQuerySet:
        """What this person is asked, in order, each with its section and area."""
        every = Statement.objects.filter(questionnaire=self.audit.questionnaire_id)
        return self.asked(every).in_order()

    def sections(self) -> models.QuerySet[Section]:
        """The sections of what this person is asked, in order, each with its area."""
        sections = self.audit.sections()
        if not self.speaks_for_family:
            return sections
        within = Statement.objects.filter(section=models.OuterRef("pk"))
        return sections.filter(models.Exists(self.asked(within)))

    def ratings_of(self, statements: Iterable[Statement]) -> dict[int, Rating]:
        """What was said of them so far, by statement; nothing where no row stands behind this."""
        ratings = self.ratings.filter(statement__in=statements) if self.pk else []
        return {rating.statement_id: rating for rating in ratings}


class RatingQuerySet(models.QuerySet["Rating"]):
    def answered(self) -> Self:
        return self.exclude(answer="")


# No context table: the row itself says who and how.
@pghistory.track(context_field=None)  # type: ignore[arg-type]
class Rating(models.Model):
    """One person's word on one statement. Saved by itself, with the version it was read at."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="ratings")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="ratings")
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    value = models.SmallIntegerField(null=True, blank=True)
    reason = models.TextField("why it does not apply", max_length=1000, blank=True)
    comment = models.TextField("comment", max_length=4000, blank=True)
    evidence = models.TextField("example or evidence", max_length=2000, blank=True)
    evidence_url = models.URLField("web address of the evidence", max_length=500, blank=True)
    discuss = models.BooleanField("discuss this", default=False)
    version = models.PositiveIntegerField(default=1)
    page = models.CharField(max_length=32, help_text="Which load of which page wrote this last.")
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(
        "portal.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    via = models.CharField(max_length=8, choices=Via, default=Via.BROWSER)

    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("answer", Answer, blank=True),
            one_of("via", Via),
            models.UniqueConstraint(
                fields=["response", "statement"],
                name="one_rating_per_response_and_statement",
                violation_error_message="This statement is rated already in this response.",
            ),
            models.CheckConstraint(
                name="rating_has_a_value_exactly_when_it_is_a_level",
                condition=Q(answer=Answer.LEVEL, value__isnull=False)
                | ~Q(answer=Answer.LEVEL) & Q(value__isnull=True),
                violation_error_message="A level has a number; any other answer has none.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.choice or 'unanswered'}"

    @property
    def choice(self) -> str:
        """What the page's radio buttons call this answer: “3”, “dk”, “na” or nothing."""
        return str(self.value) if self.answer == Answer.LEVEL else self.answer
