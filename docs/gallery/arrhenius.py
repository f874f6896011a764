"""
An activation energy
====================

From conductivities at several temperatures to the activation energy, with the question whether the line is straight.
"""

import lamion

law = lamion.analyze.arrhenius("files/conductivities.csv", at="40 degC")
law.plot()

# %%
# Three laws are compared. Where the data do not decide between them, the difference is part of the uncertainty.

print(law)
