"""Molecules, sheets and stacks built from bond lengths."""
