"""The types of resources of EventBridge Scheduler in templates, a file for each."""
