"""What a music service decides to do, and what becomes of it."""

from .example import ExampleTarget
from .leaving import Leaving
from .note import Evidence, ProgressNote, Rag, Scan
from .paper import Paper, PaperFormat, PaperKind, PublicSummary
from .plan import AGREED_STATES, ActionPlan, PlanState, first_day, last_day
from .reminding import Digest, ReminderChoice, Snooze, Term, TermDates
from .review import Decision, Review, ReviewLine
from .target import (
    AREA_CODES,
    MOST_STEPS,
    STALLED_AFTER,
    Heard,
    Milestone,
    Target,
    TargetStatus,
)
from .upload import PlanUpload

__all__ = [
    "AGREED_STATES",
    "AREA_CODES",
    "MOST_STEPS",
    "STALLED_AFTER",
    "ActionPlan",
    "Decision",
    "Digest",
    "Evidence",
    "ExampleTarget",
    "Heard",
    "Leaving",
    "Milestone",
    "Paper",
    "PaperFormat",
    "PaperKind",
    "PlanState",
    "PlanUpload",
    "ProgressNote",
    "PublicSummary",
    "Rag",
    "ReminderChoice",
    "Review",
    "ReviewLine",
    "Scan",
    "Snooze",
    "Target",
    "TargetStatus",
    "Term",
    "TermDates",
    "first_day",
    "last_day",
]
