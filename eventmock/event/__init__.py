"""Events: the entry of PutEvents, the detail in it, and the event that is made of it."""
