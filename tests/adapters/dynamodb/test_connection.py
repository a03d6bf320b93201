"""Fail when a pynamodb release changes the private names we use."""

from pynamodb.connection import Connection
from pynamodb.connection.table import TableConnection

from recovery.adapters import aws
from recovery.adapters.dynamodb import items
from recovery.adapters.dynamodb.connection import forget_connection, table_connection, use_session


def test_all_items_share_one_connection_and_one_client(table: str) -> None:
    items.bind(table)
    connection = table_connection(items.Item)
    assert isinstance(connection, TableConnection)
    assert isinstance(connection.connection, Connection)
    assert connection.table_name == table
    client = connection.connection.client
    for kind in (items.LoanItem, items.StateItem, items.PersonItem):
        assert table_connection(kind) is connection
        assert table_connection(kind).connection.client is client


def test_the_client_is_created_in_our_session(table: str) -> None:
    made = []

    class Session:
        def __getattr__(self, name: str):
            if name == "create_client":
                made.append(name)
            return getattr(aws.session(), name)

    forget_connection(items.Item)
    use_session(items.Item, Session())
    assert made == ["create_client"]
