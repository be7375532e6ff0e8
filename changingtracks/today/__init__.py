"""What somebody finds when they sign in: the one thing to do next, and where the year stands."""

from __future__ import annotations

from django.urls import reverse

from changingtracks.today.programme import for_reader, for_team
from changingtracks.today.service import for_member
from changingtracks.today.shown import Today
from portal.models import Membership, User
from selfassessment.steps import Next


def today_for(user: User, current: Membership | None) -> Today:
    if current:
        return for_member(user, current)
    if user.is_team:
        return for_team(user)
    if user.programme_role:
        return for_reader(user)
    return Today(
        title="Nothing is open to you yet",
        lead="You are signed in, and you belong to no music service at the moment.",
        next=Next(
            "Ask for an invitation",
            "The lead of your music service, or the programme team, can invite you to "
            f"{user.email}.",
            reverse("services"),
            "See the music services",
        ),
    )
