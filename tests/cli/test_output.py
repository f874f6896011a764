"""How an answer reads."""

from lamion.cli.output import as_text
from lamion.quantities import Answer, Quantity


def test_numbers_stand_in_one_line_and_sentences_in_lines_of_their_own():
    notes = {
        "mesh": {"values": [0.1844598147, 0.5]},
        "assumed": ["First.", "Second."],
        "none": None,
        "rows": [{"a": 1}],
    }
    text = as_text(Answer({"ratio": Quantity(0.5, None, "1")}, notes=notes, warnings=["Mind."]))
    assert text == "ratio  0.5\nmesh, values: 0.18446, 0.5\nassumed: First.\nassumed: Second.\nwarning: Mind.\n"


def test_a_short_table_is_printed_and_a_long_one_left_to_csv():
    short = Answer(series={"Guest": ["sn", "li+"], "Width / angstrom": [5.25, None], "Contacts / 1": [1.0, 2.0]})
    assert as_text(short).splitlines()[1:4] == [
        "Guest  Width / angstrom  Contacts",
        "sn                 5.25         1",
        "li+                   -         2",
    ]
    assert as_text(Answer(series={"Time / s": [float(k) for k in range(500)]})).startswith("series: 1 columns of 500")


def test_a_column_has_one_number_of_decimals():
    text = as_text(Answer(series={"A": [0.1844598, 0.1], "B": [1.0, 2.0], "C": [1e-9, 1.0], "D": [12345.678, 90000.0]}))
    assert [line.split() for line in text.splitlines()[2:4]] == [
        ["0.1845", "1", "1e-09", "12346"],
        ["0.1000", "2", "1", "90000"],
    ]
