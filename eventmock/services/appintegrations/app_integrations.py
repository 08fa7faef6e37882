"""`AppIntegrations`: the integrations and applications of all accounts, for the test to read and change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from eventmock.exceptions import NoSuchIntegration
from eventmock.options import KnownAttributes, Options
from eventmock.services.appintegrations.applications import find_application
from eventmock.services.appintegrations.data_integrations import find_data_integration
from eventmock.services.appintegrations.event_integrations import find_event_integration
from eventmock.services.appintegrations.quotas import AppIntegrationsQuotas
from eventmock.services.appintegrations.records import associate, records_of, remove
from eventmock.services.appintegrations.settings import AppIntegrationsSettings
from eventmock.wire import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from eventmock.parts.accounts import Account
    from eventmock.services.appintegrations.records import Members, Record
    from eventmock.state import State


class AppIntegrations(KnownAttributes):
    """Amazon AppIntegrations of all accounts and regions, for the test to read and change.

    Args:
        state: The state of the mock.
    """

    __slots__ = ("_state",)
    said_as: ClassVar[str] = "appintegrations"

    def __init__(self, state: State) -> None:
        self._state = state

    @property
    def checks_event_buses(self) -> bool:
        """Whether CreateEventIntegration is refused if the event bus that it names does not exist; may be set.

        The event bus has to exist in the mocked EventBridge, and so does the event source if it is a partner's. AWS
        requires neither.
        """
        return self._state.settings(AppIntegrationsSettings).checks_event_buses

    @checks_event_buses.setter
    def checks_event_buses(self, checks: bool) -> None:
        self._state.settings(AppIntegrationsSettings).checks_event_buses = checks

    @property
    def execution_time(self) -> timedelta:
        """The duration of the on-demand job of a data integration association on the mock's clock; may be set.

        Raises:
            OptionError: The new value is not a timedelta, or is negative.
        """
        return self._state.settings(AppIntegrationsSettings).execution_time

    @execution_time.setter
    def execution_time(self, time: timedelta) -> None:
        __tracebackhide__ = True
        self._state.settings(AppIntegrationsSettings).execution_time = time

    @property
    def quotas(self) -> AppIntegrationsQuotas:
        """The quotas of an account: AWS's defaults. Set an attribute to change a quota."""
        return self._state.settings(AppIntegrationsQuotas)

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
            event_integration: The name of the event integration.
            client_id: The id of the client that the association is for, such as an id of Amazon Connect.
            rule: The name of the EventBridge rule that the client made.
            metadata: The ``ClientAssociationMetadata``.
            region: The region of the integration; None for the default region.
            account: The id of the account of the integration; None for the default account.

        Returns:
            The association's ARN.

        Raises:
            NoSuchIntegration: The account has no event integration of that name in the region.
            OptionError: The account is not an account id, or the region is not the name of a region.
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
        """Associate a data integration, as another service does. It may be associated any number of times.

        Args:
            data_integration: The id, the ARN or the name of the data integration.
            client_id: The id of the client that the association is for.
            region: The region of the integration; None for the default region.
            account: The id of the account of the integration; None for the default account.
            **members: More members of the association in the answer of ListDataIntegrationAssociations, such as
                ``LastExecutionStatus={"ExecutionStatus": "FAILED", "StatusMessage": ...}``.

        Returns:
            The association's ARN.

        Raises:
            NoSuchIntegration: The account has no such data integration in the region.
            OptionError: The account is not an account id, or the region is not the name of a region.
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
            application: The id or the ARN of the application.
            client_id: The id of the client that the association is for.
            region: The region of the application; None for the default region.
            account: The id of the account of the application; None for the default account.

        Returns:
            The association's ARN.

        Raises:
            NoSuchIntegration: The account has no such application in the region.
            OptionError: The account is not an account id, or the region is not the name of a region.
        """
        __tracebackhide__ = True
        return self._associate(find_application, application, {"ClientId": client_id}, region, account)

    def remove_association(self, arn: str) -> None:
        """Remove an association, as the service does that made the association.

        Args:
            arn: The association's ARN.

        Raises:
            NoSuchIntegration: No account has an association of that ARN.
        """
        __tracebackhide__ = True
        with self._state.lock:
            for account in self._state.accounts.all:
                record = records_of(account).get(arn)
                if record is not None and record.parent is not None:
                    remove(account, record)
                    return
        raise NoSuchIntegration(f"there is no association {arn!r}")

    def _associate(
        self,
        find: Callable[[Account, str], Record],
        name: str,
        members: Members,
        region: str | None,
        account: str | None,
    ) -> str:
        __tracebackhide__ = True
        with self._state.lock:
            given = Options.read({"region": region, "account": account}, f"backend.appintegrations, {name!r}")
            state = self._state
            holder = state.accounts.get(
                given.account or state.default_account, given.region or state.default_region
            )
            try:
                record = find(holder, name)
            except AwsError as error:
                raise NoSuchIntegration(f"in {holder.id}, {holder.region}: {error.message}") from None
            return associate(holder, record, members).arn
