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
