import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Which way bytes go. */
export type Direction = 'toServer' | 'toClient';

/** What a relay does with a piece of bytes: what it passes on, and whether it cuts the connection behind that. */
export type Passed = { readonly bytes: Buffer; readonly cut?: boolean };

/** A relay between a client and a server on the loopback. */
export type Relay = {
  readonly port: number;
  /** Connections that were taken. */
  readonly connections: number;
  /** Connections that are open. */
  readonly open: number;
  /** Bytes that were passed on. */
  readonly passed: Readonly<Record<Direction, number>>;
  readonly close: () => void;
};

/** Starts a relay to a port. `pass` sees every piece, and may alter it or cut its connection behind it. */
export async function startRelay(
  port: number,
  pass: (bytes: Buffer, direction: Direction) => Passed = (bytes) => ({ bytes }),
): Promise<Relay> {
  const sockets = new Set<Socket>();
  const passed = { toServer: 0, toClient: 0 };
  let connections = 0;
  let open = 0;
  const server = createServer((client) => {
    connections++;
    open++;
    client.once('close', () => open--);
    const upstream = connect(port, '127.0.0.1');
    const carry = (from: Socket, to: Socket, direction: Direction) => {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
      from.on('data', (chunk: Buffer) => {
        if (from.destroyed) return;
        const { bytes, cut } = pass(chunk, direction);
        passed[direction] += bytes.length;
        if (cut !== true) to.write(bytes);
        // What came before the cut still arrives there.
        else to.end(bytes, () => from.destroy());
      });
    };
    carry(client, upstream, 'toServer');
    carry(upstream, client, 'toClient');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    get open() {
      return open;
    },
    passed,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
