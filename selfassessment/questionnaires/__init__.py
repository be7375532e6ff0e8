"""Writing, publishing and following editions of a questionnaire."""
