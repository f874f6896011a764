"""Images to what their phases do."""
