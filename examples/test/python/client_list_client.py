"""The twin of client-list-client, which reads to the end as well."""
import json, socket, sys

client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
client.sendall(sys.argv[2].encode())
answer = b""
while data := client.recv(1024):
    answer += data
for each in json.loads(answer):
    print(f"{each['name']} from {each['address']}:{each['port']}")
client.close()
