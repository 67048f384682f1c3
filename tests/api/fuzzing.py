"""What schemathesis loads beside the document: everything is asked as the person named in the environment."""

import json
import os
import urllib.request

import schemathesis

BASE_URL = os.environ["FUZZING_BASE_URL"]
WHO = os.environ["FUZZING_AS"]
SECONDS = float(os.environ["FUZZING_TOKEN_SECONDS"])


@schemathesis.auth(refresh_interval=SECONDS or None)
class SignedIn:
    """A fresh sign-in every so many seconds; with 0 before every request, for operations that end it."""

    def get(self, case: schemathesis.Case, context: schemathesis.AuthContext) -> str:
        """An access token."""
        del case, context
        asked = urllib.request.Request(f"{BASE_URL}/api/v1/session", data=json.dumps({"code": f"dev:{WHO}"}).encode(),
                                       headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(asked) as answer:
            return json.load(answer)["access_token"]

    def set(self, case: schemathesis.Case, data: str, context: schemathesis.AuthContext) -> None:
        """Put it into the request."""
        del context
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}
