"""Addresses of action plans: each service's own, and what keeps them going."""

from django.urls import URLPattern

P = "plans/<int:pk>/"
OF = "plans/of/<slug:slug>/"
T = "targets/<int:pk>/"

urlpatterns: list[URLPattern] = []
