"""Is an XLSX file one that is read at all? Looked at as a package of XML, bounded, before any reader opens it."""

import io
import zipfile
from collections.abc import Callable, Iterator
from xml.parsers import expat

from export_support.sheets.refusals import SheetError
from shared.values.wrong import Words, found

MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 200
MOST_ROWS = 10_010
MOST_COLUMNS = 100
PIECE = 256 * 1024


class _Enough(Exception):
    """The scan has seen what it refuses."""

    def __init__(self, error: SheetError) -> None:
        super().__init__()
        self.error = error


def refuse_package(content: bytes) -> list[SheetError]:
    """What is wrong with the package: macros, formulas, merged cells, far cells, a bomb; nothing where it is fine."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _of_parts(package) or list(_of_sheets(package))
    except _Enough as enough:
        return [enough.error]
    except (zipfile.BadZipFile, expat.ExpatError, NotImplementedError, RuntimeError, EOFError, OSError, KeyError):
        return [SheetError("", 0, "", "a broken or locked file", "a workbook (XLSX) without a password")]


def _of_parts(package: zipfile.ZipFile) -> list[SheetError]:
    parts = package.infolist()
    names = [part.filename.lower() for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED or len(set(names)) < len(names):
        wanted = Words("at most {most} bytes when unpacked", most=MOST_UNPACKED)
        return [SheetError("", 0, "", "a package that unpacks too far", wanted)]
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        return [SheetError("", 0, "", "macros", "a workbook without macros")]
    if any("/externallinks/" in name or "/embeddings/" in name for name in names):
        return [SheetError("", 0, "", "links or embedded files", "a workbook of its own values only")]
    return []


def _of_sheets(package: zipfile.ZipFile) -> Iterator[SheetError]:
    titles = _titles(package)
    seen: set[str] = set()
    for title in titles:
        if title.casefold() in seen:
            yield SheetError(title, 0, "", "two sheets of one name", "each name once")
        seen.add(title.casefold())
    for part in package.infolist():
        _require_whole(package, part)
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            _scan(package, part.filename)


def _titles(package: zipfile.ZipFile) -> list[str]:
    titles: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            titles.append(attributes.get("name", ""))

    _parse(package, "xl/workbook.xml", start)
    return titles


def _scan(package: zipfile.ZipFile, part: str) -> None:
    """Refuse formulas, merged cells, and cells so far away that a reader would make room for millions."""
    here = part.rpartition("/")[2].removesuffix(".xml")
    row = column = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        kind = name.rpartition(":")[2]
        if kind == "row":
            row = int(attributes["r"]) if attributes.get("r", "").isdigit() else row + 1
            column = 0
        elif kind == "c":
            column = _column(attributes["r"]) if "r" in attributes else column + 1
            if row > MOST_ROWS or column > MOST_COLUMNS:
                wanted = Words("at most {rows} rows and {columns} columns", rows=MOST_ROWS, columns=MOST_COLUMNS)
                raise _Enough(SheetError(here, row, "", "a cell far outside", wanted))
        elif kind == "f":
            raise _Enough(SheetError(here, row, "", "a formula", "a value"))
        elif kind == "mergeCell":
            raise _Enough(SheetError(here, 0, "", "merged cells", "each cell for itself"))

    _parse(package, part, start)


def _parse(package: zipfile.ZipFile, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start

    def declared(*_: object) -> None:
        raise _Enough(SheetError("", 0, "", "a document type", "a workbook without one"))

    parser.StartDoctypeDeclHandler = declared
    with package.open(part) as file:
        while piece := file.read(PIECE):
            parser.Parse(piece, False)
    parser.Parse(b"", True)


def _require_whole(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part piece by piece: what unpacks to more or other than it says is refused by its checksum."""
    with package.open(part) as file:
        while file.read(PIECE):
            pass


def _column(reference: str) -> int:
    number = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
        if number > MOST_COLUMNS:
            break
    return number


def seen(value: object) -> str:
    """A cell's value, safe to show."""
    return found(value) if isinstance(value, str) else Words("a cell of type {name}", name=type(value).__name__)
