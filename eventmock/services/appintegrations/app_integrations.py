"""`AppIntegrations`: all accounts' integrations and applications, and what the tester does to them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from eventmock.exceptions import NoSuchIntegration
from eventmock.options import Options
from eventmock.services.appintegrations.account import AppIntegrationsAccount, Members
from eventmock.services.appintegrations.applications import find_application
from eventmock.services.appintegrations.data_integrations import find_data_integration
from eventmock.services.appintegrations.event_integrations import find_event_integration
from eventmock.services.appintegrations.quotas import AppIntegrationsQuotas
from eventmock.values.moments import check_span
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from eventmock.clock import Clock
    from eventmock.services.appintegrations.account import Record
    from eventmock.services.events import Accounts
    from eventmock.state.identifiers import Identifiers

EXECUTION_TIME = timedelta(seconds=10)


@dataclass(slots=True, kw_only=True)
class AppIntegrations:
    """Amazon AppIntegrations of all accounts and regions.

    Attributes:
        checks_event_buses: Whether CreateEventIntegration is refused unless the event bus that it names exists in the
            mocked EventBridge, and so does the event source if it is a partner's; AWS wants neither.
        execution_time: How long the on-demand job of a data integration association takes on the clock.
        quotas: How many of each thing an account may have.
    """

    clock: Clock
    identifiers: Identifiers
    events: Accounts
    lock: AbstractContextManager[Any]
    default_account: Callable[[], str]
    default_region: Callable[[], str]
    checks_event_buses: bool = False
    execution_time: timedelta = EXECUTION_TIME
    quotas: AppIntegrationsQuotas = field(default_factory=AppIntegrationsQuotas)
    _held: dict[tuple[str, str], AppIntegrationsAccount] = field(default_factory=dict)

    def __setattr__(self, name: str, value: Any) -> None:
        __tracebackhide__ = True
        if name == "execution_time":
            check_span(f"appintegrations.{name} = {value!r}", value)
        object.__setattr__(self, name, value)

    def get(self, account_id: str, region: str) -> AppIntegrationsAccount:
        """The account in that region, made when it is first asked for."""
        key = (account_id, region)
        found = self._held.get(key)
        if found is None:
            found = self._held[key] = AppIntegrationsAccount(id=account_id, region=region, shared=self)
        return found

    def snapshot(self) -> Any:
        """A copy of all that is held, and the settings."""
        held = {key: account.copied() for key, account in self._held.items()}
        return held, self.checks_event_buses, self.execution_time, replace(self.quotas)

    def restore(self, snapshot: Any) -> None:
        """Come back to a copy, which stays as it is."""
        held, self.checks_event_buses, self.execution_time, quotas = snapshot
        self._held = {key: account.copied() for key, account in held.items()}
        self.quotas = replace(quotas)

    def clear(self) -> None:
        """Forget all accounts; settings are as in the beginning."""
        self.restore(({}, False, EXECUTION_TIME, AppIntegrationsQuotas()))

    def add_event_integration_association(  # noqa: PLR0913 - the members of an association, and where it is
        self,
        event_integration: str,
        *,
        client_id: str,
        rule: str,
        metadata: Mapping[str, str] | None = None,
        region: str | None = None,
        account: str | None = None,
    ) -> str:
        """Associate an event integration, as Amazon Connect does.

        Args:
            event_integration: Its name.
            client_id: Whose association it is, such as an id of Amazon Connect's.
            rule: The name of the EventBridge rule that the client made.
            metadata: The ``ClientAssociationMetadata``.
            region: The region of the integration; the default region unless said.
            account: The account of the integration; the default account unless said.

        Returns:
            The association's ARN.

        Raises:
            NoSuchIntegration: There is no such event integration.
        """
        __tracebackhide__ = True
        members: Members = {
            "EventIntegrationName": event_integration,
            "ClientId": client_id,
            "EventBridgeRuleName": rule,
            "ClientAssociationMetadata": metadata,
        }
        return self._associate(find_event_integration, event_integration, members, region, account)

    def add_data_integration_association(
        self,
        data_integration: str,
        *,
        client_id: str,
        region: str | None = None,
        account: str | None = None,
        **members: Any,
    ) -> str:
        """Associate a data integration, as another service does; any number of times.

        Args:
            data_integration: Its id, ARN or name.
            client_id: Whose association it is.
            region: The region of the integration; the default region unless said.
            account: The account of the integration; the default account unless said.
            **members: More members as ListDataIntegrationAssociations shows them, such as
                ``LastExecutionStatus={"ExecutionStatus": "FAILED", "StatusMessage": ...}``.

        Returns:
            The association's ARN.

        Raises:
            NoSuchIntegration: There is no such data integration.
        """
        __tracebackhide__ = True
        return self._associate(
            find_data_integration, data_integration, {"ClientId": client_id, **members}, region, account
        )

    def add_application_association(
        self,
        application: str,
        *,
        client_id: str,
        region: str | None = None,
        account: str | None = None,
    ) -> str:
        """Associate an application, as Amazon Connect does.

        Args:
            application: Its id or ARN.
            client_id: Whose association it is.
            region: The region of the application; the default region unless said.
            account: The account of the application; the default account unless said.

        Returns:
            The association's ARN.

        Raises:
            NoSuchIntegration: There is no such application.
        """
        __tracebackhide__ = True
        return self._associate(find_application, application, {"ClientId": client_id}, region, account)

    def remove_association(self, arn: str) -> None:
        """Remove an association, as the service does that made it.

        Args:
            arn: The association's ARN.

        Raises:
            NoSuchIntegration: There is no such association.
        """
        __tracebackhide__ = True
        with self.lock:
            for account in self._held.values():
                record = account.records.get(arn)
                if record is not None and record.parent is not None:
                    account.remove(record)
                    return
        raise NoSuchIntegration(f"there is no association {arn!r}")

    def _associate(
        self,
        find: Callable[[AppIntegrationsAccount, str], Record],
        name: str,
        members: Members,
        region: str | None,
        account: str | None,
    ) -> str:
        __tracebackhide__ = True
        with self.lock:
            given = Options.read({"region": region, "account": account}, f"backend.appintegrations, {name!r}")
            holder = self.get(given.account or self.default_account(), given.region or self.default_region())
            try:
                record = find(holder, name)
            except AwsError as error:
                raise NoSuchIntegration(f"in {holder.id}, {holder.region}: {error.message}") from None
            return holder.associate(record, members).arn
