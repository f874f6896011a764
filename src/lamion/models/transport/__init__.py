"""Ion transport in the electrolyte: concentration, potential and current between two electrodes.

Closed equations of a uniform film stand in `uniform_film.py`, those with laws of concentration in `steady_state.py`.
"""
