"""The words that a search knows: which mean the same, and which there are."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Synonyms(models.Model):
    """Words that mean the same when somebody searches: ED&I, EDI, IDEA."""

    words = models.CharField("words, with commas between", max_length=300)

    class Meta:
        ordering = ["words"]
        verbose_name_plural = "synonyms"

    def __str__(self) -> str:
        return self.words


class Word(models.Model):
    """A word in a title or a summary, for spelling help. A trigger of Resource adds them."""

    word = models.CharField(max_length=40, primary_key=True)

    class Meta:
        indexes = [
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="word_trgm"),
        ]

    def __str__(self) -> str:
        return self.word
