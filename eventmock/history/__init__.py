"""Records of what happened: arrivals, deliveries and incidents, and the ledger that has them in order."""
