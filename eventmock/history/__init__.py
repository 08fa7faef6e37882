"""What happened, written down: records of arrivals and deliveries, and the ledger that holds them in order."""
