"""Tables of cyclers: Neware, Arbin, Maccor, Basytec, Novonix, PEC; each by what its program calls its columns."""

from __future__ import annotations

from lamion.formats.cycler_table import Cycler, format_of, names

_TIME = "s"
_SIGNED = {
    "voltage": names("V", "voltage", needed=True),
    "current": names("A", "current", needed=True),
}

NEWARE = format_of(
    Cycler(
        "Neware table",
        "datapoint cycleindex stepindex steptype chgcap dchgcap",
        {
            "time": names(_TIME, "totaltime cumulativetime", needed=True),
            **_SIGNED,
            "cycle": names("1", "cycleindex"),
            "step": names("1", "stepindex"),
            "charged": names("A s", "chgcap"),
            "discharged": names("A s", "dchgcap"),
            "point": names("1", "datapoint"),
        },
    )
)

ARBIN = format_of(
    Cycler(
        "Arbin table",
        "datapoint testtime cycleindex stepindex chargecapacity dischargecapacity",
        {
            "time": names(_TIME, "testtime", needed=True),
            **_SIGNED,
            "cycle": names("1", "cycleindex"),
            "step": names("1", "stepindex"),
            "charged": names("A s", "chargecapacity"),
            "discharged": names("A s", "dischargecapacity"),
            "point": names("1", "datapoint"),
        },
    )
)

MACCOR = format_of(
    Cycler(
        "Maccor table",
        "rec cyclec step testtime steptime dpttime",
        {
            "time": names(_TIME, "testtime", needed=True),
            "voltage": names("V", "voltage volts", needed=True),
            "current": names("A", "current amps", needed=True),
            "cycle": names("1", "cyclec"),
            "step": names("1", "step"),
            "amount": names("A s", "cap capacity"),
            "direction": names("1", "md state"),
            "point": names("1", "rec"),
            "date": names("1", "dpttime"),
        },
        signs={"C": 1, "D": -1, "R": 0, "P": 0, "S": 0},
        units={"voltage": "V", "current": "A", "amount": "Ah"},
    )
)

BASYTEC = format_of(
    Cycler(
        "Basytec text",
        "time dataset tstep line command u i ah",
        {
            "time": names(_TIME, "time", needed=True),
            "voltage": names("V", "u", needed=True),
            "current": names("A", "i", needed=True),
            "cycle": names("1", "cyccount"),
            "step": names("1", "line"),
            "charge": names("A s", "ah"),
            "point": names("1", "dataset"),
        },
        begins="~",
    )
)

NOVONIX = format_of(
    Cycler(
        "Novonix table",
        "dateandtime cyclenumber steptype runtime steptime stepnumber stepposition",
        {
            "time": names(_TIME, "runtime", needed=True),
            "voltage": names("V", "potential", needed=True),
            "current": names("A", "current", needed=True),
            "cycle": names("1", "cyclenumber"),
            "step": names("1", "stepnumber"),
            "charge": names("A s", "capacity"),
        },
    )
)

PEC = format_of(
    Cycler(
        "PEC table",
        "rack shelf position cellid totaltime loadontime realtime",
        {
            "time": names(_TIME, "totaltime", needed=True),
            **_SIGNED,
            "cycle": names("1", "cycle"),
            "step": names("1", "step"),
            "charged": names("A s", "chargecapacity"),
            "discharged": names("A s", "dischargecapacity"),
        },
    )
)
FORMATS = (NEWARE, ARBIN, MACCOR, BASYTEC, NOVONIX, PEC)
