"""Properties to what happens in a film, at an electrode, in a cell; structures to what they do."""
