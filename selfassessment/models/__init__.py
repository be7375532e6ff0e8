"""Questionnaires, and what music services say with them."""

from .audit import Answer, Audit, Rating, Response, Scope, Via
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

__all__ = [
    "Answer",
    "Area",
    "Audit",
    "IdeaPillar",
    "Level",
    "PlanArea",
    "Questionnaire",
    "Rating",
    "Report",
    "ReportState",
    "Response",
    "Scope",
    "Section",
    "Statement",
    "Status",
    "Via",
]
