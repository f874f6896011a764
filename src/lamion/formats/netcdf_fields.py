"""Fields on a grid over time, written as NetCDF (classic format, with the names that viewers of fields know)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NetcdfField:
    """A quantity on a grid.

    Parameters
    ----------
    values : array, shape (times, *axes)
        In `unit`.
    unit : str
        As NetCDF's ``units``.
    description : str
        As NetCDF's ``long_name``.
    """

    values: Array
    unit: str
    description: str


def to_netcdf(times: Array, axes: Mapping[str, Array], fields: Mapping[str, NetcdfField], *, title: str) -> bytes:
    """Return the content of a NetCDF file.

    Parameters
    ----------
    times : array
        s.
    axes : Mapping of str to array
        Coordinates of the cells' centres along each axis, m, in the order of the fields' axes.
    fields : Mapping of str to Field
        By name.
    title : str
        What the file is about.

    Returns
    -------
    bytes
        The same input gives the same bytes.

    Examples
    --------
    >>> salt = NetcdfField(np.ones((1, 2)), "mol m-3", "salt")
    >>> to_netcdf(np.zeros(1), {"y": np.ones(2)}, {"c": salt}, title="film")[:3]
    b'CDF'
    """
    from scipy.io import netcdf_file

    content = io.BytesIO()
    file = netcdf_file(content, mode="w", version=2)
    file.title = title
    file.Conventions = "CF-1.8"
    _variable(file, "time", ("time",), times, "s", "time")
    for name, places in axes.items():
        _variable(file, name, (name,), places, "m", f"{name} of the cells' centres")
    for name, field in fields.items():
        _variable(file, name, ("time", *axes), field.values, field.unit, field.description)
    file.flush()
    return content.getvalue()


def _variable(file: object, name: str, axes: tuple[str, ...], values: Array, unit: str, description: str) -> None:
    if len(axes) == 1:
        file.createDimension(name, len(values))  # type: ignore[attr-defined]
    variable = file.createVariable(name, "f8", axes)  # type: ignore[attr-defined]
    variable[:] = values
    variable.units = unit
    variable.long_name = description
