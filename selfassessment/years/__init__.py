"""Earlier years, and what was before the portal."""
