"""Parts of a mock's state that do not depend on deliveries and services. `eventmock.state` puts the state together."""
