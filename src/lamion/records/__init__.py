"""Raw records: frozen, in SI, with their conditions and the file they came from."""

from lamion.records.impedance import ImpedanceSpectrum
from lamion.records.isotherm import Isotherm
from lamion.records.measurements import (
    ConcentrationCells,
    ConductivitySeries,
    CurrentTransient,
    CyclingRecord,
    OpenCircuitCurve,
    Pattern,
    PolarisationCurve,
    VoltageTransient,
    Voltammogram,
)
from lamion.records.mechanics import ElongationCurve, IndentationCurve, TensileCurve
from lamion.records.source import SourceFile
from lamion.records.spectrum import (
    InductionDecay,
    InfraredSpectrum,
    PhotoelectronSpectrum,
    RamanSpectrum,
    RecoverySeries,
    ResonanceSpectrum,
    Spectrum,
)
from lamion.records.surface import AdhesionMap, HeightMap, Micrograph
from lamion.records.thermal import ThermalCurve

__all__ = [
    "AdhesionMap",
    "ConcentrationCells",
    "ConductivitySeries",
    "CurrentTransient",
    "CyclingRecord",
    "ElongationCurve",
    "HeightMap",
    "ImpedanceSpectrum",
    "IndentationCurve",
    "InductionDecay",
    "InfraredSpectrum",
    "Isotherm",
    "Micrograph",
    "OpenCircuitCurve",
    "Pattern",
    "PhotoelectronSpectrum",
    "PolarisationCurve",
    "RamanSpectrum",
    "RecoverySeries",
    "ResonanceSpectrum",
    "SourceFile",
    "Spectrum",
    "TensileCurve",
    "ThermalCurve",
    "VoltageTransient",
    "Voltammogram",
]
