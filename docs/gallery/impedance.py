"""
A circuit from a spectrum
=========================

The impedance of a symmetric lithium cell, from the raw file to the resistances of electrolyte and interfaces.
"""

import lamion

spectrum = lamion.read("files/lithium_cell.csv")
lamion.plot(spectrum)

# %%
# Before anything is fitted: is the spectrum one of a linear cell that did not change meanwhile?

validity = lamion.analyze.kk(spectrum)
validity.plot()

# %%
# It is. The circuit needs no name and no guess: the best of a family is chosen by Akaike's criterion, and each
# parameter has its uncertainty.

circuit = lamion.analyze.impedance(spectrum)
print(circuit)

# %%
circuit.plot()

# %%
# A result is a quantity with its unit, and goes on as one. The electrolyte is 100 µm thick, each electrode 2.01 cm²:

print((lamion.Quantity("100 um") / (circuit["R0"] * lamion.Quantity("2.01 cm2"))).to("S/cm"))
