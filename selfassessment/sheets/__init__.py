"""Spreadsheets, out and in."""
