"""Diffusion in a sphere or a layer by finite volumes: an engine that knows no expansion in modes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.linalg import expm


class VolumeParticle:
    """Cells that crowd towards the surface; the current is constant in every stretch, which is then solved exactly."""

    def __init__(self, dimension: int, diffusion_time: float, cells: int = 160) -> None:
        self.time = diffusion_time
        faces = 1.0 - np.linspace(1.0, 0.0, cells + 1) ** 3
        centres = (faces[1:] + faces[:-1]) / 2
        area = faces ** (dimension - 1)
        self.volumes = np.diff(faces**dimension) / dimension
        conductance = area[1:-1] / np.diff(centres)
        matrix = np.diag(conductance, 1) + np.diag(conductance, -1)
        matrix -= np.diag(matrix.sum(axis=1))
        self.matrix = matrix / self.volumes[:, None] / diffusion_time
        self.last = 1.0 - centres[-1]
        self.dimension = dimension

    def surface(self, current: Sequence[float], duration: Sequence[float], points: int) -> list[np.ndarray]:
        """Return the surface's content after each of a stretch's equal time steps, one array a stretch.

        The content is in units of what a current of 1 brings in 1 s, spread over the whole particle.
        """
        content = np.zeros(len(self.volumes))
        source = np.zeros(len(self.volumes))
        source[-1] = 1.0 / (self.dimension * self.volumes[-1])
        found = []
        for flow, length in zip(current, duration, strict=True):
            step = _propagator(self.matrix, source * flow, length / points)
            rows = []
            for _ in range(points):
                content = step(content)
                rows.append(content[-1] + flow * self.time * self.last / self.dimension)
            found.append(np.array(rows))
        return found


def _propagator(matrix: np.ndarray, source: np.ndarray, time: float) -> Callable[[np.ndarray], np.ndarray]:
    size = len(source)
    both = np.zeros((size + 1, size + 1))
    both[:size, :size], both[:size, size] = matrix * time, source * time
    whole = expm(both)
    return lambda content: whole[:size, :size] @ content + whole[:size, size]
