import { createServer } from 'node:https';
import type { KeyedCertificate } from './issue-certificate.ts';
import type { WebAnswer, WebRequest } from './web-exchange.ts';

/** A running HTTPS service of the lab. */
export type HttpsService = { readonly port: number; readonly url: string; close(): Promise<void> };

/** The largest body that is read, in bytes: logins are small. */
const largestBody = 65_536;

/**
 * Serves answers as JSON over HTTPS, until it is closed.
 * @throws Error when the port is taken
 */
export const serveHttps = async (options: {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly certificate: KeyedCertificate;
  readonly answer: (request: WebRequest) => WebAnswer;
}): Promise<HttpsService> => {
  const { host, certificate, answer } = options;
  const server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > largestBody) request.destroy();
      else chunks.push(chunk);
    });
    request.on('end', () => {
      const { pathname } = new URL(request.url ?? '/', 'https://lab');
      const { status, headers, json } = answer({
        method: request.method ?? 'GET',
        path: pathname.replace(/\/+$/u, ''),
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
      const text = json === undefined ? '' : JSON.stringify(json);
      if (text !== '') response.setHeader('Content-Type', 'application/json');
      response.writeHead(status, { 'Content-Length': Buffer.byteLength(text) }).end(text);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, () => resolve());
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    port,
    url: `https://${host}:${port}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
};
