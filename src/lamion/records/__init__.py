"""Raw records: frozen, in SI, with their conditions and the file they came from."""

from lamion.records.impedance import ImpedanceSpectrum
from lamion.records.source import SourceFile

__all__ = ["ImpedanceSpectrum", "SourceFile"]
