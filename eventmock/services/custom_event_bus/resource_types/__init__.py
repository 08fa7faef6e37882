"""The types of resources of the Custom Event Bus in templates, a file for each."""
