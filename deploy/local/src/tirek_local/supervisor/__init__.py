"""The whole system on one machine: servers, migrations, and each service's two processes, kept running."""

from tirek_local.supervisor.services import SERVICES, Service, installed_services
from tirek_local.supervisor.system import System

__all__ = ["SERVICES", "Service", "System", "installed_services"]
