"""A study file becomes a graph of pure steps, the steps become results, the claims get verdicts."""
