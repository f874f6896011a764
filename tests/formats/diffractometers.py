"""A pattern made from a formula, and the files of diffractometers that hold it."""

from __future__ import annotations

import io
import struct
import zipfile

import numpy as np
from tests.formats import spectrometers

COUNT, START, STEP = 90, 10.0, 0.02
ANGLE = np.round(START + STEP * np.arange(COUNT), 6)
COUNTS = np.round(spectrometers.spectrum(ANGLE))
LINES = (1.5406, 1.54439, 0.5)


def raw1(counts=COUNTS, ranges: int = 1, theta: float = START / 2, **changed: float) -> bytes:
    """Return a RAW1.01; `changed` are the range's points, step, length, the ranges and the wavelength of the range."""
    head = bytearray(712)
    head[:8], head[16:26], head[26:34], head[326:334] = b"RAW1.01\0", b"03/04/10\0\0", b"20:59:14", b"invented"
    struct.pack_into("<I", head, 12, int(changed.get("ranges", ranges)))
    struct.pack_into("<f", head, 564, 200.5)
    head[608:610] = b"Cu"
    struct.pack_into("<dddd", head, 616, 1.54184, LINES[0], LINES[1], 1.39222)
    struct.pack_into("<d", head, 648, LINES[2])
    body = b""
    for _ in range(ranges):
        own = bytearray(304)
        length, points = int(changed.get("length", 304)), int(changed.get("points", len(counts)))
        struct.pack_into("<IIdd", own, 0, length, points, theta, START)
        struct.pack_into("<d", own, 176, changed.get("step", STEP))
        struct.pack_into("<f", own, 192, 0.5)
        struct.pack_into("<d", own, 240, changed.get("wavelength", LINES[0]))
        struct.pack_into("<I", own, 256, 40)
        body += bytes(own) + bytes(40) + np.asarray(counts, dtype="<f4").tobytes()
    return bytes(head) + body


def raw4(counts=COUNTS, scan: bytes = b"Locked Coupled", **changed: float) -> bytes:
    """Return a RAW4.00; `changed` are the points of the range's header, those planned, the bytes a point, the step."""
    head = bytearray(61)
    head[:8], head[12:22], head[24:32] = b"RAW4.00\0", b"07/11/2018", b"15:55:31"
    struct.pack_into("<I", head, 40, int(changed.get("ranges", 1)))
    name = struct.pack("<III24s", 10, 36 + 8, 0, b"SAMPLEID") + b"invented"
    tube = bytearray(136)
    struct.pack_into("<II", tube, 0, 30, int(changed.get("tube", 136)))
    struct.pack_into("<dddd", tube, 72, 1.54184, LINES[0], LINES[1], 1.39222)
    struct.pack_into("<d", tube, 104, LINES[2])
    tube[116:118] = b"Cu"
    own, behind = bytearray(160), struct.pack("<II84x", 50, 92)
    points = int(changed.get("points", len(counts)))
    struct.pack_into("<III", own, 0, 0, int(changed.get("planned", len(counts))), len(counts))
    struct.pack_into("<24s", own, 32, scan)
    struct.pack_into("<ddIf", own, 72, START, changed.get("step", STEP), points, 77.9)
    struct.pack_into("<d", own, 112, LINES[0])
    struct.pack_into("<II", own, 136, int(changed.get("size", 4)), int(changed.get("more", len(behind))))
    return bytes(head) + name + bytes(tube) + bytes(own) + behind + np.asarray(counts, dtype="<f4").tobytes()


def uxd(ranges: int = 1, counted: str = "_2THETACOUNTS", **changed: str) -> str:
    """Return a .uxd; `changed` are values of its header."""
    said = {
        "SAMPLE": "'invented'", "GONIOMETER_RADIUS": "200.500000", "WL_UNIT": "A", "WL1": "1.540600", "WL2": "1.544390",
        "WLRATIO": "0.500000", "ANODE": "'Cu'",
    }  # fmt: skip
    own = {"DRIVE": "'COUPLED'", "STEPTIME": "0.500000", "STEPSIZE": f"{STEP:.6f}", "START": f"{START:.6f}"}
    head = ["; made up", "_FILEVERSION=2", *(f"_{name}={value}" for name, value in (said | changed).items())]
    rows = [f"{angle:.3f}\t{counts:.0f}" for angle, counts in zip(ANGLE, COUNTS, strict=True)]
    for number in range(ranges):
        head += [f"; (Data for Range number {number + 1})"]
        head += [f"_{name}={changed.get(name, value)}" for name, value in own.items()]
        head += ["_RANGE_WL=1.540600", counted, *rows]
    return "\n".join(head) + "\n"


def eva(scan: str = "Coupled TwoTheta/Theta") -> str:
    head = f'\'Id: "" Comment: "made up" Anode: "Cu" Scantype: "{scan}" TimePerStep: "96" '
    return "\n".join([head, *(f"{x:.4f} {y / 96:.3f}" for x, y in zip(ANGLE, COUNTS, strict=True))]) + "\n"


