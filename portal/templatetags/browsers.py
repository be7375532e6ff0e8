"""Which browser somebody is signed in with, in words that they know."""

from __future__ import annotations

from django import template

register = template.Library()

# The first that fits: each browser also names the ones it descends from.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "a Mac",
    "CrOS": "a Chromebook",
    "Linux": "Linux",
}


@register.filter
def browser(user_agent: str) -> str:
    """“Firefox on Windows”, from what the browser says of itself."""
    name = next((ours for theirs, ours in BROWSERS.items() if theirs in user_agent), "A browser")
    system = next((ours for theirs, ours in SYSTEMS.items() if theirs in user_agent), "")
    return f"{name} on {system}" if system else name
