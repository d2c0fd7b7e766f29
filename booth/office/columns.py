"""Which column of a list is what, from its title in many languages, and what of that is only a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from booth.core.faults import Fault
from booth.office.table import Row

KINDS = ("name", "first", "middle", "last", "id", "email")
LOOKED_AT_ROWS = 10  # a report's title may stand above the column titles
SURE_WORD_SHARE = 0.8  # of the people: names of one word in so many, beside another column of words, look cut in half
_TITLES: Mapping[str, str] = {
    "name": """name|full name|fullname|complete name|display name|displayname|preferred name|person|employee|
        employee name|student|student name|participant|attendee|member|guest|
        vollstandiger name|vor und nachname|vor- und nachname|mitarbeiter|mitarbeiterin|teilnehmer|anzeigename|
        nom complet|nom et prenom|nom prenom|prenom et nom|prenom nom|nom d'usage complet|
        nombre completo|nombre y apellidos|apellidos y nombre|nome completo|nome e cognome|cognome e nome|nominativo|
        nom i cognoms|naam|volledige naam|namn|fullstandigt namn|navn|fullt navn|fulde navn|nimi|koko nimi|
        imie i nazwisko|nazwisko i imie|jmeno a prijmeni|cele jmeno|meno a priezvisko|teljes nev|nev|
        ad soyad|adi soyadi|ad ve soyad|isim soyisim|isim|nume complet|nume si prenume|ime i prezime|ime in priimek|
        vardas pavarde|vards uzvards|taisnimi|
        фио|ф.и.о.|ф и о|полное имя|имя и фамилия|фамилия имя отчество|піб|повне ім'я|име и фамилия|име и презиме|
        ονοματεπωνυμο|ονομα και επωνυμο|שם מלא|שם|الاسم|الاسم الكامل|اسم|نام و نام خانوادگی|نام|
        नाम|पूरा नाम|नाव|নাম|பெயர்|పేరు|ชื่อ-นามสกุล|ชื่อ นามสกุล|ho ten|ho va ten|nama|nama lengkap|
        姓名|全名|名前|氏名|お名前|社員名|이름|성명""",
    "first": """first name|firstname|first|given name|given names|givenname|forename|christian name|vorname|vornamen|
        rufname|prenom|prenoms|primer nombre|nombre de pila|nombres|nome proprio|primeiro nome|voornaam|fornamn|fornavn|
        etunimi|imie|jmeno|krstne jmeno|meno|keresztnev|utonev|adi|ad|isim adi|prenume|ime|vardas|vards|eesnimi|
        имя|ім'я|име|ονομα|שם פרטי|الاسم الأول|الاسم الاول|نام کوچک|पहला नाम|ชื่อ|ten|nama depan|名|名字|이름(명)""",
    "middle": """middle name|middlename|second name|zweiter vorname|deuxieme prenom|segundo nombre|отчество|
        по батькові|презиме (отца)|tussenvoegsel|infix|ten dem|اسم الأب""",
    "last": """last name|lastname|last|surname|family name|familyname|nachname|familienname|zuname|nom de famille|
        nom d'usage|nom de naissance|apellido|apellidos|primer apellido|apellido paterno|apellido 1|cognome|cognom|
        cognoms|sobrenome|apelido|apelidos|ultimo nome|achternaam|familienaam|efternamn|etternavn|efternavn|sukunimi|
        nazwisko|prijmeni|priezvisko|vezeteknev|csaladnev|soyad|soyadi|soyisim|nume|nume de familie|prezime|priimek|
        pavarde|uzvards|perekonnanimi|фамилия|прізвище|фамилно име|презиме|επωνυμο|επιθετο|שם משפחה|
        اسم العائلة|اللقب|الكنية|نام خانوادگی|उपनाम|कुलनाम|นามสกุล|ho|ho dem|nama belakang|nama keluarga|姓|姓氏|성""",
    "last2": "segundo apellido|apellido materno|apellido 2|second surname|second last name",
    "id": """id|employee id|employeeid|emp id|staff id|staff no|staff number|number|no|no.|nr|nr.|user id|userid|
        employee number|employee no|personnel number|personnel no|personalnummer|personalnr|personal-nr|personal-nr.|
        mitarbeiternummer|mitarbeiter-id|ausweisnummer|pers.-nr.|matricule|numero|numero d'employe|identifiant|
        badge|badge number|badge id|student id|matrikelnummer|matricola|codice|codice dipendente|
        numero de empleado|legajo|matricula|codigo|personeelsnummer|anstallningsnummer|ansattnummer|
        medarbejdernummer|henkilonumero|numer|numer pracownika|osobni cislo|torzsszam|azonosito|sicil no|sicil|
        marca|sifra|табельный номер|таб. номер|номер|код|αριθμος|αρ. μητρωου|מספר|מספר עובד|ת.ז.|
        رقم|الرقم الوظيفي|رقم الموظف|क्रमांक|आईडी|รหัส|รหัสพนักงาน|ma nv|ma nhan vien|nip|nik|
        编号|工号|員工編號|番号|社員番号|社員id|사번|번호""",
    "email": """email|e-mail|mail|e mail|email address|e-mail address|e-mail-adresse|mailadresse|emailadresse|courriel|
        adresse e-mail|adresse mail|correo|correo electronico|posta elettronica|indirizzo email|e-post|epost|
        sahkoposti|eposta|e-posta|почта|эл. почта|электронная почта|ηλεκτρονικη διευθυνση|דואל|דוא\"ל|
        البريد الإلكتروني|ईमेल|อีเมล|邮箱|电子邮件|メール|メールアドレス|이메일""",
}  # fmt: skip
# A word that names the whole person alone, and only a part of the name beside the other part.
_PART_BESIDE: Mapping[str, tuple[str, str]] = {
    "name": ("last", "first"), "nom": ("last", "first"), "naam": ("last", "first"), "navn": ("last", "first"),
    "namn": ("last", "first"), "nombre": ("first", "last"), "nome": ("first", "last"), "nimi": ("last", "first"),
    "nev": ("last", "first"), "isim": ("first", "last"), "nama": ("first", "last"), "שם": ("first", "last"),
    "الاسم": ("first", "last"), "اسم": ("first", "last"), "نام": ("first", "last"), "नाम": ("first", "last"),
    "이름": ("first", "last"), "имя": ("first", "last"), "име": ("first", "last"), "ονομα": ("first", "last"),
    "ime": ("first", "last"), "ad": ("first", "last"), "adi": ("first", "last"), "ชื่อ": ("first", "last"),
    "jmeno": ("first", "last"), "meno": ("first", "last"), "ten": ("first", "last"), "nume": ("last", "first"),
    "名": ("first", "last"), "vards": ("first", "last"), "vardas": ("first", "last"), "first": ("first", "last"),
}  # fmt: skip
_FAMILY_FIRST = frozenset({"姓", "姓氏", "성", "ho", "ho dem", "vezeteknev", "csaladnev"})


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each kind stands, from 0; `header` is the row of titles, None where there is none."""

    at: Mapping[str, int]
    header: int | None
    is_family_first: bool = False
    doubt: str = ""  # why somebody has to agree to this reading; empty where it is certain

    def described(self, head: Sequence[str]) -> str:
        """The columns as `--columns` takes them."""
        return ",".join(f"{kind}={at + 1}" for kind, at in self.at.items()) or ",".join(head)


def plain_title(title: str) -> str:
    """A column's title without case, accents, underscores and dashes between words."""
    letters = unicodedata.normalize("NFKD", title.casefold().replace("ı", "i").replace("ł", "l").replace("đ", "d"))
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign) or ord(sign) > 0x0900)
    bare = bare.replace("ø", "o").replace("æ", "ae").replace("\u2019", "'")
    return unicodedata.normalize("NFC", " ".join(bare.replace("_", " ").strip(" :*").split()))


