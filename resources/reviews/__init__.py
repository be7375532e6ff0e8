"""Composing the programme's annual review, and making its page and its PDF."""
