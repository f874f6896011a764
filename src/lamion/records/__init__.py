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

__all__ = [
    "ConcentrationCells",
    "ConductivitySeries",
    "CurrentTransient",
    "CyclingRecord",
    "ImpedanceSpectrum",
    "Isotherm",
    "OpenCircuitCurve",
    "Pattern",
    "PolarisationCurve",
    "SourceFile",
    "VoltageTransient",
    "Voltammogram",
    "InductionDecay",
    "InfraredSpectrum",
    "PhotoelectronSpectrum",
    "RamanSpectrum",
    "RecoverySeries",
    "ResonanceSpectrum",
    "Spectrum",
]
