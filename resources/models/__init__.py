"""What the programme publishes: the library, its pages, and the annual review."""

from .chapters import Chapter, ChapterKind, Picture, Quotation, Remark
from .figures import OwnFigure, ToldFigure
from .library import (
    Audience,
    Kept,
    LinkCheck,
    Resource,
    ResourceFile,
    ResourceKind,
    ResourceState,
    Usefulness,
    Visibility,
    open_to,
)
from .pages import Page, Subscriber
from .pictures import ResourcePicture
from .reviews import AnnualReview, Printing, ReviewState
from .words import Synonyms, Word

__all__ = [
    "AnnualReview",
    "Audience",
    "Chapter",
    "ChapterKind",
    "Kept",
    "LinkCheck",
    "OwnFigure",
    "Page",
    "Picture",
    "Printing",
    "Quotation",
    "Remark",
    "Resource",
    "ResourceFile",
    "ResourceKind",
    "ResourcePicture",
    "ResourceState",
    "ReviewState",
    "Subscriber",
    "Synonyms",
    "ToldFigure",
    "Usefulness",
    "Visibility",
    "Word",
    "open_to",
]
