"""Runs pyakeneo, as it is, through a whole cycle at the gateway. Settings in the environment, what was seen as JSON."""

import json
import os

import requests
from pyakeneo.client import Client

keys = ["GATEWAY", "CLIENT_ID", "CLIENT_SECRET", "USERNAME_", "PASSWORD_"]
url, client_id, secret, username, password = [os.environ[key] for key in keys]
client = Client(url, client_id, secret, username, password)
seen = {"listed": len(list(client.products.fetch_list()))}
client.products.create_item({"identifier": "from-python", "family": "equipment"})
client.products.update_create_list([{"identifier": "from-python", "enabled": False}, {"identifier": "from-python-2"}])
seen["enabled"] = client.products.fetch_item("from-python")["enabled"]

auth = client._session.auth
first = auth._token
auth._expiry_date = 0
seen["after refresh"] = len(list(client.categories.fetch_list()))
seen["refreshed"] = auth._token != first


def find_status(call):
    try:
        call()
        return 200
    except requests.exceptions.HTTPError as error:
        return error.response.status_code


wrong = Client(url, client_id, "garbage", username, password)
seen["garbage secret"] = find_status(lambda: wrong.products.fetch_list())
auth._token = "garbage"
seen["garbage token"] = find_status(lambda: client.products.fetch_list())
print(json.dumps(seen))
