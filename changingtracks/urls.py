"""Every address of the portal, in the order of the story."""

from django.urls import include, path

from changingtracks import views
from changingtracks.everything import views as everything
from changingtracks.years import views as years

urlpatterns = [
    path("", views.home, name="home"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path("sitemap.xml", views.sitemap_index, name="sitemap"),
    path("sitemap-<slug:part>-<int:number>.xml", views.sitemap_file, name="sitemap_file"),
    path("health/", views.health, name="health"),
    path("services/<slug:slug>/year/", years.detail, name="overview"),
    path("programme/years/", years.listing, name="programme_years"),
    path("programme/years/table.csv", years.table, name="programme_years_csv"),
    path("account/", include("portal.account_urls")),
    path("services/<slug:slug>/everything/", everything.take, name="everything"),
    path("", include("resources.urls")),
    path("", include("actionplans.urls")),
    path("", include("selfassessment.urls")),
    path("", include("portal.urls")),
]

handler500 = "portal.views.errors.server_error"
