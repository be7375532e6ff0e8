"""django-allauth's forms in our words: plain labels, hints where they help, no placeholders."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

from portal.forms import LENGTH, NOT_AN_ADDRESS

EMAIL = "E-mail address"
NEEDED = {
    "login": "Enter your e-mail address.",
    "email": "Enter an e-mail address.",
    "password": "Enter your password.",
    "oldpassword": "Enter the password you have now.",
    "password1": "Choose a new password.",
    "password2": "Enter the new password once more.",
    "code": "Enter the code.",
}


class OurWords(forms.Form):
    labels: ClassVar[dict[str, str]] = {}
    hints: ClassVar[dict[str, str]] = {}  # fields not named here lose the hint they came with

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            if name in NEEDED:
                field.error_messages["required"] = NEEDED[name]
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = NOT_AN_ADDRESS


class LoginForm(OurWords, account.LoginForm):  # type: ignore[misc]
    labels = {"login": EMAIL, "remember": "Stay signed in on this computer for 14 days"}


class ResetPasswordForm(OurWords, account.ResetPasswordForm):  # type: ignore[misc]
    labels = {"email": EMAIL}


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    labels = {"password1": "New password", "password2": "The same once more"}
    hints = {"password1": LENGTH}


class ChangePasswordForm(OurWords, account.ChangePasswordForm):  # type: ignore[misc]
    labels = {
        "oldpassword": "Your password now",
        "password1": "New password",
        "password2": "The same once more",
    }
    hints = {"password1": LENGTH}


class SetPasswordForm(OurWords, account.SetPasswordForm):  # type: ignore[misc]
    labels = {"password2": "The same once more"}
    hints = {"password1": LENGTH}


class AddEmailForm(OurWords, account.AddEmailForm):  # type: ignore[misc]
    labels = {"email": "New e-mail address"}
    hints = {"email": "We send a link to it. The change counts once you have opened that link."}


class ReauthenticateForm(OurWords, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class AuthenticateForm(OurWords, second_step.AuthenticateForm):  # type: ignore[misc]
    hints = {"code": "The six figures in your authenticator app, or one of your recovery codes."}


class ConfirmByCodeForm(OurWords, second_step.ReauthenticateForm):  # type: ignore[misc]
    hints = AuthenticateForm.hints


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    labels = {"code": "Six figures from the app"}


class AddWebAuthnForm(OurWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    labels = {"name": "Name", "passwordless": "Use it to sign in without a password"}
    hints = {
        "name": "So that you know it again, for example “Work laptop”.",
        "passwordless": "Needs your fingerprint, face or PIN each time. This is a passkey.",
    }


class EditWebAuthnForm(OurWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    labels = {"name": "Name"}
