"""Addresses of action plans: each service's own, and what keeps them going."""

from django.urls import URLPattern, path

from actionplans.views import examples, notes, plans, target_pages

P = "plans/<int:pk>/"
OF = "plans/of/<slug:slug>/"
T = "targets/<int:pk>/"

urlpatterns: list[URLPattern] = [
    # Plans
    path(OF, plans.listing, name="plans"),
    path(f"{OF}start/", plans.start, name="plan_start"),
    path(P, plans.detail, name="plan"),
    # A target, and what becomes of it
    path(T, target_pages.detail, name="target"),
    path(f"{T}note/", notes.add, name="note_add"),
]
