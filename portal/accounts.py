"""How django-allauth works here: accounts come by invitation, and demo ones only in the demo."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

WRONG_CODE = "This code is not right, or its time has run out. Enter the newest one."

# Every sign-in of the demo has an address below this name, which nobody can own (RFC 2606).
DEMO_DOMAIN = ".example.org"


def may_sign_in(user: AbstractBaseUser) -> bool:
    """Whether the account is in use: a demo one, with its well-known password, only in the demo."""
    is_demo = str(getattr(user, "email", "")).endswith(DEMO_DOMAIN)
    return user.is_active and (settings.DEMO or not is_demo)


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Asked at sign-in and again at each request, so that a closed account is out at once."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        return user is not None and may_sign_in(user)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "This address and this password do not belong together. Check both, and try again."
        ),
        "too_many_login_attempts": (
            "That was wrong too many times. To keep strangers out, we take no password for the "
            "next five minutes. Then try again."
        ),
        "enter_current_password": "This is not your password. Enter the one you have now.",
        "incorrect_password": "This is not your password. Try again.",
        "incorrect_code": WRONG_CODE,
        "email_taken": "Somebody else signs in with this address. Choose another one.",
        "duplicate_email": "This is your address already.",
        "same_as_current": "This is your address already.",
        "rate_limited": "That was too often. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's name)
        return False

    def pre_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse | None:
        """Passkeys and links come by here too, past the password."""
        user.is_active = may_sign_in(user)  # never saved: allauth has a page for closed accounts
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("account_index")


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
    }

    def generate_authenticator_name(
        self,
        user: AbstractBaseUser,
        type: Authenticator.Type,  # noqa: A002 (allauth's name)
    ) -> str:
        """What a key is called until its owner names it."""
        return f"Key {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"