def _known() -> dict[str, str]:
    listed: dict[str, str] = {}
    for kind, titles in _TITLES.items():
        for title in titles.replace("\n", "").split("|"):
            listed.setdefault(plain_title(title), kind)
    listed |= {title: "name" for title in _PART_BESIDE if title not in ("first",)}
    return listed


KNOWN = _known()


def find_columns(rows: Sequence[Row], name: str) -> Columns:
    """Find the row of titles and what its columns are. Fault `office.column` where no column holds names."""
    for at, row in enumerate(rows[:LOOKED_AT_ROWS]):
        found = _columns_of(row.cells, at)
        if found is not None and all(sum(map(bool, above.cells)) <= 2 for above in rows[:at]):
            return _doubted(found, row, rows[at + 1 :])
    head = ", ".join(rows[0].cells)[:120]
    hint = f"Its first line names the columns: one has to be name. It has {head}. Or say --columns name=1,id=2."
    raise Fault("office.column", f"{name} has no column of names.", hint)


def _columns_of(head: Sequence[str], row: int) -> Columns | None:
    plain = [plain_title(title) for title in head]
    kinds = [KNOWN.get(title, "") for title in plain]
    parts = {kind for kind in kinds if kind in ("first", "last")}
    for at, title in enumerate(plain):
        alone, other = _PART_BESIDE.get(title, ("", ""))
        others = parts | {kind for n, kind in enumerate(kinds) if n != at and kind in ("first", "last")}
        if alone and other in others and _beside(kinds, plain, at, other):
            kinds[at] = alone
        elif alone and kinds[at] in ("first", "last", "") and not parts - {kinds[at]}:
            kinds[at] = "name"
    places: dict[str, int] = {}
    for number, kind in enumerate(kinds):
        if kind:
            places.setdefault(kind, number)
    if "name" not in places and not {"first", "last"} <= places.keys():
        return None
    doubled = sorted({kind for kind in kinds if kind in ("name", "first", "last") and kinds.count(kind) > 1})
    doubt = f"two columns could be {doubled[0]}" if doubled else ""
    return Columns(places, row, any(title in _FAMILY_FIRST for title in plain), doubt)


