"""The command centre: a batch begun, watched and stopped; its reports; the ledgers and the agenda."""
