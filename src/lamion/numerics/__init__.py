"""Least squares, grids, linear algebra: arrays in, arrays out."""
