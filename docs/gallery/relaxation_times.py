"""
Relaxation times without a circuit
==================================

The distribution of relaxation times of the same cell: where there are processes, before one is named.
"""

import lamion

times = lamion.analyze.drt("files/lithium_cell.csv")
times.plot()

# %%
# A peak of the distribution is a process, with its time and its resistance. The Warburg element at low frequencies is
# no such process, and the warning says what overlapping peaks leave open.

print(times)
