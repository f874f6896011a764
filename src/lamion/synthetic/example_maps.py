"""Small synthetic maps and pictures of surfaces, for the examples of the documentation."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import numpy as np
import tifffile

from lamion.records.record import Table
from lamion.records.surface import AdhesionMap, HeightMap, points_of
from lamion.synthetic.surfaces import Layer, Sheets, layer_picture, rough_surface, sheets_map

_POINTS = 64


def _surface() -> bytes:
    z = rough_surface((_POINTS, _POINTS), 1.5e-8, 3e-9, 3e-8, seed=12)
    tilt = np.add.outer(np.linspace(0.0, 1e-8, _POINTS), np.linspace(0.0, 6e-9, _POINTS))
    record = HeightMap(**points_of(_POINTS, _POINTS, 1.5e-8, 1.5e-8), height=(z + tilt).ravel())
    return _table(record, "a tilted surface with an Rq of 3 nm")


def _sheets() -> bytes:
    sheets = Sheets(4.5e-9, (1.0e-6, 1.4e-6, 1.7e-6, 2.0e-6, 2.4e-6, 3.0e-6))
    return _table(sheets_map(sheets, 1.2e-5, 2 * _POINTS, seed=13), "six sheets of 4.5 nm, 1 to 3 um wide")


def _adhesion() -> bytes:
    forces = 8e-9 + rough_surface((_POINTS, _POINTS), 3e-8, 1.5e-9, 6e-8, seed=14)
    record = AdhesionMap(**points_of(_POINTS, _POINTS, 3e-8, 3e-8), adhesion=forces.ravel())
    return _table(record, "adhesion of 8 nN that scatters by 1.5 nN")


def _layer() -> bytes:
    picture = layer_picture(Layer(9e-6, waviness=1e-7, blur=5e-8), 5e-8, (300, 256), seed=15)
    content = io.BytesIO()
    tifffile.imwrite(
        content,
        picture.brightness,
        metadata=None,
        software=False,
        description="synthetic: a layer of 9 um",
        resolution=(1e-2 / 5e-8, 1e-2 / 5e-8),
        resolutionunit="CENTIMETER",
    )
    return content.getvalue()


def _table(record: Table, truth: str) -> bytes:
    columns = record.arrays()
    rows = np.stack([1e6 * columns["X / m"], 1e6 * columns["Y / m"], 1e9 * list(columns.values())[2]], axis=1)
    title = "Height / nm" if isinstance(record, HeightMap) else "Adhesion / nN"
    lines = [f"# synthetic: {truth}", f"X / um,Y / um,{title}", *(f"{x:.4f},{y:.4f},{z:.4f}" for x, y, z in rows)]
    return ("\n".join(lines) + "\n").encode()


MAPS: Mapping[str, Callable[[], bytes]] = {
    "surface.csv": _surface,
    "sheets.csv": _sheets,
    "adhesion.csv": _adhesion,
    "layer.tif": _layer,
}
