import { randomBytes, randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Tape } from '../../protocol/tape/tape.ts';
import { type TapeAnswer, TapeHost, type TapeTurn } from '../../protocol/tape/tape-host.ts';
import { plainContentType } from '../../protocol/wsman/sealed-body.ts';

/** How long an answer is held for a client that sets no limit: the operation time-out of Windows. */
const longestHoldMs = 60_000;

/** A request that was sent to a playing tape, and its answer. */
export type TapedCall = { readonly request: string; readonly answer: TapeAnswer };

/** A tape that plays as a WinRM endpoint. */
export type TapeEndpoint = {
  readonly port: number;
  /** Everything that was asked so far, in order; requests that were sent again, once. */
  readonly calls: readonly TapedCall[];
  /** Indices of the exchanges that nobody has asked for. */
  readonly unplayed: readonly number[];
  close(): Promise<void>;
};

/** How a tape is played. */
export type TapeEndpointOptions = {
  /** Gives each answer as soon as it is asked for, to clients that ask for one thing after another in the order of the tape. */
  readonly atOnce?: boolean;
};

/**
 * Plays a tape on a free port of the loopback interface, over plain HTTP: it takes any Basic login and never seals, so clients need `basic`
 * and `allowUnencrypted`. For tests only: whoever can reach the port can read the tape.
 */
export async function startTapeEndpoint(tape: Tape, options: TapeEndpointOptions = {}): Promise<TapeEndpoint> {
  const host = new TapeHost(tape, { newGuid: () => randomUUID().toUpperCase(), randomBytes });
  const calls: TapedCall[] = [];
  const asked = new EventEmitter().setMaxListeners(0);
  const server = http.createServer((request, response) => {
    readText(request)
      .then((text) => {
        if (request.headers.authorization === undefined) return askForLogin(response);
        // A login that carries nothing: what must not be done twice comes after it.
        if (text === '') return void response.writeHead(200, { 'Content-Length': 0 }).end();
        const turn = host.take(text);
        asked.emit('asked');
        const go = (answer: TapeAnswer) => {
          if (!answer.again) calls.push({ request: text, answer });
          give(answer, response);
        };
        if (options.atOnce === true || turn.ready()) return go(turn.give());
        return hold(turn, asked, response).then(go);
      })
      .catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    calls,
    get unplayed() {
      return host.unplayed;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Waits until the turn is ready, as long as the client allows. */
async function hold(turn: TapeTurn, asked: EventEmitter, response: http.ServerResponse): Promise<TapeAnswer> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once('close', leave);
  const late = AbortSignal.timeout(turn.patienceMs ?? longestHoldMs);
  try {
    while (!turn.ready()) await once(asked, 'asked', { signal: AbortSignal.any([gone.signal, late]) });
    return turn.give();
  } catch {
    return turn.postpone();
  } finally {
    response.off('close', leave);
  }
}

function give({ outcome }: TapeAnswer, response: http.ServerResponse): void {
  switch (outcome.kind) {
    case 'silent':
      return;
    case 'cut':
      response.socket?.destroy();
      return;
    case 'refused-login':
      return askForLogin(response);
    case 'reply': {
      const body = Buffer.from(outcome.body, 'utf8');
      const type = outcome.body.trimStart().startsWith('<') ? plainContentType : 'text/plain;charset=UTF-8';
      response.writeHead(outcome.status, { 'Content-Type': type, 'Content-Length': body.length }).end(body);
    }
  }
}

function askForLogin(response: http.ServerResponse): void {
  response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="WSMAN"', 'Content-Length': 0 }).end();
}

async function readText(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
