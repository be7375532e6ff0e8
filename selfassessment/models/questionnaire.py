"""A questionnaire is one edition of a self-assessment tool, with its own scale.

Once published it never changes; triggers in the database see to that (migration 0002).
So answers need no copy of what was asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal import access
from portal.constraints import one_of, together
from portal.models import Topic

if TYPE_CHECKING:
    from portal.models import User


class Status(models.TextChoices):
    """Where an edition is in its life."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn from new use"


class PlanArea(models.TextChoices):
    """The four areas of an action plan."""

    WORKFORCE = "Workforce development", "Workforce development"
    YOUNG_VOICE = "Young people's voice", "Young people’s voice"  # stored as imports spell it
    PROGRAMMING = "Programming and resources", "Programming and resources"
    LEADERSHIP = "Leadership and strategy", "Leadership and strategy"


class IdeaPillar(models.TextChoices):
    """The eight pillars of Youth Music's IDEA framework."""

    VISION = "Vision, Values and Strategy", "Vision, Values and Strategy"
    PEOPLE = "People and Culture", "People and Culture"
    POLICIES = "Key Policies and Procedures", "Key Policies and Procedures"
    REACH = "Reach and Engagement", "Reach and Engagement"
    OFFER = "Musical Offer", "Musical Offer"
    VOICE = "Youth Voice", "Youth Voice"
    COMMUNICATIONS = "Communications", "Communications"
    PARTNERSHIPS = "Partnerships and Advocacy", "Partnerships and Advocacy"


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def visible_to(self, user: User) -> Self:
        """The programme reads all editions; a service reads those it could use or has used."""
        if access.can(user, access.Permission.QUESTIONNAIRE_EDIT):
            return self
        if access.can(user, access.Permission.QUESTIONNAIRE_VIEW) or user.live_memberships:
            return self.exclude(status=Status.DRAFT)
        return self.none()

    def drafts(self) -> Self:
        return self.filter(status=Status.DRAFT)

    def in_use(self) -> Self:
        """Published and not withdrawn: a new self-assessment may start on it."""
        return self.filter(status=Status.PUBLISHED)

    def with_counts(self) -> Self:
        return self.annotate(
            statement_count=models.Count("statements"),
            quick_count=models.Count("statements", filter=Q(statements__quick_check=True)),
        )

    def with_contents(self) -> Self:
        """Everything in them, each part in its order: six queries, however long."""
        return self.prefetch_related("levels", "areas__sections__statements__topics")


class Questionnaire(models.Model):
    """One edition of a self-assessment tool: a scale, areas, sections, statements."""

    name = models.CharField("name of the questionnaire", max_length=120)
    edition = models.PositiveSmallIntegerField("edition", default=1)
    source = models.TextField("where it comes from, and by whose permission", blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT, editable=False)
    based_on = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="later_editions",
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        "portal.User",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-edition"]
        constraints = [
            one_of("status", Status),
            together("published_at", "published_by"),
            together("withdrawn_at", "withdrawn_by"),
            models.UniqueConstraint(
                fields=["name", "edition"],
                name="questionnaire_edition_is_unique",
                violation_error_message="This edition of the questionnaire exists already.",
            ),
            models.CheckConstraint(
                name="questionnaire_has_a_publisher_once_out",
                condition=Q(status=Status.DRAFT, published_at__isnull=True)
                | ~Q(status=Status.DRAFT) & Q(published_at__isnull=False),
                violation_error_message="Say who published the questionnaire, and when.",
            ),
            models.CheckConstraint(
                name="questionnaire_withdrawn_says_by_whom",
                condition=Q(status=Status.WITHDRAWN, withdrawn_at__isnull=False)
                | ~Q(status=Status.WITHDRAWN) & Q(withdrawn_at__isnull=True),
                violation_error_message="Say who withdrew the questionnaire, and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, edition {self.edition}"

    def get_absolute_url(self) -> str:
        return reverse("questionnaire", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT


class Level(models.Model):
    """One step of a questionnaire's scale: its value, its name, and when to choose it."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="levels"
    )
    value = models.SmallIntegerField("number")
    name = models.CharField("name", max_length=40)
    anchor = models.CharField("choose this when", max_length=300, blank=True)

    class Meta:
        ordering = ["value"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "value"],
                name="level_value_is_unique_in_its_scale",
                violation_error_message="The scale has a level with this number already.",
            ),
            models.CheckConstraint(
                name="level_value_is_between_0_and_10",
                condition=Q(value__range=(0, 10)),
                violation_error_message="Levels are numbered from 0 to 10.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.name}"


class Area(models.Model):
    """The widest part of a questionnaire, such as “Your policies”."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="areas")
    code = models.CharField("code", max_length=8)
    name = models.CharField("name of the area", max_length=120)
    order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "code"],
                name="area_code_is_unique_in_its_questionnaire",
                violation_error_message="The questionnaire has an area with this code already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Section(models.Model):
    """A few statements on one matter, shown on one page."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="sections"
    )
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="sections")
    code = models.CharField("code", max_length=8)
    name = models.CharField("name of the section", max_length=120)
    order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["area__order", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "code"],
                name="section_code_is_unique_in_its_questionnaire",
                violation_error_message="The questionnaire has a section with this code already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class StatementQuerySet(models.QuerySet["Statement"]):
    def in_order(self) -> Self:
        """As asked, with the section and area each belongs to."""
        return self.select_related("section__area").order_by(
            "section__area__order", "section__order", "order", "pk"
        )

    def quick_check(self) -> Self:
        return self.filter(quick_check=True)

    def in_plain_words(self) -> Self:
        """Those that young people and parents are asked: they have a plain wording."""
        return self.exclude(plain_text="")


class Statement(models.Model):
    """Something a music service may find true of itself; it is rated, never answered."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="statements"
    )
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="statements")
    code = models.CharField("code", max_length=12)
    text = models.TextField("statement", max_length=600)
    guidance = models.TextField("guidance", max_length=1000, blank=True)
    plain_text = models.TextField("plain wording", max_length=600, blank=True)
    plan_area = models.CharField("plan area", max_length=40, choices=PlanArea)
    idea_pillar = models.CharField("IDEA pillar", max_length=40, choices=IdeaPillar, blank=True)
    quick_check = models.BooleanField("part of the quick check", default=False)
    topics = models.ManyToManyField(Topic, blank=True, related_name="statements")
    order = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            one_of("plan_area", PlanArea),
            one_of("idea_pillar", IdeaPillar, blank=True),
            models.UniqueConstraint(
                fields=["questionnaire", "code"],
                name="statement_code_is_unique_in_its_questionnaire",
                violation_error_message="The questionnaire has a statement with this code already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"
