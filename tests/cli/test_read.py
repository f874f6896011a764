"""`lamion read` on what does not say what it is, and on what is no table."""

from lamion.cli.main import main


def test_a_file_that_does_not_say_what_it_is_is_asked_for_and_told(tmp_path, capsys):
    path = tmp_path / "pattern.txt"
    path.write_text("".join(f"{10 + step / 10} {100 + step}\n" for step in range(50)))
    assert main(["read", str(path)]) == 2
    assert "--record diffraction" in capsys.readouterr().err
    assert main(["read", str(path), "--record", "diffraction"]) == 0
    assert "pattern; table of a powder pattern; 50 points" in capsys.readouterr().out
    assert main(["read", str(path), "--record", "xrd"]) == 2
    assert "Known are: adhesion-map, concentration-cell, conductivity" in capsys.readouterr().err
    assert main(["read", str(path), "--record", "diffraction", "--columns", "f=1,re=2,im=3"]) == 2
    assert "'f=1' is not a column. Each column is a key (twotheta, counts)" in capsys.readouterr().err


def test_a_crystal_is_said_by_its_atoms_and_its_cell(tmp_path, capsys):
    path = tmp_path / "sheet.cif"
    assert main(["simulate", "sheet", "--cif", str(path)]) == 0
    capsys.readouterr()
    assert main(["read", str(path)]) == 0
    told = capsys.readouterr().out
    assert "crystal; Crystallographic Information File (CIF); 87 atoms" in told
    assert "Cu3 N4 C48 H24 O8" in told
    assert "angstrom" in told
