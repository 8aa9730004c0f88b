"""One trace as a tree: who did what, when it began, how long it took."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rich.text import Text
from rich.tree import Tree

from tirek_local.traces.received import ReceivedSpan

STYLES = {"server": "bold cyan", "client": "dim", "producer": "yellow", "consumer": "green", "internal": "bold"}
SETTLE = "settle "
SHOWN = ("tirek.event.type", "tirek.consumer", "http.response.status_code")


def as_tree(trace_id: str, spans: Sequence[ReceivedSpan], *, statements: bool) -> Tree:
    """The spans of one trace under their parents; what has lost its parent stands at the top.

    Each line: service, name, milliseconds from the beginning of the trace, duration. Without `statements` those are
    counted, and so are the spans of consumers that moved past an event which does not concern them.
    """
    tree = Tree(Text(f"trace {trace_id}", style="bold"))
    if not spans:
        tree.add(Text("no spans", style="dim"))
        return tree
    known = {span.span_id for span in spans}
    below: dict[str, list[ReceivedSpan]] = defaultdict(list)
    for span in sorted(spans, key=lambda each: (each.started_at, -each.ended_at)):
        below[span.parent_id if span.parent_id in known else ""].append(span)
    passed = [] if statements else [span for span in spans if _moved_past(span, below)]
    for span in passed:
        below[span.parent_id].remove(span)
    _grow(tree, "", below, min(span.started_at for span in spans), statements)
    if passed:
        tree.add(
            Text(
                f"{len(passed)} times a consumer settled a batch, or moved past an event that is not its concern",
                style="dim",
            )
        )
    return tree


def _moved_past(span: ReceivedSpan, below: Mapping[str, Sequence[ReceivedSpan]]) -> bool:
    """Whether it settled a batch without handling anything of this trace."""
    children = below.get(span.span_id, ())
    return span.name.startswith(SETTLE) and span.parent_id in below and all(child.is_statement for child in children)


def _grow(
    branch: Tree, parent_id: str, below: Mapping[str, Sequence[ReceivedSpan]], begin: int, statements: bool
) -> None:
    for span in below.get(parent_id, ()):
        if span.is_statement and not statements:
            continue
        grown = branch.add(_line(span, below.get(span.span_id, ()), begin, statements))
        _grow(grown, span.span_id, below, begin, statements)


def _line(span: ReceivedSpan, children: Sequence[ReceivedSpan], begin: int, statements: bool) -> Text:
    line = Text()
    line.append(f"{span.service} ", style="blue")
    line.append(span.name, style="bold red" if span.failed else STYLES.get(span.kind, ""))
    shown = [str(span.attributes[name]) for name in SHOWN if name in span.attributes]
    if shown:
        line.append(f" {' '.join(shown)}", style="magenta")
    line.append(f"  at {(span.started_at - begin) / 1e6:.0f} ms", style="dim")
    line.append(f", {span.milliseconds:.0f} ms")
    asked = [child for child in children if child.is_statement]
    if asked and not statements:
        line.append(f", {len(asked)} statement{'s' * (len(asked) > 1)}", style="dim")
    return line
