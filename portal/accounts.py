"""How django-allauth works here: accounts come by invitation, and demo ones only in the demo."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

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
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's name)
        return False

    def pre_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse | None:
        """Passkeys and links come by here too, past the password."""
        user.is_active = may_sign_in(user)  # never saved: allauth has a page for closed accounts
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response
