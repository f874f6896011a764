"""The verbs of `lamion simulate`."""
