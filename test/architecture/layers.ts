/** A part of `src/` and what it may import besides itself and `kernel`. */
export type Layer = { readonly name: string; readonly imports: readonly string[] };

const belowOperations = [
  'input',
  'planning',
  'queue',
  'journal',
  'hostrun',
  'powershell',
  'lint',
  'remote/powershell',
  'remote/protocol',
  'knowledge',
  'tickets',
  'report',
];

/** The words of the journal: what happened, as types without behaviour. Whoever shows or stores events speaks in them. */
const eventWords = ['journal/event.ts', 'journal/event-data.ts'];

/** Who may import whom. A name stands for its folder and all below it; every layer may import `kernel`. */
export const layers: readonly Layer[] = [
  { name: 'kernel', imports: [] },
  { name: 'input', imports: [] },
  { name: 'powershell', imports: [] },
  { name: 'lint', imports: ['powershell'] },
  { name: 'remote/powershell', imports: [] },
  { name: 'remote/protocol', imports: [] },
  // What is known lies in YAML files, which are read and checked as the documents of users are.
  { name: 'knowledge', imports: ['input/document'] },
  { name: 'journal', imports: [] },
  { name: 'tickets', imports: [] },
  { name: 'planning', imports: ['input'] },
  { name: 'queue', imports: ['planning', ...eventWords] },
  { name: 'hostrun', imports: ['planning', 'journal', 'remote/powershell', 'input/change'] },
  { name: 'remote/transport', imports: ['remote/protocol', 'remote/powershell'] },
  { name: 'report', imports: ['planning', 'journal'] },
  { name: 'operations', imports: belowOperations },
  { name: 'front', imports: ['operations', 'report', ...eventWords] },
  { name: 'lab', imports: ['powershell', 'remote/protocol', 'remote/powershell', 'remote/transport'] },
  { name: 'compose', imports: [...belowOperations, 'remote/transport', 'operations', 'front', 'lab'] },
  { name: 'main.ts', imports: ['compose', 'front', 'operations'] },
];

/** The layers in which each npm package may be imported; a package that is not listed may be imported nowhere. */
export const packageHomes: Readonly<Record<string, readonly string[]>> = {
  '@marcbachmann/cel-js': ['input/playbook'],
  ajv: ['input/document'],
  bullmq: ['queue'],
  canonicalize: ['kernel'],
  // compose holds the connection that queue opens.
  ioredis: ['queue', 'journal', 'compose'],
  'js-md4': ['remote/protocol'],
  'node-powershell': ['remote/transport'],
  pino: ['compose'],
  yaml: ['input/document'],
};

/** Layers that replay exactly: time, randomness, files, sockets and timers come to them as arguments. */
export const pureLayers = ['remote/protocol', 'planning', 'hostrun'] as const;

/** Node's own modules that a pure layer may import. */
export const pureModules = ['node:buffer', 'node:crypto', 'node:util', 'node:assert'] as const;

/** What no file of a pure layer may call. */
export const impureCalls =
  /\b(Date\.now|performance\.now|Math\.random|crypto\.getRandomValues)\s*\(|(?<![.\w])(setTimeout|setInterval|fetch)\s*\(|\bnew Date\(\)|\bprocess\.(env|hrtime|uptime)\b/;

/** What no file of a pure layer may import from `node:crypto`. */
export const impureNames =
  /\bimport\s*\{[^}]*\b(randomBytes|randomInt|randomUUID|randomFillSync|generateKeyPair|generateKeyPairSync)\b[^}]*\}\s*from\s*'node:crypto'/;

/** Files that break the rule for a reason. */
export const impureExceptions: Readonly<Record<string, string>> = {
  'remote/protocol/psrp/session-key.ts': 'the transport makes the key pair with it and hands it to the protocol',
};
