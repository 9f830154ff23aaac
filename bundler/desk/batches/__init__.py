"""The batch page: start, watch and stop a batch; download its reports, the ledgers and the calendar."""
