"""What a spectrometer writes: one kind of record for each abscissa, in the unit that its field speaks of."""

from __future__ import annotations

from lamion.records.record import Array, Table, column, record

_COUNTS = "counts intensity int signal cps countspersecond i"


@record("spectrum", table="a spectrum", fewest=10)
class Spectrum(Table):
    """Intensity against position, each in whatever unit the file has: of a spectrum that no other kind describes.

    `position_unit` and `intensity_unit` are as the file prints them.

    Examples
    --------
    >>> len(Spectrum(range(10), range(10), position_unit="nm"))
    10
    """

    position: Array = column("1", "Position / 1", "position wavelength", signed=True, any_unit=True)
    intensity: Array = column("1", "Intensity / 1", _COUNTS + " y absorbance", signed=True, any_unit=True)
    position_unit: str | None = None
    intensity_unit: str | None = None


@record("Raman spectrum", key="raman", fewest=10)
class RamanSpectrum(Table):
    """Counts, in whatever unit, against the Raman shift in 1/cm, in the order of the file.

    `laser` is the wavelength of the laser in nm; `x` and `y`, in m, say where on a map it was taken.

    Examples
    --------
    >>> len(RamanSpectrum(range(700, 720), range(20), laser=532.0))
    20
    """

    shift: Array = column("1/cm", "Raman Shift / 1/cm", "ramanshift shift wavenumber")
    counts: Array = column("1", "Counts / 1", _COUNTS, any_unit=True)
    laser: float | None = None
    x: float | None = None
    y: float | None = None


@record("infrared spectrum", key="infrared", fewest=10, told_by=("absorbance", "transmittance"))
class InfraredSpectrum(Table):
    """Absorbance (decadic) or transmittance against the wavenumber in 1/cm, in the order of the file.

    `attenuated` is True where it is of an attenuated total reflection, False where not; None where the file is silent.

    Examples
    --------
    >>> len(InfraredSpectrum(range(1400, 1420), [0.1] * 20))
    20
    """

    wavenumber: Array = column("1/cm", "Wavenumber / 1/cm", "wavenumber wavenumbers", above=0)
    absorbance: Array | None = column("1", "Absorbance / 1", "absorbance abs a", needed=False, any_unit=True)
    transmittance: Array | None = column("1", "Transmittance / 1", "transmittance transmission t", needed=False)
    attenuated: bool | None = None


@record("photoelectron spectrum", key="photoelectron", fewest=10)
class PhotoelectronSpectrum(Table):
    """Counts against the binding energy in eV, as the instrument gives it: before any charge is corrected.

    `transmission` is that of the analyser; `photon_energy` is in eV; `counted` is the time in s over which each count
    was taken, all scans together, where `counts` are whole events, and None where it is not known; `region` names the
    line.

    Examples
    --------
    >>> len(PhotoelectronSpectrum(range(280, 300), [100] * 20, region="C 1s"))
    20
    """

    energy: Array = column("eV", "Binding Energy / eV", "bindingenergy be energy")
    counts: Array = column("1", "Counts / 1", _COUNTS, any_unit=True)
    transmission: Array | None = column("1", "Transmission / 1", "transmission", needed=False, above=0, any_unit=True)
    photon_energy: float | None = None
    counted: float | None = None
    region: str | None = None


@record("NMR spectrum", key="nmr", fewest=10)
class ResonanceSpectrum(Table):
    """Real part, and imaginary part where the file has it, against the chemical shift in ppm, in the order of the file.

    `frequency` is that of the spectrometer for this nucleus in Hz, `nucleus` as in ``7Li``, `spinning` about the magic
    angle in Hz, `temperature` in K, `delay` between scans in s; each where the file says it.

    Examples
    --------
    >>> len(ResonanceSpectrum(range(-10, 10), [0.0] * 20, frequency=155.4e6, nucleus="7Li"))
    20
    """

    shift: Array = column("ppm", "Chemical Shift / ppm", "chemicalshift shift delta δ", signed=True)
    real: Array = column("1", "Intensity / 1", "intensity realpart real", any_unit=True)
    imaginary: Array | None = column(
        "1", "Imaginary Intensity / 1", "imaginaryintensity imaginarypart imaginary", needed=False, any_unit=True
    )
    frequency: float | None = None
    nucleus: str | None = None
    spinning: float | None = None
    temperature: float | None = None
    delay: float | None = None


@record("free induction decay", key="decay", fewest=10)
class InductionDecay(Table):
    """Real and imaginary part of what the coil hears against time in s, as it was recorded.

    `carrier` is the shift in ppm at zero frequency; `lead` counts the points before the decay begins, of a digital
    filter; `recovery` is the time in s since the spins were saturated or turned over, in a series that measures how
    they recover; the others are those of a :class:`ResonanceSpectrum`.

    Examples
    --------
    >>> len(InductionDecay([1e-5 * n for n in range(16)], [1.0] * 16, [0.0] * 16, frequency=155.4e6))
    16
    """

    time: Array = column("s", "Test Time / s", "time testtime t", rising=True)
    real: Array = column("1", "Real Signal / 1", "realsignal realpart real", any_unit=True)
    imaginary: Array = column("1", "Imaginary Signal / 1", "imaginarysignal imaginarypart imaginary", any_unit=True)
    frequency: float | None = None
    carrier: float | None = None
    lead: float | None = None
    recovery: float | None = None
    nucleus: str | None = None
    spinning: float | None = None
    temperature: float | None = None
    delay: float | None = None


@record("series of recoveries", key="recovery", table="a recovery of magnetisation", fewest=4)
class RecoverySeries(Table):
    """Intensity, in whatever unit, against the time in s since the spins were saturated or turned over.

    Examples
    --------
    >>> len(RecoverySeries([1.0, 2.0, 4.0, 8.0], [0.1, 0.2, 0.35, 0.6]))
    4
    """

    recovery: Array = column("s", "Recovery / s", "recovery recoverytime recoverydelay", least=0)
    intensity: Array = column("1", "Intensity / 1", "intensity integral magnetisation", signed=True, any_unit=True)
