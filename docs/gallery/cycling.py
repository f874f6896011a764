"""
A cycled cell
=============

Capacity, efficiency and polarisation over the cycles, and the differential capacity of one of them.
"""

import lamion

cell = lamion.analyze.cycling("files/cycles.csv", mass="6.4 mg")
cell.plot("cycles")

# %%
cell.plot("profiles")

# %%
print(cell)

# %%
# Plateaus of the voltage are peaks of dQ/dV; their places come with the uncertainty that noise and smoothing leave.

peaks = lamion.analyze.dqdv("files/staged_cycle.csv")
peaks.plot()

# %%
print(peaks)
