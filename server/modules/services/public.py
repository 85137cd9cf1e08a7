"""What other modules may call of services."""

from server.modules.services.loaders import OFFERINGS, Offerings
from server.modules.services.records import Service, StaffService, WindowService

__all__ = ["OFFERINGS", "Offerings", "Service", "StaffService", "WindowService"]
