"""Parts of a mock's state that know nothing of deliveries and services. `eventmock.state` puts the state together."""