def rigaku(mode: str = "2Theta/Theta", stop: float = ANGLE[-1], step: float = STEP) -> str:
    head = ["Sample\tinvented", "Goniometer\tmade up", f"ScanningMode\t{mode}", "X-Ray\t40kV/30mA", "Cu_K-beta\t"]
    head += [f"Start\t{START:g}", f"Stop\t{stop:g}", f"Step\t{step:g}", "Speed\t20"]
    return "\n".join([*head, *(f"{x:g}\t{y:g}" for x, y in zip(ANGLE, COUNTS, strict=True))]) + "\n"


def xrdml(axis: str = "2Theta", scans: int = 1, listed: bool = False, status: str = "Completed", more: str = "") -> str:
    counts = " ".join(f"{value:.0f}" for value in COUNTS)
    where = (
        f"<listPositions>{' '.join(map(str, ANGLE))}</listPositions>"
        if listed
        else f"<startPosition>{ANGLE[0]}</startPosition><endPosition>{ANGLE[-1]}</endPosition>"
    )
    scan = f"""<scan status="{status}"><header><startTimeStamp>2024-03-08</startTimeStamp></header><dataPoints>
<positions axis="{axis}" unit="deg">{where}</positions>
<positions axis="Omega" unit="deg"><startPosition>5</startPosition><endPosition>5.89</endPosition></positions>
<commonCountingTime unit="seconds">15.24</commonCountingTime>{more}
<intensities unit="counts">{counts}</intensities></dataPoints></scan>"""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<xrdMeasurements xmlns="http://www.xrdml.com/XRDMeasurement/1.5"><sample><id>invented</id></sample><xrdMeasurement>
<usedWavelength><kAlpha1>{LINES[0]}</kAlpha1><kAlpha2>{LINES[1]}</kAlpha2>
<ratioKAlpha2KAlpha1>{LINES[2]}</ratioKAlpha2KAlpha1></usedWavelength>
<incidentBeamPath><radius unit="mm">240.00</radius><xRayTube><anodeMaterial>Cu</anodeMaterial></xRayTube>
</incidentBeamPath>
{scan * scans}</xrdMeasurement></xrdMeasurements>
"""


def zipped(parts: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return content.getvalue()


def brml_parts(axis: str = "TwoTheta", points: int = COUNT, absorber: str = "1") -> dict[str, str]:
    rows = "".join(
        f"<Datum>124.8,{absorber},{x:.6f},{x / 2:.6f},{y:.0f}</Datum>\n" for x, y in zip(ANGLE, COUNTS, strict=True)
    )
    axes = "".join(
        f'<ScanAxisInfo AxisId="{name}"><Start>{part * START}</Start><Increment>{part * STEP}</Increment>'
        "</ScanAxisInfo>"
        for name, part in ((axis, 1.0), ("Theta", 0.5))
    )
    views = f"""<RawDataView Start="0" Length="1" LogicName="MeasuredTime" />
<RawDataView Start="1" Length="1" LogicName="AbsorptionFactor" />
<RawDataView Start="2" Length="2"><Varying><FieldDefinitions FieldName="{axis}" /><FieldDefinitions FieldName="Theta" />
</Varying></RawDataView><RawDataView Start="4" Length="1"><Recording LogicName="ScanCounter" />
<Statistics Mean="{float(COUNTS.mean())!r}" Maximum="{COUNTS.max():.0f}" Minimum="{COUNTS.min():.0f}"
 Status="Succeeded" />
</RawDataView>"""
    route = f"""<DataRoute RouteFlag="Measured"><ScanInformation><MeasurementPoints>{points}</MeasurementPoints>
<ScanAxes>{axes}</ScanAxes></ScanInformation>{rows}<DataViews>{views}</DataViews></DataRoute>"""
    tube = f"""<TrackInfoData><Radius Unit="mm" Value="141" /><Tube><WaveLengthAlpha1 Value="{LINES[0]}" />
<WaveLengthAlpha2 Value="{LINES[1]}" /><WaveLengthRatio Value="{LINES[2]}" /><TubeMaterial>Cu</TubeMaterial></Tube>
</TrackInfoData>"""
    return {
        "Experiment0/DataContainer.xml": '<DataContainer><MeasurementInfo SampleName="invented" /></DataContainer>',
        "Experiment0/RawData0.xml": f"<RawData><DataRoutes>{route}</DataRoutes>{tube}</RawData>",
    }


def rasx_parts(axis: str = "TwoThetaTheta", stop: float = ANGLE[-1], factor: str = "1") -> dict[str, str]:
    rows = "".join(f"{x:.4f}\t{y:.0f}\t{factor}\r\n" for x, y in zip(ANGLE, COUNTS, strict=True))
    said = f"""<MeasurementConditions><GeneralInformation><SampleName>invented</SampleName></GeneralInformation>
<HWConfigurations><XrayGenerator><TargetName>Cu</TargetName><WavelengthKalpha1>{LINES[0]}</WavelengthKalpha1>
<WavelengthKalpha2>{LINES[1]}</WavelengthKalpha2></XrayGenerator></HWConfigurations><ScanInformation>
<AxisName>{axis}</AxisName><Start>{START}</Start><Stop>{stop}</Stop><Step>{STEP}</Step></ScanInformation>
</MeasurementConditions>"""
    return {"Data0/Profile0.txt": f"\ufeff{rows}", "Data0/MesurementConditions0.xml": said, "root.xml": "<Root />"}
