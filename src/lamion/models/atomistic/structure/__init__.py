"""Molecules from a table; sheets and stacks built from bond lengths."""
