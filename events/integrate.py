"""A core banking system's day over the API: pay, repeat, reverse, read, promise, dispute.

    python events/integrate.py API_URL INSTITUTION LOAN [CURRENCY] [DAY]

`recovery up`, `deploy` and `demo --keep` print the API's URL. It needs botocore alone (`pip install
botocore`), which signs each request with the credentials of your environment; on the embedded AWS
any will do. Once for a loan: its ids are made from the loan's, and an id is used once.
"""

import json
import sys
from datetime import date, timedelta

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from botocore.session import get_session


class Api:
    """The calls of one institution, signed."""

    def __init__(self, url, institution):
        session = get_session()
        self.base = f"{url.rstrip('/')}/institutions/{institution}"
        region = session.get_config_variable("region") or "us-east-1"
        credentials = session.get_credentials()
        if credentials is None:
            raise SystemExit("No AWS credentials. Run `aws configure`, or set AWS_PROFILE.")
        self.signer = SigV4Auth(credentials, "execute-api", region)
        self.http = URLLib3Session()

    def call(self, verb, path, body=None):
        """Return the answer; end with the problem and its remedy if there is one."""
        data = json.dumps(body) if body is not None else None
        headers = {"Content-Type": "application/json"}
        request = AWSRequest(verb, self.base + path, data=data, headers=headers)
        self.signer.add_auth(request)
        response = self.http.send(request.prepare())
        answer = json.loads(response.text)
        if response.status_code >= 400:
            raise SystemExit(f"{verb} {path}: {answer['detail']}. {answer['remedy']}")
        print(f"{response.status_code} {verb} {path}")
        return response.status_code, answer


def main(url, institution, loan, currency="EUR", day=None):
    api, today = Api(url, institution), day or date.today().isoformat()  # noqa: DTZ011  the clerk's own day
    due = (date.fromisoformat(today) + timedelta(days=7)).isoformat()
    payment = {"payment_id": f"{loan}-example-1", "loan_id": loan, "amount": "10.00"}
    payment |= {"currency": currency, "value_date": today, "reference": "counter 3"}

    _, receipt = api.call("POST", "/payments", payment)
    status, again = api.call("POST", "/payments", payment)  # a repeat: the same answer, 200
    assert (status, again) == (200, receipt)

    wrong = {**payment, "payment_id": f"{loan}-example-2"}
    api.call("POST", "/payments", wrong)
    reason = {"reason": "entered twice"}
    api.call("POST", f"/payments/{wrong['payment_id']}/reversal", reason)

    _, found = api.call("GET", f"/loans/{loan}")
    _, page = api.call("GET", f"/loans/{loan}/payments?limit=50")
    print(f"  owed {found['standing']['outstanding']['total']} {currency},", end=" ")
    print(f"payments {[(each['payment_id'], each['state']) for each in page['payments']]}")

    promise = {"fact_id": f"{loan}-example-promise", "kind": "promise", "amount": "10.00"}
    promise |= {"pay_on": due, "channel": "phone", "reason": "will pay after market day"}
    api.call("POST", f"/loans/{loan}/facts", promise)
    dispute = {"fact_id": f"{loan}-example-dispute", "kind": "dispute", "about": "paid_already"}
    dispute |= {"amount": "5.00", "reason": "has a receipt"}
    _, told = api.call("POST", f"/loans/{loan}/facts", dispute)
    print(f"  held by {[each['kind'] for each in told['standing']['held_by']]}")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
