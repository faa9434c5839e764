"""Asks web-server as a program would: by a method, with a body perhaps."""
import http.client, sys

port, method, *body = sys.argv[1:]
connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=20)
connection.request(method, "/any/where", body="x" * int(body[0]) if body else None)
response = connection.getresponse()
print(response.version, response.status, response.reason)
print(response.read().decode())
