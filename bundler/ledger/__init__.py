"""Many cases at once: the ledgers (台账), the calendar of deadlines, and each case's history."""