def _beside(kinds: Sequence[str], plain: Sequence[str], at: int, other: str) -> bool:
    """Return whether another column holds the other part of the name for certain."""
    return any(kind == other and number != at for number, kind in enumerate(kinds))


def _doubted(found: Columns, head: Row, people: Sequence[Row]) -> Columns:
    """Doubt a column of names that are all one word beside an unknown column of words: half of each name is there."""
    if found.doubt or "name" not in found.at:
        return found
    names = [cell.split() for row in people if (cell := _cell_of(row, found.at["name"]))]
    short = sum(len(words) == 1 for words in names)
    if len(names) == 0 or short < SURE_WORD_SHARE * len(names):
        return found
    for number, title in enumerate(head.cells):
        if number in found.at.values():
            continue
        words = [cell for row in people if (cell := _cell_of(row, number))]
        if words and all(re.fullmatch(r"[^\W\d_][^\d_@/]*", cell) for cell in words):
            doubt = f"the column {title or number + 1} may hold the other half of each name"
            return Columns(found.at, found.header, found.is_family_first, doubt)
    return found


def stated_columns(text: str, rows: Sequence[Row], name: str) -> Columns:
    """Read what `--columns` says: kind=number or kind=title by commas, `header=no` where the list has no titles.

    Fault `office.column` for a kind or a column there is not.
    """
    at: dict[str, int] = {}
    header: int | None = 0
    hint = f"Such as name=1,id=2 or first=Vorname,last=Name. Kinds: {', '.join(KINDS)}; header=no without titles."
    for part in text.split(","):
        kind, _, which = (piece.strip() for piece in part.partition("="))
        if kind == "header" and which in ("no", "yes"):
            header = None if which == "no" else 0
            continue
        number = _number_of(which, rows[0].cells)
        if kind not in KINDS or number is None:
            raise Fault("office.column", f"{name} has no column for {part.strip()}.", hint)
        at[kind] = number
    if "name" not in at and not {"first", "last"} <= at.keys():
        raise Fault("office.column", "The columns say no name.", hint)
    return Columns(at, header)


def _number_of(which: str, head: Sequence[str]) -> int | None:
    if which.isdecimal():
        return int(which) - 1 if 1 <= int(which) <= len(head) else None
    titles = [plain_title(title) for title in head]
    return titles.index(plain_title(which)) if plain_title(which) in titles else None


def _cell_of(row: Row, at: int) -> str:
    return row.cells[at] if at < len(row.cells) else ""
