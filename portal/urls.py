"""Addresses of the ground floor: services, people, and the pages for developers."""

from django.urls import path

from portal.views import dev, directory, hubs, logos, people, profiles, programme, seats, services

urlpatterns = [
    path("services/", services.listing, name="services"),
    path("services/table.csv", services.table, name="services_csv"),
    path("services/add/", services.add, name="service_add"),
    path("services/import/", directory.take_in, name="directory_import"),
    path("services/hub-areas/", hubs.listing, name="hub_areas"),
    path("services/hub-areas/table.csv", hubs.table, name="hub_areas_csv"),
    path("services/hub-areas/import/", directory.take_hubs_in, name="hub_import"),
    path("services/hub-areas/add/", hubs.add, name="hub_add"),
    path("services/hub-areas/<int:pk>/", hubs.edit, name="hub_edit"),
    path("services/hub-areas/<int:pk>/lead/", hubs.lead, name="hub_lead"),
    path("services/switch/", services.switch, name="switch_service"),
    path("services/<slug:slug>/", services.detail, name="service"),
    path("services/<slug:slug>/edit/", directory.edit, name="service_edit"),
    path("services/<slug:slug>/profile/", profiles.edit, name="service_profile"),
    path("services/<slug:slug>/contact/", profiles.contact, name="service_contact"),
    path("services/<slug:slug>/seats/propose/", seats.propose, name="seat_propose"),
    path("services/<slug:slug>/seats/give/", seats.give, name="seat_give"),
    path("services/<slug:slug>/activity/", services.activity, name="activity"),
    path("services/<slug:slug>/logo/", logos.edit, name="logo"),
    path("services/<slug:slug>/logo/image/", logos.image, name="logo_image"),
    path("services/<slug:slug>/people/", people.listing, name="people"),
    path("services/<slug:slug>/people/invite/", people.invite, name="invite"),
    path("services/<slug:slug>/people/<int:pk>/role/", people.role, name="member_role"),
    path("services/<slug:slug>/people/<int:pk>/remove/", people.remove, name="member_remove"),
    path("invitations/<int:pk>/send-again/", people.send_again, name="invitation_send_again"),
    path("invitations/<int:pk>/withdraw/", people.withdraw, name="invitation_withdraw"),
    path("join/<str:token>/", people.join, name="join"),
    path("programme/", programme.desks, name="programme"),
    path("programme/nwg-seats/", seats.listing, name="seats"),
    path("programme/nwg-seats/<int:pk>/end/", seats.end, name="seat_end"),
    path("programme/people/", programme.listing, name="programme_people"),
    path("programme/people/invite/", programme.invite, name="programme_invite"),
    path("programme/people/<int:pk>/end/", programme.end, name="programme_end"),
    path("dev/style/", dev.style, name="dev_style"),
    path("dev/mail/", dev.mail_list, name="dev_mail"),
    path("dev/mail/<str:name>/", dev.mail_detail, name="dev_mail_detail"),
]
