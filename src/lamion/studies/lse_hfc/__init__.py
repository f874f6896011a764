"""The built-in study of a published laminate: its claims, its steps and its own tasks."""
