"""
A laminate of sheets
====================

What sheets that pass cations better than anions leave of the conductivity between them: a prediction, without data.
"""

import lamion

film = lamion.simulate.laminate(
    sheet_width="1 um",
    sheet_thickness="4.5 nm",
    gallery="4.5 nm",
    gap="4.5 nm",
    sheet_cation=0.1,
    sheet_anion=0.01,
    gallery_transference=0.35,
)
film.plot("cell")

# %%
# Most of the anion's way is closed, so that the transference number rises while the conductivity falls.

print(film)

# %%
# Bounds and effective-medium models beside it:

film.plot("models")
