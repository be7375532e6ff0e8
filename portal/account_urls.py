"""Signing in and one's own account: django-allauth's views under our addresses."""

from django.urls import include, path

from portal.views import account

urlpatterns = [
    path("", account.index, name="account_index"),
    path("name/", account.name, name="account_name"),
    path("", include("allauth.urls")),
]
