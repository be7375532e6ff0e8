"""Which tables are a music service's own, and which are not, each with the reason.

A test fails on a model that is in neither list: whoever adds one decides here.
"""

# ruff: noqa: SLF001 (a model's _meta is documented by Django)
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model


@dataclass(frozen=True)
class Table:
    """A model, and the lookup that leads from its rows to the service they belong to."""

    label: str
    of: str

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)

    @property
    def name(self) -> str:
        """What the file calls it: “progress notes”."""
        return str(self.model._meta.verbose_name_plural)

    def rows(self, service_id: int) -> Any:
        manager: Any = self.model._default_manager
        return manager.filter(**{self.of: service_id}).order_by("pk")


# In an order in which each can be read back: what a row refers to comes before it.
TABLES = (
    Table("portal.MusicService", "pk"),
    Table("portal.ServiceLogo", "service"),
    Table("portal.FormerName", "service"),
    Table("portal.Membership", "service"),
    Table("portal.NwgSeat", "service"),
    Table("portal.Invitation", "service"),
    Table("portal.Activity", "service"),
    Table("selfassessment.Baseline", "service"),
    Table("selfassessment.BaselineTotal", "baseline__service"),
    Table("selfassessment.Audit", "service"),
    Table("selfassessment.SharedLink", "audit__service"),
    Table("selfassessment.Respondent", "audit__service"),
    Table("selfassessment.AgreedRating", "audit__service"),
    Table("selfassessment.AgreedRatingEvent", "audit__service"),
    Table("selfassessment.Priority", "audit__service"),
    Table("selfassessment.PriorityEvent", "audit__service"),
    Table("actionplans.TermDates", "service"),
    Table("actionplans.ActionPlan", "service"),
    Table("actionplans.ActionPlanEvent", "service"),
    Table("actionplans.Target", "plan__service"),
    Table("actionplans.TargetEvent", "plan__service"),
    Table("actionplans.Leaving", "plan__service"),
    Table("actionplans.Milestone", "target__plan__service"),
    Table("actionplans.MilestoneEvent", "target__plan__service"),
    Table("actionplans.ProgressNote", "target__plan__service"),
    Table("actionplans.ProgressNoteEvent", "target__plan__service"),
    Table("actionplans.Evidence", "note__target__plan__service"),
    Table("actionplans.Review", "plan__service"),
    Table("actionplans.ReviewLine", "review__plan__service"),
    Table("actionplans.PublicSummary", "plan__service"),
)

ONE_PERSONS = (
    "what one person said or chose is that person’s; the talk’s tables say what may be told"
)
PROGRAMMES = "the programme’s; rows refer to it by name and code"
DERIVED = "worked out from what is here"
ON_ITS_WAY = "on its way in; nothing of the service’s until it is taken in"
LEFT_OUT = {
    "portal.User": "accounts; the names and addresses of members are under “people”",
    "portal.LocalAuthority": PROGRAMMES,
    "portal.Topic": PROGRAMMES,
    "portal.HubArea": PROGRAMMES,
    "portal.HubLead": PROGRAMMES,
    "portal.HubMember": PROGRAMMES,
    "resources.Page": PROGRAMMES,
    "resources.PageEvent": PROGRAMMES,
    "resources.Resource": PROGRAMMES,
    "resources.ResourceEvent": PROGRAMMES,
    "resources.ResourceFile": PROGRAMMES,
    "resources.ResourcePicture": PROGRAMMES,
    "resources.LinkCheck": PROGRAMMES,
    "resources.Synonyms": PROGRAMMES,
    "resources.Word": "words of the library, for spelling help; nobody’s",
    "resources.Subscriber": PROGRAMMES,
    "resources.AnnualReview": PROGRAMMES,
    "resources.AnnualReviewEvent": PROGRAMMES,
    "resources.Chapter": PROGRAMMES,
    "resources.ChapterEvent": PROGRAMMES,
    "resources.Quotation": PROGRAMMES,
    "resources.QuotationEvent": PROGRAMMES,
    "resources.Remark": PROGRAMMES,
    "resources.OwnFigure": PROGRAMMES,
    "resources.Picture": PROGRAMMES,
    "resources.Printing": PROGRAMMES,
    "resources.Kept": ONE_PERSONS,
    "resources.Usefulness": ONE_PERSONS,
    "selfassessment.Response": ONE_PERSONS,
    "selfassessment.ResponseEvent": ONE_PERSONS,
    "selfassessment.Rating": ONE_PERSONS,
    "selfassessment.RatingEvent": ONE_PERSONS,
    "selfassessment.RespondentMail": "mail that was sent; respondents say when they were asked",
    "selfassessment.Questionnaire": PROGRAMMES,
    "selfassessment.Level": PROGRAMMES,
    "selfassessment.Area": PROGRAMMES,
    "selfassessment.Section": PROGRAMMES,
    "selfassessment.Statement": PROGRAMMES,
    "selfassessment.EditionMapping": PROGRAMMES,
    "selfassessment.MappingLine": PROGRAMMES,
    "selfassessment.SharedScore": DERIVED,
    "resources.ToldFigure": DERIVED,
    "selfassessment.Benchmark": DERIVED,
    "selfassessment.BenchmarkMember": DERIVED,
    "selfassessment.BenchmarkGroup": DERIVED,
    "selfassessment.BenchmarkFigure": DERIVED,
    "selfassessment.Report": "files made from what is here; the newest are under “papers”",
    "selfassessment.Upload": ON_ITS_WAY,
    "actionplans.Paper": "files made from what is here; the newest are under “papers”",
    "actionplans.PlanUpload": ON_ITS_WAY,
    "actionplans.ExampleTarget": PROGRAMMES,
    "actionplans.Snooze": ONE_PERSONS,
    "actionplans.ReminderChoice": ONE_PERSONS,
    "actionplans.Digest": ONE_PERSONS,
}
