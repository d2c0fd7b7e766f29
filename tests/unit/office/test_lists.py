"""Lists as sheets and HR systems write them: full names in the right letters, or a refusal or question says why."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from booth.cli.office_list import Answers, people_of
from booth.core.faults import Fault
from booth.office.people_list import Listed, read_list


def listed(tmp_path: Path, content: bytes | str, **told: str) -> Listed:
    path = tmp_path / "list.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_list(path, **told)


def names(read: Listed) -> list[str]:
    return [person.name for person in read.people]


@pytest.mark.parametrize(
    ("text", "encoding", "wanted"),
    [
        ("name|id\nÉmile Zo|1\n", "utf-8-sig", ["Émile Zo"]),
        ("First Name,Last Name\nAda,Test\n", "utf-16", ["Ada Test"]),
        ('E-Mail,NAME\n"a@b","Proof, Grace"\n', "utf-8", ["Proof, Grace"]),
        ("Vorname\tName\r\nJörg\tBeispiel\r\n", "utf-8", ["Jörg Beispiel"]),
        ("Prénom;Nom d'usage\nLéa;Essai\n", "utf-8", ["Léa Essai"]),
        ("Apellidos;Nombre;Legajo\nMuestra Uno;Ana;004\n", "utf-8", ["Ana Muestra Uno"]),
        ("Primer apellido,Segundo apellido,Nombre\nMuestra,Uno,Ana\n", "utf-8", ["Ana Muestra Uno"]),
        ("Nome;Sobrenome\nRui;Exemplo\n", "utf-8", ["Rui Exemplo"]),
        ("Voornaam;Tussenvoegsel;Achternaam\nJan;van der;Proef\n", "utf-8", ["Jan van der Proef"]),
        ("Efternamn;Förnamn\nProv;Åsa\n", "utf-8", ["Åsa Prov"]),
        ("Nazwisko;Imię\nPróba;Łucja\n", "utf-8", ["Łucja Próba"]),
        ("Příjmení;Jméno\nPokus;Jiří\n", "utf-8", ["Jiří Pokus"]),
        ("Vezetéknév;Keresztnév\nPélda;Éva\n", "utf-8", ["Példa Éva"]),
        ("Ad;Soyad\nIşık;Örnek\n", "utf-8", ["Işık Örnek"]),
        ("Nume;Prenume\nProbă;Ștefan\n", "utf-8", ["Ștefan Probă"]),
        ("Фамилия;Имя;Отчество\nПробный;Иван;Тестович\n", "utf-8", ["Иван Тестович Пробный"]),
        ("Επώνυμο;Όνομα\nΔοκιμή;Άννα\n", "utf-8", ["Άννα Δοκιμή"]),
        ("שם פרטי;שם משפחה\nמשה;דוגמה\n", "utf-8", ["משה דוגמה"]),
        ("الاسم الأول;اسم العائلة\nسارة;مثال\n", "utf-8", ["سارة مثال"]),
        ("姓,名,社員番号\n見本,太郎,0012\n", "utf-8", ["見本 太郎"]),
        ("नाम,क्रमांक\nसीता,1\n", "utf-8", ["सीता"]),
        ('"sep=|"\nname|id\nAnn|1\n', "utf-8-sig", ["Ann"]),
        ("SEP=\t\r\nname\tid\r\nAnn\t1\r\n", "utf-8", ["Ann"]),
        ('"Full\r\nName","Staff\nNo"\r\n"Ann\nMarie",7\r\n', "utf-8", ["Ann Marie"]),
        ("Staff report 2026;\n;\nName;ID\nAnn;1\n", "utf-8", ["Ann"]),
        ("name,id\rAnn,1\rBob,2\r", "utf-8", ["Ann", "Bob"]),
        ('name,id\nAnn "Nan" Test,1\n"Bob ""B"" Test", 2\n', "utf-8", ['Ann "Nan" Test', 'Bob "B" Test']),
    ],
)  # fmt: skip
def test_full_names_whatever_wrote_the_list(tmp_path: Path, text: str, encoding: str, wanted: list[str]) -> None:
    read = listed(tmp_path, text.encode(encoding))
    assert (names(read), read.doubts) == (wanted, ())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Name;ID\nJürgen Größe;7\nRenée Château;8\n", "cp1252"),
        ("name;id\nSean O’Test;7\nMary – Ann Test;8\n", "cp1252"),
        ("name\tid\nŁukasz Żółć\t1\nAnna Wiśniewska\t2\n", "cp1250"),
        ("name;id\nErdős Szűcs;1\n", "cp1250"),
        ("name,id\nИван Петров,1\nАнна Смирнова,2\n", "cp1251"),
        ("name;id\nΆννα Δοκιμή;1\nΓιώργος Τεστ;2\n", "cp1253"),
        ("name;id\nGüneş Örnek;1\nİpek Çağlar;2\n", "cp1254"),
        ("name;id\nדוד לדוגמה;1\n", "cp1255"),
        ("name;id\nسارة مثال;1\nمحمد تجربة;2\n", "cp1256"),
        ("氏名,番号\n山田太郎,12\n佐藤花子,13\n鈴木一郎,14\n", "shift_jis"),
        ("姓名,编号\n王小明,1\n李娜,2\n张伟,3\n", "gb18030"),
        ("name;id\nJürgen Größe;7\n", "mac_roman"),
        ("name,id\nJürgen,1\n", "utf-16-le"),
    ],
)
def test_letters_that_are_guessed_are_right_and_asked(tmp_path: Path, text: str, encoding: str) -> None:
    read = listed(tmp_path, text.encode(encoding))
    wanted = [line.replace("\t", ";").replace(",", ";").split(";")[0] for line in text.splitlines()[1:]]
    assert names(read) == wanted
    assert "letters" in read.doubts[0].says and "--encoding" in read.doubts[0].option
    told = listed(tmp_path, text.encode(encoding), encoding=read.encoding)
    assert (names(told), told.doubts) == (wanted, ())


def test_utf8_saved_twice_is_mended_and_asked(tmp_path: Path) -> None:
    read = listed(tmp_path, "name;id\nJürgen Größe;7\n".encode().decode("cp1252").encode())
    assert names(read) == ["Jürgen Größe"] and read.doubts
    assert not listed(tmp_path, "name;id\nJosÃ©;7\n".encode(), encoding="utf-8").doubts


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "office.empty", ""),
        (b"name,id\n", "office.empty", ""),
        (b"who,what\nA,B\n", "office.column", ""),
        (b"first name,team\nA,B\n", "office.column", ""),
        (b"\x00\x01\x02\x03", "office.encoding", ""),
        (b'name,id\nAnn,1\n"Bob, B,2\nCarol,3\n', "office.quote", "line 3"),
        (b'name,id\nAnn,1\n"Bob, B,2\n"Carol", C,3\n', "office.quote", "line 3"),
        (b"name,id\nTest, Ann,1001\nTest, Ben,1002\n", "office.cells", "Line 2"),
        (b"name;id\nAnn;1\nBob;2;3\n", "office.cells", "Line 3"),
        (b"PK\x03\x04 no workbook at all", "office.workbook", ""),
    ],
)
def test_what_would_be_misread_is_refused_with_its_line(tmp_path: Path, content: bytes, code: str, line: str) -> None:
    with pytest.raises(Fault) as caught:
        listed(tmp_path, content)
    assert caught.value.code == code
    assert line in caught.value.message and caught.value.hint


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("name,id\nAnn\nTest,1001\n", "line 2 has 1 cells of 2"),
        ("name,id\nJ?rgen,1\n", "lost"),
        ("name,id\nJ\ufffdrgen,1\n", "lost"),
        ("name,id\nAnn,1.23457E+11\n", "rounded"),
        ("name\nAnn,1001\nBen,1002\n", "separator"),
        ("nombre;cognomz\nAna;Mostra\nEva;Prova\n", "other half"),
        ("name,id\nAnn,1\n,2\n", "left out"),
    ],
)
def test_what_looks_wrong_is_asked(tmp_path: Path, content: str, word: str) -> None:
    assert any(word in doubt.says for doubt in listed(tmp_path, content).doubts)


def test_columns_can_be_told(tmp_path: Path) -> None:
    assert names(listed(tmp_path, "wer,was\nAnn,1\n", columns="name=wer,id=2")) == ["Ann"]
    assert names(listed(tmp_path, "Ann,Test\nBen,Proof\n", columns="first=1,last=2,header=no")) == [
        "Ann Test", "Ben Proof",
    ]  # fmt: skip
    with pytest.raises(Fault):
        listed(tmp_path, "wer,was\nAnn,1\n", columns="name=7")


def workbook(tmp_path: Path, rows: list[list[str | float]]) -> Path:
    """The least that is an .xlsx: one sheet of inline texts and numbers."""

    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    application = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    body = "".join("<row>" + "".join(cell(value) for value in row) + "</row>" for row in rows)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("[Content_Types].xml", f'<Types xmlns="{kinds}"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
            f'ContentType="{application}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
            f'ContentType="{application}.worksheet+xml"/></Types>')  # fmt: skip
        packed.writestr("_rels/.rels", f'<Relationships xmlns="{links}"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>')  # fmt: skip
        packed.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="People" '
            'sheetId="1" r:id="r1"/></sheets></workbook>')  # fmt: skip
        packed.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{links}"><Relationship Id="r1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')  # fmt: skip
        packed.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData>'
            "</worksheet>")  # fmt: skip
    path = tmp_path / "people.xlsx"
    path.write_bytes(out.getvalue())
    return path


def test_a_workbook_is_read_as_it_is(tmp_path: Path) -> None:
    rows: list[list[str | float]] = [["Apellidos", "Nombre", "ID"], ["Muestra Uno", "Zoë", 12], ["Żółć", "सीता", 7.0]]
    read = read_list(workbook(tmp_path, rows))
    assert [(p.name, p.id) for p in read.people] == [("Zoë Muestra Uno", "12"), ("सीता Żółć", "7")]
    assert not read.doubts


def test_a_guess_is_never_taken_for_agreed_without_somebody_to_ask(tmp_path, capsys, monkeypatch) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("name;id\nŞule Yıldırım;2\nÇağla Işık;3\n".encode("cp1254"))
    monkeypatch.setattr("booth.cli.asking.is_terminal", lambda: False)
    with pytest.raises(Fault) as caught:
        people_of(path, Answers(), "-")
    assert caught.value.code == "office.guess" and "Şule Yıldırım" in caught.value.hint
    assert "cp1254" in caught.value.hint and "Şule Yıldırım" in capsys.readouterr().err
    assert people_of(path, Answers(encoding="cp1254"), "-")[0].name == "Şule Yıldırım"
    assert people_of(path, Answers(yes=True), "-")[0].name == "Şule Yıldırım"
