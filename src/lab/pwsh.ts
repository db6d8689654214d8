#!/usr/bin/env node
// A `pwsh` whose computer is a simulated Windows: for tests of what starts a PowerShell, where there is none.
import process from 'node:process';
import { consoleExtension, type Write } from './pwsh/console-type.ts';
import { readPwshArguments } from './pwsh/pwsh-arguments.ts';
import { remotingExtension } from './pwsh/remoting-extension.ts';
import { runScript, runStatements } from './pwsh/run-statements.ts';
import { startStandIn } from './pwsh/stand-in.ts';
import { serveStdio } from './server/serve-stdio.ts';
import { openProcessRunspace } from './windows/runtime/host-runspace.ts';
import { openLanguage } from './windows/runtime/language-host.ts';

/** What `pwsh -s` ends with: 4000, of which a process keeps eight bits. */
const serverExitCode = 4000 & 255;

const args = process.argv.slice(2);
const out: Write = (text) => void process.stdout.write(text);
const error: Write = (text) => void process.stderr.write(text);

const main = async (): Promise<number> => {
  const request = readPwshArguments(args);
  switch (request.kind) {
    case 'wrong':
      error(`The argument '${request.option}' is not recognized by the lab's pwsh.\n`);
      return 64;
    case 'serve': {
      const { machine, process: own } = startStandIn(args, request.logon);
      // A server's streams are the protocol's: what scripts write to the console is lost there.
      const nowhere = consoleExtension(() => undefined, error);
      await serveStdio(openProcessRunspace(machine, own, [nowhere]), process.stdin, process.stdout);
      return serverExitCode;
    }
    case 'script':
    case 'statements': {
      const { machine, process: own } = startStandIn(args, 'interactive');
      // A script that ends its own process ends this one.
      own.ended.listen(() => process.exit(own.exitCode === 0 ? 0 : 1));
      const runspace = openLanguage(machine, own, [consoleExtension(out, error), remotingExtension(out)]);
      if (request.kind === 'statements') return await runStatements(runspace, process.stdin, { out, error });
      const { exitCode, failed } = await runScript(runspace, request.text, { out, error });
      return exitCode ?? (failed ? 1 : 0);
    }
  }
};

const exitCode = await main();
process.stdout.write('', () => process.exit(exitCode));
