"""Any file to its records: the format is found from the content, never from the extension."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lamion.formats import columns as columns_by_number
from lamion.formats import declared_tables, unknown
from lamion.formats.columns import IMPEDANCE
from lamion.formats.content import FileContent, Format, Parsed, RawFile
from lamion.formats.loading import load
from lamion.formats.sheets import joined
from lamion.quantities import FileFormatError, InputError
from lamion.records import ImpedanceSpectrum, SourceFile
from lamion.records.record import Record, Table
from lamion.registry import Registry, plug_ins

FORMATS = Registry(
    "file format",
    "lamion.formats",
    {
        "chi_impedance": "lamion.formats.chi_impedance:FORMAT",
        "eclab_text": "lamion.formats.eclab_text:FORMAT",
        "relaxis": "lamion.formats.relaxis:FORMAT",
        "gamry": "lamion.formats.gamry:FORMAT",
        "zplot": "lamion.formats.zplot:FORMAT",
        "zplot_w": "lamion.formats.zplot_w:FORMAT",
        "powersuite": "lamion.formats.powersuite:FORMAT",
        "autolab": "lamion.formats.autolab:FORMAT",
        "versastudio": "lamion.formats.versastudio:FORMAT",
        "parstat": "lamion.formats.parstat:FORMAT",
        "zahner_text": "lamion.formats.zahner_text:FORMAT",
        "biologic_mpr": "lamion.formats.biologic_mpr:FORMAT",
        "zahner_ism": "lamion.formats.zahner_ism:FORMAT",
        "renishaw_wdf": "lamion.formats.renishaw_wdf:FORMAT",
        "bruker_opus": "lamion.formats.bruker_opus:FORMAT",
        "ivium": "lamion.formats.ivium:FORMAT",
        "arbin_res": "lamion.formats.arbin_res:FORMAT",
        "bruker_nmr": "lamion.formats.bruker_nmr:FORMAT",
        "jeol_nmr": "lamion.formats.jeol_nmr:FORMAT",
        "nanoscope": "lamion.formats.nanoscope:FORMAT",
        "bruker_raw1": "lamion.formats.bruker_raw1:FORMAT",
        "bruker_raw4": "lamion.formats.bruker_raw4:FORMAT",
        "bruker_brml": "lamion.formats.bruker_brml:FORMAT",
        "rigaku_rasx": "lamion.formats.rigaku_rasx:FORMAT",
        "neware": "lamion.formats.neware:FORMAT",
        "netzsch_ngb": "lamion.formats.netzsch_ngb:FORMAT",
        "bdf_table": "lamion.formats.bdf.reader:TABLE",
        "bdf_parquet": "lamion.formats.bdf.reader:PARQUET",
        "excel": "lamion.formats.excel:FORMAT",
        "open_document": "lamion.formats.open_document:FORMAT",
        "micromeritics": "lamion.formats.micromeritics:FORMAT",
        "keysight_xls": "lamion.formats.keysight_xls:FORMAT",
        "excel_binary": "lamion.formats.excel_binary:FORMAT",
        "palmsens": "lamion.formats.palmsens:FORMAT",
        "eco_chemie": "lamion.formats.eco_chemie:FORMAT",
        "tiff_image": "lamion.formats.tiff_image:FORMAT",
        "png_image": "lamion.formats.png_image:FORMAT",
        "numpy_image": "lamion.formats.numpy_image:FORMAT",
        "galactic_spc": "lamion.formats.galactic_spc:FORMAT",
        "neware_table": "lamion.formats.cyclers:NEWARE",
        "arbin_table": "lamion.formats.cyclers:ARBIN",
        "maccor_table": "lamion.formats.cyclers:MACCOR",
        "basytec_text": "lamion.formats.cyclers:BASYTEC",
        "novonix_table": "lamion.formats.cyclers:NOVONIX",
        "pec_table": "lamion.formats.cyclers:PEC",
        "vamas": "lamion.formats.vamas:FORMAT",
        "specs_xy": "lamion.formats.specs_xy:FORMAT",
        "casaxps_text": "lamion.formats.casaxps_text:FORMAT",
        "chi_amperometry": "lamion.formats.chi_amperometry:FORMAT",
        "chi_chronopotentiometry": "lamion.formats.chi_chronopotentiometry:FORMAT",
        "chi_voltammetry": "lamion.formats.chi_voltammetry:FORMAT",
        "panalytical_xrdml": "lamion.formats.panalytical_xrdml:FORMAT",
        "bruker_uxd": "lamion.formats.bruker_uxd:FORMAT",
        "bruker_eva": "lamion.formats.bruker_eva:FORMAT",
        "rigaku_text": "lamion.formats.rigaku_text:FORMAT",
        "aif": "lamion.formats.aif:FORMAT",
        "isotherm_json": "lamion.formats.isotherm_json:FORMAT",
        "belsorp": "lamion.formats.belsorp:FORMAT",
        "labspec": "lamion.formats.labspec:FORMAT",
        "bwtek": "lamion.formats.bwtek:FORMAT",
        "hysitron_hld": "lamion.formats.hysitron_hld:FORMAT",
        "hysitron_text": "lamion.formats.hysitron_text:FORMAT",
        "jcamp": "lamion.formats.jcamp:FORMAT",
        "mettler": "lamion.formats.mettler:FORMAT",
        "ta_text": "lamion.formats.ta_text:FORMAT",
        "cif": "lamion.formats.structures:CIF",
        "xyz": "lamion.formats.structures:XYZ",
        "csv_table": "lamion.formats.csv_table:FORMAT",
    },
)
"""Asked in this order whether a file is theirs; plug-ins, each a Format under the entry-point group, before tables."""

_TABLES = ("csv_table",)
"""Tables whose headers say what they are; a file with a signature of its own is none of them. Behind them come those
that are declared by their columns."""


def read(path: str | Path, *, columns: str | None = None, record: str | type[Table] | None = None) -> FileContent:
    r"""Read an instrument's file.

    Parameters
    ----------
    path : str or Path
        The file.
    columns : str, optional
        Which columns to take instead of looking for headers, such as ``"f=1,re=2,im=-3"``: numbers counted from
        1, in Hz and ohm, ``im=-3`` where the third column holds -Z''; or ``"f=1,mod=2,phase=3"``, in degrees; or those
        of another kind of record by their names, with units: ``"time=1 h,voltage=3 mV"``.
    record : str or type, optional
        What the file is, where its content does not say: a word such as ``"diffraction"``, ``"crystal"`` or
        ``"current-transient"``, or a class declared by its columns. A table without headers then has these columns, in
        their order and units.

    Returns
    -------
    FileContent
        The records, the header as printed and what looks odd.

    Raises
    ------
    InputError
        When there is no such file, it is not an ordinary file, may not be read, was changed while it was read, or
        `columns` or `record` cannot be used.
    FileFormatError
        When the file is empty, of no known format, too large for what it is, or contradicts itself.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "cell.csv"
    >>> _ = file.write_text("freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n1000.0,50.0,0.5\n100.0,51.0,5.0\n10.0,55.0,50.0\n")
    >>> content = read(file)
    >>> content.format, content.records[0].impedance.tolist()
    ('table with column headers', [(50-0.5j), (51-5j), (55-50j)])
    """
    return read_raw(load(path), columns=columns, record=record)


def read_raw(
    raw: RawFile, *, columns: str | None = None, record: str | type[Table] | Sequence[type[Record]] | None = None
) -> FileContent:
    """Read an instrument's file that is in memory.

    Parameters
    ----------
    raw : RawFile
        As :func:`~lamion.formats.loading.load` returns it.
    columns
        As for :func:`read`.
    record
        The same; or, beside `columns`, the kinds of which it may be one.

    Returns
    -------
    FileContent

    Raises
    ------
    InputError
        As for :func:`read`.
    """
    raw.confirm()
    _refuse_empty(raw)
    told = columns is not None or record is not None
    found = _told(raw, columns, record) if told else _format_of(raw)
    if raw.size > found.largest:
        raise FileFormatError(
            raw.name,
            "",
            f"a {found.name} of at most {found.largest / 2**20:.0f} MiB",
            f"{raw.size / 2**20:.0f} MiB",
            "Export the measurement alone.",
        )
    return _content(raw, found.name, _of_tables(raw, found) if told else found.read(raw))


def _told(raw: RawFile, columns: str | None, record: str | type[Table] | Sequence[type[Record]] | None) -> Format:
    """Return the format of what the user says it is."""
    if columns is not None:
        return columns_by_number.format_of(columns, _kinds(record))
    return _asked_for(raw, record) if isinstance(record, str | type) else _format_of(raw)


def _of_tables(raw: RawFile, told: Format) -> Parsed:
    """Read a file, or those of its sheets, that are what the user says."""
    own: list[Format] = [FORMATS.load(name) for name in FORMATS.built_in]
    held = next((one for one in own if one.texts is not None and one.matches(raw)), None)
    texts = [raw] if held is None or held.texts is None or told is held else held.texts(raw) or [raw]
    found: list[Parsed] = []
    refused: list[InputError] = []
    for text in texts:
        try:
            found.append(told.read(text))
        except InputError as error:
            refused.append(error)
    if not found:
        raise refused[0]
    records, warnings = joined(found)
    told_of = found[:1] if warnings else found
    return Parsed(records, found[0].metadata, (*warnings, *(text for one in told_of for text in one.warnings)))


def _kinds(record: str | type[Table] | Sequence[type[Record]] | None) -> Sequence[type[Record]]:
    """Return the kinds of record whose columns may be said; InputError where what is asked for has none."""
    if record is None or not isinstance(record, str | type):
        return columns_by_number.kinds() if record is None else record
    if isinstance(record, type):
        return [record]
    known = {IMPEDANCE: ImpedanceSpectrum} | {kind.kind.key: kind for kind in declared_tables.kinds()}
    if record not in known:
        raise InputError(f"The columns of no '{record}' can be said.", "", f"They can of: {', '.join(sorted(known))}.")
    return [known[record]]


def _asked_for(raw: RawFile, record: str | type[Table]) -> Format:
    """Return the format for a kind of record that the user names."""
    if isinstance(record, type):
        return declared_tables.format_of(record)
    declared = {kind.kind.key: kind for kind in declared_tables.kinds()}
    own: list[Format] = [FORMATS.load(name) for name in FORMATS.built_in]
    candidates = [one for one in own if record in one.kinds]
    if not candidates and record in declared:
        return declared_tables.format_of(declared[record])
    if not candidates:
        known = sorted({*declared, *(word for one in own for word in one.kinds)})
        raise InputError(f"There is no kind of record called '{record}'.", "", f"Known are: {', '.join(known)}.")
    return next((one for one in candidates if one.binary and one.matches(raw)), candidates[0])


def _content(raw: RawFile, format_name: str, parsed: Parsed) -> FileContent:
    source = SourceFile(raw.name, raw.sha256, format_name)
    raw.confirm()
    records = tuple(
        replace(  # type: ignore[type-var]
            record, metadata=record.metadata or parsed.metadata, source=replace(source, origin=record.source)
        )
        for record in parsed.records
    )
    return FileContent(raw.name, format_name, raw.sha256, records, parsed.metadata, parsed.warnings)


def _refuse_empty(raw: RawFile) -> None:
    if any(piece.strip(b"\x00 \t\r\n") for piece in raw.pieces()):
        return
    raise FileFormatError(
        raw.name,
        "",
        "a measurement",
        "nothing but blanks" if raw.size else "an empty file",
        "The export or the copy failed: export the measurement again.",
    )


def _format_of(raw: RawFile) -> Format:
    own: list[Format] = [FORMATS.load(name) for name in FORMATS.built_in if name not in _TABLES]
    plugged: list[Format] = list(plug_ins(FORMATS.group, but=FORMATS.built_in).values())
    # A format of text is only asked about text, which the bytes of a binary one are not, and about a large file's top.
    for binary, seen in ((True, raw), (False, raw.top)):
        if not binary:
            unknown.refuse_binary(raw)
            unknown.refuse_long_lines(raw)
        first = next((one for one in own if one.binary == binary and one.matches(seen)), None)
        claiming = [one for one in (first, *plugged) if one is not None and one.binary == binary]
        claiming = [one for one in claiming if one is first or one.matches(seen)]
        if len(claiming) > 1:
            raise _claimed_twice(raw, claiming)
        if claiming:
            return claiming[0]
    tables: list[Format] = [*map(FORMATS.load, _TABLES), *map(declared_tables.format_of, declared_tables.kinds())]
    for table in tables:
        if table.matches(raw.top):
            return table
    raise unknown.refusal(raw)


def _claimed_twice(raw: RawFile, claiming: Sequence[Format]) -> InputError:
    return InputError(
        f"The file {raw.name} is claimed by two formats: {claiming[0].name} and {claiming[1].name}.",
        "A plug-in takes files that are not its own.",
        "Remove that plug-in, or mend how it recognises its files.",
    )
