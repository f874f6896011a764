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
# A result is a quantity with its unit and its uncertainty, and goes on as one. With the electrolyte's thickness and the
# electrodes' area it becomes a conductivity:

thickness, area = lamion.Quantity("100 ± 2 um"), lamion.Quantity("2.01 ± 0.02 cm2")
print((thickness / (circuit["R0"] * area)).to("S/cm"))
