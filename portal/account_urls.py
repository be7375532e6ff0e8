"""Signing in and one's own account: django-allauth's views under our addresses."""

from allauth.account.urls import urlpatterns as allauth_account
from django.urls import include, path

from portal.views import account

# Signing in by a code in a mail is off, so its page has nothing to confirm.
UNUSED = {"account_confirm_login_code"}

urlpatterns = [
    path("", account.index, name="account_index"),
    path("name/", account.name, name="account_name"),
    path("", include([pattern for pattern in allauth_account if pattern.name not in UNUSED])),
    path("two-step/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
