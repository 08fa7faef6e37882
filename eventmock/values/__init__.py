"""Small values that depend on no AWS service: ARNs, hosts, URLs, points in time, deep JSON."""
