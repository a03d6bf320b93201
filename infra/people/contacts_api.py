"""The routes for how a person wants to be contacted, served by a function of their own."""

from constructs import Construct

from infra.shared.foundation import Foundation
from infra.shared.python_function import PythonFunction
from infra.shared.signed_api import INSTITUTION, SignedApi
from recovery.adapters.dynamodb import keys

_INSTRUCTIONS = f"{INSTITUTION}/persons/{{person_id}}/contact-instructions"


class ContactsApi(Construct):
    """The one function, besides the import, that may change how a person is contacted."""

    def __init__(
        self, scope: Construct, id: str, *, foundation: Foundation, api: SignedApi
    ) -> None:
        super().__init__(scope, id)
        self.function = PythonFunction(
            self,
            "InstructContact",
            runtime=foundation.runtime,
            file="contacts_api.py",
            documents=True,
            description="Records and shows how people want to be contacted",
        )
        foundation.table.allow(
            self.function,
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            kinds=(keys.CONTACT, keys.PERSON),
            reads=(keys.INSTITUTION,),
        )
        api.serve(self.function, ("PATCH", _INSTRUCTIONS), ("GET", _INSTRUCTIONS))
