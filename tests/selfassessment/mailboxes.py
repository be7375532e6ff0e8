"""Mail servers that misbehave, named in EMAIL_BACKEND."""

from __future__ import annotations

import smtplib

from django.core.mail.backends.base import BaseEmailBackend

SECRET = "user=portal password=hunter2"


class Refusing(BaseEmailBackend):
    """Knows nobody."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({to: (550, SECRET.encode()) for to in messages[0].to})


class Busy(BaseEmailBackend):
    """Has no time for this address now."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({to: (451, SECRET.encode()) for to in messages[0].to})


class Strict(BaseEmailBackend):
    """Does not let us in."""

    def send_messages(self, messages):
        raise smtplib.SMTPAuthenticationError(535, SECRET)


class Full(BaseEmailBackend):
    """Refuses what is said."""

    def send_messages(self, messages):
        raise smtplib.SMTPDataError(552, SECRET)


class Away(BaseEmailBackend):
    """Cannot be reached."""

    def send_messages(self, messages):
        raise ConnectionRefusedError(SECRET)


class Odd(BaseEmailBackend):
    """Breaks in a way nobody thought of."""

    def send_messages(self, messages):
        raise ValueError(SECRET)
