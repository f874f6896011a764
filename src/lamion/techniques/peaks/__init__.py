"""Components under a spectrum, whatever instrument drew it."""
