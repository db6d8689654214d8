"""An HTTP server that logs clients in by GSS-API and unseals and seals every body with it: a peer that Kintsugi's authors did not write.

Prints its port. Bodies in multipart/encrypted come back sealed, others as they are; the answer begins with one line that tells how many
requests the connection has seen, who logged in, and by which mechanism. Options: --tls CERT KEY (with channel bindings), --bindings-of CERT
(channel bindings of another certificate), --ntlm (bodies are unwrapped as whole tokens, for GSS-NTLMSSP knows no buffers), --no-body (answers
400 to a body with the last token).
"""
import argparse
import base64
import hashlib
import re
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import gssapi
from gssapi.raw import ChannelBindings, IOV, IOVBufferType, unwrap_iov, wrap_iov

# Errors come as they happen, with the token that tells the client of them.
gssapi.SecurityContext.__DEFER_STEP_ERRORS__ = False

options = argparse.ArgumentParser()
options.add_argument('--tls', nargs=2)
options.add_argument('--bindings-of')
options.add_argument('--ntlm', action='store_true')
options.add_argument('--no-body', action='store_true')
arguments = options.parse_args()


def bindings():
    if not arguments.tls:
        return None
    with open(arguments.bindings_of or arguments.tls[0], encoding='ascii') as file:
        text = file.read()
    der = ssl.PEM_cert_to_DER_cert(text[:text.index('-----END CERTIFICATE-----') + 26])
    return ChannelBindings(application_data=b'tls-server-end-point:' + hashlib.sha256(der).digest())


class Peer(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True
    context = None
    requests = 0

    def do_POST(self):
        self.requests += 1
        body = self.rfile.read(int(self.headers['Content-Length']))
        proof = None
        authorization = self.headers['Authorization']
        if authorization:
            scheme, _, token = authorization.partition(' ')
            if self.context is None or self.context.complete:
                self.context = gssapi.SecurityContext(usage='accept', channel_bindings=bindings())
            try:
                answer = self.context.step(base64.b64decode(token))
            except gssapi.exceptions.GSSError as error:
                self.context = None
                said = getattr(error, 'token', None)
                return self.answer(401, scheme + (' ' + base64.b64encode(said).decode() if said else ''))
            proof = scheme + ' ' + base64.b64encode(answer).decode() if answer else None
            if not self.context.complete:
                return self.answer(401, proof)
            if body and arguments.no_body:
                self.context = None
                return self.answer(400, None)
        if self.context is None or not self.context.complete:
            return self.answer(401, 'Negotiate')
        if not body:
            return self.answer(200, proof)
        return self.echo(body, proof)

    def echo(self, body, proof):
        kind = self.headers['Content-Type']
        sealed = kind.startswith('multipart/encrypted')
        text = self.unseal(body) if sealed else body
        name = str(self.context.initiator_name)
        head = f'<seen requests="{self.requests}" who="{name}" mechanism="{self.context.mech}"/>\n'
        text = head.encode() + text
        if sealed:
            return self.answer(200, proof, kind, self.seal(text, re.search('protocol="([^"]+)"', kind)[1]))
        return self.answer(200, proof, kind, text)

    def unseal(self, body):
        length = int(re.search(rb'OriginalContent: type=[^\r\n]*;Length=(\d+)\r\n', body)[1])
        start = body.index(b'Content-Type: application/octet-stream\r\n') + len(b'Content-Type: application/octet-stream\r\n')
        size = int.from_bytes(body[start:start + 4], 'little')
        signature = body[start + 4:start + 4 + size]
        data = body[start + 4 + size:start + 4 + size + length]
        assert body[start + 4 + size + length:] == b'--Encrypted Boundary--\r\n'
        if arguments.ntlm:
            return self.context.unwrap(signature + data).message
        buffers = IOV((IOVBufferType.header, False, signature), (IOVBufferType.data, False, data), std_layout=False)
        assert unwrap_iov(self.context, buffers).encrypted
        return buffers[1].value

    def seal(self, text, protocol):
        if arguments.ntlm:
            token = self.context.wrap(text, True).message
            signature, data = token[:16], token[16:]
        else:
            buffers = IOV(IOVBufferType.header, text, std_layout=False)
            wrap_iov(self.context, buffers, confidential=True)
            signature, data = buffers[0].value, buffers[1].value
        head = (
            f'--Encrypted Boundary\r\n\tContent-Type: {protocol}\r\n'
            f'\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length={len(data)}\r\n'
            '--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n'
        )
        return head.encode() + len(signature).to_bytes(4, 'little') + signature + data + b'--Encrypted Boundary--\r\n'

    def answer(self, status, proof, kind='text/plain', body=b''):
        self.send_response(status)
        if proof:
            self.send_header('WWW-Authenticate', proof)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(('127.0.0.1', 0), Peer)
server.daemon_threads = True
if arguments.tls:
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(*arguments.tls)
    server.socket = secure.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
