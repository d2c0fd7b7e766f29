"""Mutated lists and file names: no run pairs a photograph with a person whom the table it showed did not name so.

A few hundred in `make test`; `make list-fuzz` runs 10,000 (BOOTH_LIST_FUZZ).
"""

from __future__ import annotations

import os
import random
import re
import unicodedata
from pathlib import Path

from booth.cli import office_list
from booth.cli.office_list import Answers, pairing_of, people_of
from booth.core.faults import Fault

RUNS = int(os.environ.get("BOOTH_LIST_FUZZ", "300"))
NAMES = ["Ann Test", "Bea Abt", "José Ruiz", "Jose Ruiz", "Müller Jörg", "Jörg Müller", "सीता", "सुत", "Łucja Próba",
         "O'Test Seán", "Abt Bea", "山田太郎", "محمّد", "Al Zorn", "Zorn", "1001", "Éva Szűcs", "İpek Işık"]  # fmt: skip
IDS = ["1", "01", "007", "7", "10012", "1001", "12", "00012", "A-7", "a-7", "", "1001-2", "2"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1250", "cp1254", "mac_roman", "shift_jis", "gb18030"]
HEADS = [("name", "id"), ("Name", "Personalnummer"), ("Nombre", "Apellidos"), ("Nom", "Prénom"), ("who", "what")]


def a_list(rng: random.Random) -> bytes:
    delimiter, end = rng.choice(",;\t|"), rng.choice(["\n", "\r\n", "\r"])
    rows = [rng.choice(HEADS), *((rng.choice(NAMES), rng.choice(IDS)) for _ in range(rng.randint(1, 5)))]
    lines = [delimiter.join(rng.choice(['"{}"', "{}", "{}"]).format(cell) for cell in row) for row in rows]
    text = rng.choice(["", "", "sep=;" + end]) + end.join(lines) + end
    raw = bytearray(text.encode(rng.choice(ENCODINGS), "replace"))
    for _ in range(rng.choice([0, 0, 0, 1, 2, 5])):
        at = rng.randrange(len(raw))
        way = rng.randrange(3)
        if way == 0:
            raw[at] = rng.choice(b'",;\n\r\x00\xe9\xff =A0')
        elif way == 1:
            del raw[at : at + rng.randint(1, 4)]
        else:
            raw[at:at] = bytes([rng.choice(b'",;\n\r"\xe4\x92')])
        if not raw:
            break
    return bytes(raw)


def a_stem(rng: random.Random) -> str:
    name, number = rng.choice(NAMES), rng.choice(IDS)
    stem = rng.choice([name, number or "x", f"{number}_{name}", f"DSC{rng.randint(1, 20)}"])
    forms = [str.upper, str.lower, str, lambda s: " ".join(reversed(s.split())), lambda s: s.replace(" ", "_"),
             lambda s: unicodedata.normalize("NFD", s), lambda s: f"{s}-1"]  # fmt: skip
    return rng.choice(forms)(stem).replace("/", "") or "y"


def letters(text: str) -> list[str]:
    """What an independent eye compares: the words of a text without case, accents and zeros, in any order."""
    bare = "".join(s for s in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(s))
    bare = bare.replace("ı", "i").replace("ł", "l").replace("'", "")
    return sorted(word.lstrip("0") for word in re.split(r"[\s_,.;+-]+", bare) if word)


def belongs(stem: str, name: str, number: str) -> bool:
    told, own, ids = letters(stem), letters(name), letters(number)
    written = letters(re.sub("[äöü]", lambda m: {"ä": "ae", "ö": "oe", "ü": "ue"}[m.group()], name.casefold()))
    return told in (own, ids, sorted(own + ids), written)


def test_no_photograph_gets_a_name_the_table_did_not_show(tmp_path: Path, monkeypatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(office_list, "tell", lambda line, json=None: shown.append(line))
    monkeypatch.setattr("booth.cli.asking.is_terminal", lambda: False)
    path, folder = tmp_path / "list.csv", tmp_path / "photographs"
    folder.mkdir()
    ran = paired = 0
    for seed in range(RUNS):
        rng = random.Random(seed)
        path.write_bytes(a_list(rng))
        for old in folder.iterdir():
            old.unlink()
        for _ in range(rng.randint(1, 5)):
            (folder / (a_stem(rng) + rng.choice([".jpg", ".JPG", ".heic", ".cr2", ".txt"]))).touch()
        answers = Answers(yes=rng.random() < 0.5, in_order=rng.random() < 0.2)
        shown.clear()
        try:
            pairing = pairing_of(people_of(path, answers, None), folder, answers, None)
        except Fault as fault:
            assert fault.message and fault.hint, seed
            continue
        ran += 1
        files = [pair.photograph for pair in pairing.pairs]
        assert len(set(files)) == len(files) and len({pair.person.key for pair in pairing.pairs}) == len(files), seed
        for pair in pairing.pairs:
            paired += 1
            row = [line for line in shown if pair.photograph.name in line and pair.person.name in line]
            assert row and pair.by in row[0], seed
            if not answers.in_order:
                assert belongs(pair.photograph.stem, pair.person.name, pair.person.id), (seed, pair)
        named = {pair.photograph.name for pair in pairing.pairs} | {left.path.name for left in pairing.left_out}
        assert {file.name for file in folder.iterdir()} == named, seed
    assert ran > RUNS / 50 and paired
