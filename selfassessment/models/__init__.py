"""Questionnaires, and what music services say with them."""

from .agreement import Agreed, AgreedRating, Priority, Standing
from .audit import Audit, Privacy, Scope, Stage
from .benchmark import (
    Benchmark,
    BenchmarkFigure,
    BenchmarkGroup,
    BenchmarkMember,
    SharedScore,
    Split,
)
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
from .report import Report, ReportKind, ReportState
from .respondent import (
    MailKind,
    MailState,
    Reached,
    Respondent,
    RespondentMail,
    Source,
)
from .response import Answer, Rating, Response, Via
from .role_group import FAMILY_GROUPS, ROLE_GROUPS, RoleGroup
from .shared_link import SharedLink
from .upload import Upload, UploadState

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
    "Benchmark",
    "BenchmarkFigure",
    "BenchmarkGroup",
    "BenchmarkMember",
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
    "Reached",
    "Report",
    "ReportKind",
    "ReportState",
    "Respondent",
    "RespondentMail",
    "Response",
    "RoleGroup",
    "Scope",
    "Section",
    "SharedLink",
    "SharedScore",
    "Source",
    "Split",
    "Stage",
    "Standing",
    "Statement",
    "Status",
    "Upload",
    "UploadState",
    "Via",
]
