"""The services that are mocked, a folder each."""
