"""The mocked services, one folder for each. `table` lists them; `service` defines how a service describes itself."""
