"""
Concentrations under current
============================

The salt in a film between two lithium electrodes, and the voltage that it costs.
"""

import lamion

film = lamion.simulate.transport(
    thickness="9 um",
    conductivity="5.62e-4 S/cm",
    transference=0.78,
    concentration="2 mol/L",
    current="1.2 mA/cm2",
    time="60 s",
)
film.plot()

# %%
print(film)

# %%
# The same at a transference number of 0.35 costs more of both:

other = lamion.simulate.transport(
    thickness="9 um",
    conductivity="5.62e-4 S/cm",
    transference=0.35,
    concentration="2 mol/L",
    current="1.2 mA/cm2",
    time="60 s",
)
for one in (film, other):
    print(one["concentration_drop"], one["voltage"])
