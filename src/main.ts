#!/usr/bin/env node
import { nodeTerminal, type ProcessStreams } from './compose/node-terminal.ts';
import { defaultLanguage, openServices } from './compose/open-services.ts';
import { productVersion } from './compose/shipped.ts';
import { runCli } from './front/cli/run-cli.ts';

// The only file that touches the process: arguments, environment, streams and signals go in as values from here.
const streams: ProcessStreams = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  onSignal(callback) {
    process.on('SIGINT', callback);
    process.on('SIGTERM', callback);
    return {
      [Symbol.dispose]: () => {
        process.off('SIGINT', callback);
        process.off('SIGTERM', callback);
      },
    };
  },
};

// A reader that goes away (`kintsugi logs … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2), {
  version: productVersion(),
  defaultLanguage: defaultLanguage(process.cwd(), process.env),
  terminal: (language) => nodeTerminal(streams, language),
  services: (language) =>
    openServices({
      language,
      projectDir: process.cwd(),
      environment: process.env,
      entry: import.meta.filename,
      node: process.execPath,
      stdin: process.stdin,
      warn: (text) => nodeTerminal(streams, language).warn(text),
    }),
});
