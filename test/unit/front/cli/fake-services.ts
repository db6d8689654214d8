import { type CliParts, runCli } from '../../../../src/front/cli/run-cli.ts';
import type { CliServices, Installation } from '../../../../src/front/cli/services.ts';
import { type FakeTerminal, fakeTerminal } from './fake-terminal.ts';

const never = async (): Promise<never> => {
  throw new Error('this test did not expect that to be called');
};

/** An installation in which only what the test gives can be called. */
export function fakeInstallation(parts: Partial<Installation> = {}): Installation {
  return {
    launch: never,
    requireWorkers: never,
    follow: never,
    statuses: never,
    status: never,
    report: never,
    cancel: never,
    rollBack: never,
    commit: never,
    [Symbol.asyncDispose]: async () => undefined,
    ...parts,
  };
}

/** Services of which only what the test gives can be called. */
function fakeServices(parts: Partial<CliServices> = {}): CliServices {
  return {
    language: 'en',
    home: '/nowhere',
    validate: never,
    explain: never,
    lint: never,
    lintSarif: () => ({}),
    layProject: never,
    testPlaybooks: never,
    prepare: never,
    probe: never,
    diagnose: never,
    pingHosts: never,
    record: never,
    connect: never,
    work: never,
    exportEndpoint: never,
    coverScripts: never,
    startLab: never,
    startDemo: never,
    doctor: never,
    doctorHosts: never,
    ...parts,
  };
}

/** One command line run with these services: its exit code and what the terminal was told. */
export async function runWith(
  argv: readonly string[],
  services: Partial<CliServices> = {},
  options: Parameters<typeof fakeTerminal>[0] & { readonly terminal?: FakeTerminal } = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string; readonly terminal: FakeTerminal }> {
  let terminal = options.terminal ?? fakeTerminal(options);
  const parts: CliParts = {
    version: '1.2.3',
    defaultLanguage: options.language ?? 'en',
    terminal: (language) => {
      terminal = options.terminal ?? fakeTerminal({ ...options, language });
      return terminal;
    },
    services: async () => fakeServices(services),
  };
  const code = await runCli(argv, parts);
  return { code, out: terminal.printed.join('\n'), err: terminal.warned.join('\n'), terminal };
}
