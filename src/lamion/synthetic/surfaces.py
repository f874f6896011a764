"""Maps of surfaces of known roughness, sheets on a substrate, and pictures of a layer's cross-section."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from lamion.records.surface import HeightMap, Micrograph, points_of

Array = NDArray[np.float64]


def rough_surface(
    shape: tuple[int, int], step: float, root_mean_square: float, length: float, seed: int | list[int]
) -> Array:
    r"""Return a piece of an endless Gaussian surface.

    .. math:: \langle z(0) z(r) \rangle = R_q^2 \, e^{-r^2 / \ell^2}

    Parameters
    ----------
    shape : (int, int)
        Rows and points in each.
    step : float
        From point to point, m.
    root_mean_square : float
        Rq, m.
    length : float
        l, m.
    seed : int or list of int
        Of its random numbers.

    Returns
    -------
    array of that shape
        m.

    Examples
    --------
    >>> z = rough_surface((200, 200), 1e-9, 2e-9, 4e-9, seed=1)
    >>> bool(abs(np.sqrt(np.mean(z**2)) - 2e-9) < 1e-10)
    True
    """
    frequencies = [np.fft.fftfreq(2 * count, step) for count in shape]
    squared = frequencies[0][:, None] ** 2 + frequencies[1][None, :] ** 2
    filtered = np.exp(-squared * (np.pi * length) ** 2 / 2.0)
    noise = np.random.default_rng(seed).standard_normal(squared.shape)
    surface = np.fft.ifft2(np.fft.fft2(noise) * filtered).real / np.sqrt(np.mean(filtered**2))
    return np.asarray(root_mean_square * surface[: shape[0], : shape[1]])


@dataclass(frozen=True)
class Sheets:
    """Flat sheets on a substrate.

    Parameters
    ----------
    thickness : float
        Of every sheet, m.
    sizes : tuple of float
        The diameter of each round sheet, m.
    roughness : float
        Rq of substrate and sheets, m.
    length : float
        Over which that is alike, m.
    noise : float
        From point to point, m.
    tilt : float
        Rise from one corner to the opposite one, m.
    edge : float
        Over which the tip smears an edge (standard deviation), m.
    """

    thickness: float
    sizes: tuple[float, ...]
    roughness: float = 2e-10
    length: float = 2e-8
    noise: float = 1e-10
    tilt: float = 5e-9
    edge: float = 1e-8


def sheets_map(sheets: Sheets, size: float, points: int, seed: int | list[int]) -> HeightMap:
    """Return the height map of sheets that lie apart, as a scanning probe would give it.

    Parameters
    ----------
    sheets : Sheets
        What lies there.
    size : float
        Of the square map, m.
    points : int
        In each of as many rows.
    seed : int or list of int
        Of its random numbers.

    Examples
    --------
    >>> len(sheets_map(Sheets(4.5e-9, (1e-6, 1.5e-6)), 5e-6, 64, seed=1))
    4096
    """
    rng = np.random.default_rng(seed)
    step = size / points
    at = step * (np.arange(points) + 0.5)
    covered = np.zeros((points, points))
    for x, y, diameter in _places(sheets.sizes, size, rng):
        covered[(at[None, :] - x) ** 2 + (at[:, None] - y) ** 2 <= (diameter / 2.0) ** 2] = 1.0
    smeared = gaussian_filter(covered, sheets.edge / step, mode="nearest")
    rough = rough_surface((points, points), step, sheets.roughness, sheets.length, [*np.atleast_1d(seed), 1])
    tilt = sheets.tilt * (at[:, None] + at[None, :]) / (2 * size)
    height = sheets.thickness * smeared + rough + tilt + sheets.noise * rng.standard_normal(covered.shape)
    return HeightMap(**points_of(points, points, step, step), height=height.ravel())


def _places(sizes: tuple[float, ...], size: float, rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """Return where round sheets lie that neither touch each other nor the edge, the largest laid first."""
    found: list[tuple[float, float, float]] = []
    for diameter in sorted(sizes, reverse=True):
        for _ in range(5000):
            x, y = rng.uniform(0.55 * diameter, size - 0.55 * diameter, 2)
            if all(np.hypot(x - a, y - b) > 0.6 * (diameter + other) for a, b, other in found):
                found.append((float(x), float(y), diameter))
                break
    return found


@dataclass(frozen=True)
class Layer:
    """A layer between others, seen from its cut edge; lengths in m.

    Parameters
    ----------
    thickness : float
        Its mean.
    brightness : tuple of float
        Below, of and above the layer.
    noise : float
        Of each pixel's brightness.
    blur : float
        Of the picture, standard deviation.
    waviness : float
        Of each face, Rq.
    length : float
        Over which that is alike.
    turned : float
        The angle of the layer in the picture, rad.
    """

    thickness: float
    brightness: tuple[float, float, float] = (60.0, 150.0, 90.0)
    noise: float = 12.0
    blur: float = 0.0
    waviness: float = 0.0
    length: float = 1e-6
    turned: float = 0.0


def layer_picture(layer: Layer, pixel: float, shape: tuple[int, int], seed: int | list[int]) -> Micrograph:
    """Return a picture of a layer that lies across it.

    Parameters
    ----------
    layer : Layer
        What is seen.
    pixel : float
        The length of a pixel, m.
    shape : (int, int)
        Rows and columns.
    seed : int or list of int
        Of its random numbers.

    Examples
    --------
    >>> layer_picture(Layer(9e-6), 5e-8, (400, 300), seed=1).brightness.shape
    (400, 300)
    """
    rng = np.random.default_rng(seed)
    x = pixel * (np.arange(shape[1]) - shape[1] / 2.0)
    y = pixel * (np.arange(shape[0]) - shape[0] / 2.0)
    half = layer.thickness / 2.0 / np.cos(layer.turned)
    faces = [
        sign * half + x * np.tan(layer.turned) + _wave(layer, pixel, shape[1], [*np.atleast_1d(seed), number])
        for number, sign in ((1, -1.0), (2, 1.0))
    ]
    below, inside, above = layer.brightness
    part = [np.clip((y[:, None] - face[None, :]) / pixel + 0.5, 0.0, 1.0) for face in faces]
    clean = below + (inside - below) * part[0] + (above - inside) * part[1]
    seen = gaussian_filter(clean, layer.blur / pixel, mode="nearest") if layer.blur else clean
    noisy = np.round(seen + layer.noise * rng.standard_normal(shape)).clip(0, 255).astype(np.uint8)
    return Micrograph(noisy, (pixel, pixel))


def _wave(layer: Layer, pixel: float, count: int, seed: list[int]) -> Array:
    if layer.waviness == 0.0:
        return np.zeros(count)
    return np.asarray(rough_surface((2, count), pixel, layer.waviness, layer.length, seed)[0])
