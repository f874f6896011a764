"""Impedance spectra: circuits and their fits, validity, relaxation times."""
