"""Raw records: frozen, in SI, with their conditions and the file they came from."""

from lamion.records.impedance import ImpedanceSpectrum
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
from lamion.records.thermal import ThermalCurve

__all__ = [
    "ConcentrationCells",
    "ConductivitySeries",
    "CurrentTransient",
    "CyclingRecord",
    "ImpedanceSpectrum",
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
    "ThermalCurve",
]
