"""
Bands of a Raman spectrum
=========================

The anion's band near 740 cm\\ :sup:`-1` has two parts: free, and coordinated to lithium.
"""

import lamion

bands = lamion.analyze.raman("files/raman.csv", free="740", coordinated="747")
bands.plot()

# %%
# The share of the areas is an apparent fraction, and the assumptions that it rests on are part of the answer.

print(bands)
