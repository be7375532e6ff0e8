"""Addresses of the pages of words and of the e-news."""

from django.urls import path, re_path

from resources.pages import SLUGS
from resources.views import enews, pages

urlpatterns = [
    # By name, so that none of them ever stands before an address of something else
    re_path(rf"^(?P<slug>{'|'.join(SLUGS)})/$", pages.detail, name="page"),
    path("pages/", pages.desk, name="page_desk"),
    path("pages/<slug:slug>/edit/", pages.edit, name="page_edit"),
    path("pages/<slug:slug>/history/", pages.history, name="page_history"),
    path("pages/<slug:slug>/history/<int:number>/", pages.version, name="page_version"),
    path("enews/", enews.ask, name="enews"),
    path("enews/sent/", enews.sent, name="enews_sent"),
    path("enews/left/", enews.left, name="enews_left"),
    path("enews/readers/", enews.listing, name="enews_list"),
    path("enews/readers/addresses.csv", enews.addresses, name="enews_csv"),
    path("enews/link/<str:key>/", enews.link, name="enews_link"),
    path("enews/link/<str:key>/leave/", enews.leave, name="enews_leave"),
]
