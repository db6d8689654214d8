import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

const channel = 'http.client.request.start';

/** How many HTTP requests this process sends to a port while some work is done. */
export async function countRequests(port: number, work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const note = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    if (request.getHeader('host') === `127.0.0.1:${port}`) count++;
  };
  subscribe(channel, note);
  try {
    await work();
    return count;
  } finally {
    unsubscribe(channel, note);
  }
}
