"""Coverage of rules: what tests have tried of each rule, schedule and target, and what they never tried."""
