"""The space that atoms leave, and what fits into it."""
