"""Share one client among all pynamodb models; the only file to use pynamodb's private names.

pynamodb 6 creates a session and a client per model class on first use, on whichever thread that is,
at 60 to 80 ms each. We want one client for all items, on our own session. A test fails if the
private names change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.session import Session
    from pynamodb.connection import TableConnection
    from pynamodb.models import Model


def table_connection(model: type[Model]) -> TableConnection:
    """Return the connection of this class, which its subclasses inherit."""
    return model._get_connection()


def use_session(model: type[Model], session: Session) -> None:
    """Create the class's client in this session now; its subclasses inherit it."""
    connection = table_connection(model).connection
    connection._local.session = session
    _ = connection.client


def forget_connection(model: type[Model]) -> None:
    """Make the next use connect afresh: to another endpoint, or in another session."""
    model._connection = None
