"""Studies that ship with lamion: data, no code."""
