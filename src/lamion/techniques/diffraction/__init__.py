"""From a powder pattern to distances of planes, sizes, texture and crystallinity."""
