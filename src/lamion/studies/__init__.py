"""Studies that ship with lamion: `lse_hfc` with tasks of its own, and `new`, which `lamion new` copies."""
