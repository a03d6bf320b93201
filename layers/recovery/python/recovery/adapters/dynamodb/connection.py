"""What pynamodb keeps to itself and we need: the only file that touches its private names.

pynamodb 6 makes a session and a client for each model class, at its first use and in whatever
thread that is: 60 to 80 ms each. We want one client for all items, on our one session. A test fails
when these names change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.session import Session
    from pynamodb.connection import TableConnection
    from pynamodb.models import Model


def table_connection(model: type[Model]) -> TableConnection:
    """The connection of this class, which its subclasses inherit."""
    return model._get_connection()


def use_session(model: type[Model], session: Session) -> None:
    """The client of this class is made now, in this session; its subclasses inherit it."""
    connection = table_connection(model).connection
    connection._local.session = session
    _ = connection.client
