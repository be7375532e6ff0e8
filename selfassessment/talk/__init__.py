"""What a group said, what it agrees on, and what it acts on."""
