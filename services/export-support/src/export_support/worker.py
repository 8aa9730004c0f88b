"""The worker process: relay, consumers and scheduled jobs."""

from export_support.service import service
from export_support.settings import Settings
from shared.worker.run import run as run_worker


def run() -> None:
    """Work until told to stop."""
    run_worker(service, Settings.load())


if __name__ == "__main__":
    run()
