"""Small values that know nothing of AWS's services: ARNs, hosts, URLs, points in time, deep JSON."""
