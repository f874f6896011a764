"""Studies that ship with lamion: data, and the tasks of their own."""
