"""What becomes of a target: its page, its notes, its evidence, and whether anything moved."""
