"""What the worker does for annual reviews: makes each PDF from its data."""

from __future__ import annotations

import hashlib

from procrastinate import JobContext
from procrastinate.contrib.django import app

from portal import papers, pdf
from resources.models import Printing
from resources.reviews import paper, printing, word


@app.task(name=printing.MAKE, pass_context=True, retry=papers.RETRY)
def make_printing(context: JobContext, printing_id: int) -> None:
    """Make the PDF of one printing. Doing it twice gives the same file: a retry is harmless."""
    papers.attempt(context, Printing.objects.all(), printing_id, make)


def make(printing_id: int) -> None:
    row = papers.on_its_way(Printing.objects.all(), printing_id)
    made = papers.make(
        row, file="content", lay_out=lay_out, check=lambda _, content: pdf.faults(content)
    )
    if made:
        printing.make_room(made)


def lay_out(made: Printing) -> bytes:
    """The PDF; its size and checksum, and the Word file, are there before anybody can take it."""
    row = Printing.objects.filter(pk=made.pk)
    pictures = paper.pictures_of(made)
    # Before the pages are laid out, as long as there is room for it.
    row.update(word=word.document(made.data, pictures))
    content = paper.lay_out(made.data, pictures)
    checksum = hashlib.sha256(content).hexdigest()
    row.update(sha256=checksum, size=len(content), pages=pdf.count(content))
    return content
