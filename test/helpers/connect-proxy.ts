import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** An HTTP proxy that knows CONNECT alone. */
export type ConnectProxy = AsyncDisposable & {
  readonly url: string;
  /** Places that were asked for, with the answer. */
  readonly asked: readonly string[];
};

/** Starts a proxy. @param pair `user:password` that it wants; undefined lets everybody through */
export async function startConnectProxy(pair?: string): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request, socket: Socket) => {
    sockets.add(socket);
    const wanted = pair === undefined ? undefined : `Basic ${Buffer.from(pair).toString('base64')}`;
    const allowed = request.headers['proxy-authorization'] === wanted;
    asked.push(`${allowed ? 200 : 407} ${request.url ?? ''}`);
    if (!allowed) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const far = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.pipe(socket).pipe(far);
    });
    sockets.add(far);
    for (const each of [far, socket]) each.on('error', () => [far, socket].forEach((one) => one.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
