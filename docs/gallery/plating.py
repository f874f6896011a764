"""
Plating and stripping
=====================

A symmetric lithium cell under alternating current: its overpotential, its resistance, and when it shorts.
"""

import lamion

cell = lamion.analyze.plating("files/plating.csv", area="1 cm2")
cell.plot()

# %%
# A short is a verdict with its reason. A soft one is easily missed: the voltage falls and stays regular.

print(cell)
