"""
A transference number
=====================

The current fraction after Evans, Vincent and Bruce: a small voltage on a symmetric lithium cell until the current is
steady, and a spectrum before and after.
"""

import lamion

fraction = lamion.analyze.transference(
    bias="10 mV",
    dc="files/polarisation.csv",
    before="files/lithium_cell.csv",
    after="files/lithium_cell_after.csv",
)
fraction.plot()

# %%
# The interval is not symmetric, since the fraction is a ratio of differences.

print(fraction)

# %%
# What would the same measurement give for another cell? A thin film has hardly any resistance beside its interfaces:

needed = lamion.design.transference(
    conductivity="5.62e-4 S/cm",
    interface="24.5 ohm cm2",
    fraction=0.78,
    thickness="9 um",
)
print(needed)
