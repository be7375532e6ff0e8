"""What keeps a plan going: reviews, terms, reminders, calendars."""
