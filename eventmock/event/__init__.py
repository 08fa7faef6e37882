"""What an event is: an entry of PutEvents, the detail in it, and the event that it becomes."""
