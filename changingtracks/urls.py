"""Every address of the portal, in the order of the story."""

from django.urls import include, path

from changingtracks import views
from changingtracks.everything import views as everything

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("account/", include("portal.account_urls")),
    path("services/<slug:slug>/everything/", everything.take, name="everything"),
    path("", include("actionplans.urls")),
    path("", include("selfassessment.urls")),
    path("", include("portal.urls")),
]

handler500 = "portal.views.errors.server_error"
