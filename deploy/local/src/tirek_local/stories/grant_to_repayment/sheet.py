"""Chapter: the claim as of 30 June 2026, with its sheet."""

from typing import Any

from tirek_local.stories.acts import recovery
from tirek_local.stories.grant_to_repayment.cast import OFFICER, Case
from tirek_local.stories.stage import Stage
from tirek_local.stories.telling import tenge

SEGMENTS = (
    ("2025-02-03", "2025-03-10", 36, "15.25", "451232.88"),
    ("2025-03-11", "2025-10-12", 216, "16.50", "2929315.07"),
    ("2025-10-13", "2026-06-07", 238, "18.00", "3521095.89"),
    ("2026-06-08", "2026-06-29", 22, "17.00", "307397.26"),
)


def the_claim_and_its_sheet(stage: Stage, case: Case) -> None:
    """30,000,000.00 return, with 7,209,041.10 of interest: four segments, one for each base rate."""
    tell = stage.teller
    tell.chapter("What must come back as of 30 June 2026")
    stage.on("2026-06-30")
    claim = recovery.calculate(stage, OFFICER, case.claim_id, "2026-06-30")
    tell.does(OFFICER, "has the claim calculated as of today", "Art. 27(4)")
    wanted = {"principal": "30000000.00", "interest": "7209041.10", "total": "37209041.10"}
    stage.figures.all_equal("the claim as of 2026-06-30", claim, wanted)
    sheet = recovery.version(stage, OFFICER, case.claim_id, claim["version"])["sheet"]
    case.sheet = sheet
    found = [(s["from"], s["to"], s["days"], s["percent"], s["interest"]) for s in sheet["segments"]]
    for number, (segment, right) in enumerate(zip(found, SEGMENTS, strict=True), start=1):
        stage.figures.equal(f"segment {number} of the sheet", segment, right)
    show_sheet(stage, f"The calculation sheet, version {claim['version']} of the claim", sheet)
    pdf = stage.obligations.read(
        OFFICER, f"/v1/claims/{case.claim_id}/versions/{claim['version']}/sheet", "application/pdf"
    )
    stage.figures.equal("the beginning of the printed sheet", pdf[:5], b"%PDF-")
    tell.notes(f"The same sheet to print: PDF, {len(pdf):,} bytes, in Kazakh, Russian or English.")


def show_sheet(stage: Stage, title: str, sheet: dict[str, Any]) -> None:
    """The sheet: each segment with its days, base, rate and interest, then the totals."""
    rows = [
        (
            segment["from"],
            segment["to"],
            str(segment["days"]),
            tenge(segment["base"]),
            f"{segment['percent']} %",
            str(segment["basis"]),
            tenge(segment["interest"]),
        )
        for segment in sheet["segments"]
    ]
    days = sum(segment["days"] for segment in sheet["segments"])
    rows.append(("[bold]interest", "", f"[bold]{days}", "", "", "", f"[bold]{tenge(sheet['interest'])}"))
    rows.append(("[bold]principal", f"K = {sheet['fulfilment']}", "", "", "", "", f"[bold]{tenge(sheet['principal'])}"))
    rows.append(("[bold]total", "", "", "", "", "", f"[bold]{tenge(sheet['total'])}"))
    if sheet["outstanding"]["total"] != sheet["total"]:
        rows.append(("[bold]left", "", "", "", "", "", f"[bold]{tenge(sheet['outstanding']['total'])}"))
    stage.teller.table(title, ("from", "to", "days", "base", "rate", "basis", "interest"), rows, right=range(2, 7))
    cited = ", ".join(f"{each['act']}, Art. {each['article']}" for each in sheet["citations"])
    rates = [name for name in sheet["unverified"] if name.startswith("rates/")]
    rules = len(sheet["unverified"]) - len(rates)
    stage.teller.notes(
        f"It rests on {cited}. Not confirmed by two people yet: {rules} parameters of the rule set, {len(rates)} rates."
    )
