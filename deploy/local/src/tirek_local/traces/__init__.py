"""A small collector of traces on loopback: what all processes did for one request, as a tree with times."""

from tirek_local.traces.collector import TraceCollector
from tirek_local.traces.received import ReceivedSpan

__all__ = ["ReceivedSpan", "TraceCollector"]
