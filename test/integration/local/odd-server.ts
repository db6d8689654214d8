/** A program for a test: a PowerShell over stdio that opens its session as it should, and then behaves as its first argument says. */
import { randomBytes } from 'node:crypto';
import { psDictionary } from '../../../src/remote/protocol/clixml/values.ts';
import { poolTarget } from '../../../src/remote/protocol/psrp/outbox.ts';
import { RunspacePoolServer } from '../../../src/remote/protocol/psrp/server.ts';
import { StdioServer } from '../../../src/remote/protocol/stdio/stdio-server.ts';

const behaviour = process.argv[2];
const wire = new StdioServer();
const pool = new RunspacePoolServer({ randomBytes });
process.stdin.on('data', (bytes: Buffer) => {
  for (const event of wire.receive(bytes)) {
    const { kind, target } = event;
    if (kind === 'data' && target === poolTarget) {
      for (const { kind: asked } of pool.receive(event.bytes))
        if (asked === 'openRequested') pool.acceptOpen(psDictionary([]));
      const chunk = pool.dataToSend(poolTarget, 32_768);
      if (chunk) wire.send(poolTarget, chunk.bytes);
    }
    if (kind === 'command' && behaviour === 'dies-before-the-bytes') process.exit(9);
    if (kind === 'data' && target !== poolTarget && behaviour === 'dies-with-the-bytes') process.exit(9);
    // Two words for the pipeline, and one for the pool between them.
    if (kind === 'data' && target !== poolTarget && behaviour === 'speaks-to-both')
      for (const [to, word] of [
        [target, 'mine'],
        [poolTarget, "the pool's"],
        [target, 'too'],
      ] as const)
        wire.send(to, Buffer.from(word));
    // A stop is acknowledged and no Stopped state follows, as older versions do it; whatever runs says nothing.
    wire.acknowledge(event);
  }
  process.stdout.write(wire.linesToSend());
});
process.stdin.on('end', () => process.exit(160));
