"""A network of its own for a command, in which there is nothing but the loopback."""

from __future__ import annotations

import os

WITHOUT_NETWORK = ("unshare", *(() if os.geteuid() == 0 else ("--map-root-user",)), "--net")
"""Before a command. Root needs no other users for it, which a changed root directory would not allow."""
