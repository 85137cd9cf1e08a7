"""What other modules and the portal may call of content."""

from server.modules.content.rules import on_one_line
from server.modules.content.shown import for_the_public

__all__ = ["for_the_public", "on_one_line"]
