"""Thermal analysis: heat flow and mass while the temperature runs through a programme."""
