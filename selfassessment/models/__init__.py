"""Questionnaires, and what music services say with them."""

from .agreement import Agreed, AgreedRating, Priority, Standing
from .audit import Audit, Privacy, Scope, Stage
from .looking_back import (
    CONTINUES,
    Baseline,
    BaselineTotal,
    Became,
    EditionMapping,
    Exactness,
    MappingLine,
)
from .questionnaire import (
    Area,
    IdeaPillar,
    Level,
    PlanArea,
    Questionnaire,
    Section,
    Statement,
    Status,
)
from .report import Report, ReportState
from .respondent import (
    FAMILY_GROUPS,
    ROLE_GROUPS,
    MailKind,
    MailState,
    Respondent,
    RespondentMail,
    RoleGroup,
    SharedLink,
    Source,
)
from .response import Answer, Rating, Response, Via

__all__ = [
    "CONTINUES",
    "FAMILY_GROUPS",
    "ROLE_GROUPS",
    "Agreed",
    "AgreedRating",
    "Answer",
    "Area",
    "Audit",
    "Baseline",
    "BaselineTotal",
    "Became",
    "EditionMapping",
    "Exactness",
    "IdeaPillar",
    "Level",
    "MailKind",
    "MailState",
    "MappingLine",
    "PlanArea",
    "Priority",
    "Privacy",
    "Questionnaire",
    "Rating",
    "Report",
    "ReportState",
    "Respondent",
    "RespondentMail",
    "Response",
    "RoleGroup",
    "Scope",
    "Section",
    "SharedLink",
    "Source",
    "Stage",
    "Standing",
    "Statement",
    "Status",
    "Via",
]
