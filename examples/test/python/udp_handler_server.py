"""The twin of udp-handler-server."""
import socketserver, sys


class Acknowledging(socketserver.BaseRequestHandler):
    def handle(self):
        data, server = self.request
        host, port = self.client_address
        print(f"{host}:{port} sends: {data.decode()}")
        server.sendto(b"Got your message!", self.client_address)


with socketserver.UDPServer(("127.0.0.1", int(sys.argv[1])), Acknowledging) as server:
    print(f"listening on port {server.server_address[1]}")
    server.serve_forever()
