"""Addresses of what the programme publishes: library, pages, annual reviews."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
