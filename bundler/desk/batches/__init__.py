"""The command centre: start, watch and stop a batch; its reports, ledgers and calendar."""
