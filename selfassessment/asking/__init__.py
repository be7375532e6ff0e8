"""Asking people to rate: invitations, links, mail, reminders."""
