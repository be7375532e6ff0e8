"""Markdown of a review as blocks for print: links whole, headings with a name to jump to."""
