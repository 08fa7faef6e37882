"""The services that are mocked, a folder each. `table` lists them, `service` says what each of them tells of itself."""
