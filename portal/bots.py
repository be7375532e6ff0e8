"""Public forms without a puzzle: a time trap, and no more messages than people write."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django import forms
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

SIGNER = signing.TimestampSigner(salt="portal.bots")
QUICKEST = timedelta(seconds=4)  # nobody fills in a form in less
LONGEST = timedelta(days=1)
TOO_QUICK = "That was quicker than people type. Read it once more, then send it again."
TOO_LATE = "This page was open for very long. Wait a moment, then send it again."


class TrappedForm(forms.Form):
    """A form that says, signed, when it was opened. Whoever is too quick tries again."""

    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["opened"].initial = stamp

    def clean(self) -> dict[str, object]:
        opened = self.cleaned_data.get("opened", "")
        if not is_younger(opened, LONGEST):
            # A new stamp goes out with what was typed
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data[self.add_prefix("opened")] = stamp()  # type: ignore[index]
            self.add_error(None, TOO_LATE)
        elif is_younger(opened, QUICKEST):
            self.add_error(None, TOO_QUICK)
        return self.cleaned_data


def stamp() -> str:
    return SIGNER.sign("opened")


def is_younger(stamped: str, age: timedelta) -> bool:
    """Whether a stamp of ours was made within this time."""
    try:
        SIGNER.unsign(stamped, max_age=age)
    except signing.BadSignature:  # an old one too
        return False
    return True


def sender_of(request: HttpRequest) -> str:
    """Where a request comes from, as a word that does not say where."""
    address = get_adapter().get_client_ip(request) or ""
    return salted_hmac("portal.bots", address, algorithm="sha256").hexdigest()[:32]


def has_room(key: str, *, most: int, within: timedelta) -> bool:
    """Take one of `most` places that come free after a time; False where none is left.

    Each place is a key of its own, so that two requests at once never take the same.
    """
    seconds = int(within.total_seconds())
    return any(cache.add(f"room:{key}:{place}", value=1, timeout=seconds) for place in range(most))
