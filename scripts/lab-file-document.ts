import { readSchema } from '../src/input/document/schemas.ts';
import { flowText } from '../src/input/document/value-words.ts';
import { type BaseName, bases } from '../src/lab/faults/bases/editions.ts';
import type { RoleName } from '../src/lab/faults/bases/roles.ts';
import type { Schema } from './schema-types.ts';

/** What a role brings; the names are those that a test of the document finds on machines. */
const roleWords: Readonly<Record<RoleName, string>> = {
  'web-server':
    'IIS: the site `Default Web Site` (port 80, `C:\\inetpub\\wwwroot`) in the pool `DefaultAppPool`, the services `W3SVC` and `WAS`, the module WebAdministration and the drive `IIS:`',
  'update-server':
    'WSUS: the services `WsusService` and `MSSQL$MICROSOFT##WID`, the site `WSUS Administration` (port 8530) in the pool `WsusPool`, content in `C:\\WSUS`, a database of updates',
  'server-backup': 'Windows Server Backup: `wbadmin` and the module WindowsServerBackup',
};

/** Names of all that lasts on a host, as differences of tests name it: first word → form, and what it is. */
export const statePaths: Readonly<Record<string, readonly [form: string, what: string]>> = {
  file: ['file:C:\\path', 'a file or folder: size, time, content, attributes, owner and rights'],
  registry: [
    'registry:HKEY_LOCAL_MACHINE\\key, registry:HKEY_…\\key:value',
    'a key (its rights), or a value: kind and data',
  ],
  service: ['service:name:state, service:name:config', 'a service: what it does now, and how it is set up'],
  task: ['task:\\folder\\name', 'a scheduled task: its XML'],
  session: ['session:user', 'a user who is signed in'],
  clock: ['clock:skewMs', 'how wrong the clock is'],
  power: ['power:boots', 'how often the host has started'],
  'component-store': ['component-store', 'damage of the component store and of system files'],
  defender: ['defender:preference, defender:signatures', 'a preference of Defender, and its signatures'],
  update: ['update:offered:KB…, update:pending:KB…', 'updates that are offered, or wait for a restart'],
  package: ['package:identity', 'an installed update'],
  windows: ['windows', 'which Windows it is'],
  setup: ['setup:waiting, setup:previous', 'a feature update that waits, or that can be gone back from'],
  firmware: ['firmware', 'firmware, Secure Boot and TPM'],
  'service processor': [
    'service processor',
    'the service processor of a server that has one, with its firmware and parts',
  ],
  filter: ['filter:name', 'a loaded file system filter'],
  feature: ['feature:name', 'an optional feature'],
  role: ['role:name', 'a role or feature of a server'],
  iis: [
    'iis:site:name, iis:pool:name',
    'a site or an application pool that was started or stopped by hand (the configuration is a file: `file:**\\applicationHost.config`)',
  ],
  wsus: ['wsus:settings, wsus:database, wsus:update:id', 'settings, indexes, and approvals of the update server'],
  restore: ['restore:protected, restore:point:number', 'protected drives, and restore points'],
  shadow: ['shadow:{id}', 'a shadow copy'],
  'shadow-storage': ['shadow-storage:C:', 'room for shadow copies'],
  'vss-writer': ['vss-writer:name', 'a writer that is not stable'],
  device: ['device:instance id', 'a device, its driver and problem'],
  driver: ['driver:oem1.inf', 'a driver package that did not come with Windows'],
  disk: ['disk:0', 'a disk'],
  partition: ['partition:0:1', 'a partition'],
  volume: ['volume:C:', 'a volume whose health is not the usual one'],
  bitlocker: ['bitlocker:C:', 'an encrypted volume'],
  boot: ['boot:{entry}:element', 'a setting of the boot store'],
  'disk-image': ['disk-image:C:\\path', 'an image that is mounted'],
};

const escapeBars = (text: string): string => text.replaceAll('|', '\\|');
const row = (...cells: readonly string[]): string => `| ${cells.map(escapeBars).join(' | ')} |`;
const code = (text: string): string => `\`${text}\``;

const keyRows = (part: Schema): string[] =>
  Object.entries(part.properties ?? {}).map(([name, key]) => {
    const values = key.enum ?? key.items?.enum;
    const listed = values && name !== 'base' ? ` ${values.map((each) => code(String(each))).join(', ')}.` : '';
    const fallback = key.default === undefined ? '' : ` Default: ${code(flowText(key.default))}.`;
    const [example] = key.examples ?? [];
    const shown = example === undefined ? '' : ` For example ${code(flowText(example))}.`;
    const needed = part.required?.includes(name) ? ' (needed)' : '';
    return row(`${code(name)}${needed}`, `${key.description ?? ''}${listed}${fallback}${shown}`);
  });

const baseRows = (): string[] =>
  (Object.keys(bases) as BaseName[]).map((name) => {
    const { edition, memoryGB, sizeGB, freeGB } = bases[name];
    const kind = edition.productType === 1 ? 'client' : 'server';
    const version = edition.displayVersion === undefined ? '' : ` ${edition.displayVersion}`;
    const build = `${edition.build}.${edition.ubr}`;
    return row(
      code(name),
      `${edition.caption}${version}`,
      build,
      kind,
      `${memoryGB} GB`,
      `${sizeGB} GB, ${freeGB} GB free`,
    );
  });

const disturbanceRows = (disturbance: Schema): string[] =>
  (disturbance.oneOf ?? []).map(({ properties = {}, required = [] }) => {
    const { kind, ...rest } = properties;
    const parameters = Object.entries(rest).map(([name, part]) => {
      const text = part.$ref === undefined ? (part.description ?? '') : 'When: a [moment](#moments).';
      return `${code(name)}${required.includes(name) ? ' (needed)' : ''}: ${text}`;
    });
    return row(code(String(kind?.const)), kind?.description ?? '', parameters.join('<br>'));
  });

/** The page on lab files, made from their schema and from what the lab knows. */
export function labFileDocument(): string {
  const schema = readSchema('lab') as Schema;
  const { host = {}, moment = {}, disturbance = {} } = schema.$defs ?? {};
  return `<!-- Made by \`npm run generate\` from schemas/lab.schema.json and scripts/lab-file-document.ts; don't edit. -->
# The lab file

A lab file says which simulated Windows hosts there are and what is wrong with them. \`kintsugi lab my-lab.yaml\` starts them, each behind a WinRM
endpoint on this machine, writes an inventory, and holds them until Ctrl-C. \`kintsugi doctor -i .kintsugi/lab/inventory.yaml\` in another terminal
tells whether they answer, \`kintsugi hosts ping\` and \`plan --probe\` look at them, all with the same \`-i\`. The hosts of a
[test](testing-playbooks.md) are written the same way (keys that are about connections left out).

\`kintsugi validate my-lab.yaml\` checks the file and makes each of its hosts: what a fault names must be there, and a role must fit the base. The lab and
\`kintsugi test\` check the same before anything starts.
\`\`\`
$ kintsugi validate my-lab.yaml
my-lab.yaml:6:13: host pc03: it is to have the role update-server, which Microsoft Windows 11 Pro cannot have; give it a base of Windows Server
     6 |     roles: [update-server]
       |             ^
my-lab.yaml:8:41: host pc03: it has no service \`Spoler\`
     8 |       - { kind: service-disabled, name: Spoler }
       |                                         ^
  expected: the name of one of its services (not what it is displayed as)
  did you mean \`Spooler\`?
2 faults
\`\`\`
A lab file:

\`\`\`yaml
# yaml-language-server: $schema=.vscode/schemas/lab.schema.json
kintsugi: lab/v1
hosts:
  w11-ja:
    base: windows-11-24h2
    uiLanguage: ja-JP
    faults: [{ kind: update-cache-corrupt }, { kind: clock-skew, minutes: -7 }]
  web:
    base: windows-server-2022
    roles: [web-server]
    faults: [{ kind: iis-pool-stopped }]
    disturbances:
      - { kind: connection-cut, at: { request: 9 } }
      - { kind: command-hangs, command: Stop-Service, call: 2 }
\`\`\`

Names of hosts have letters, digits and \`-\`.

## Keys of the file
| key | meaning |
|---|---|
${keyRows(schema).join('\n')}

## Keys of a host
| key | meaning |
|---|---|
${keyRows(host).join('\n')}

## Bases
| \`base\` | Windows | build | | memory | system drive |
|---|---|---|---|---|---|
${baseRows().join('\n')}

A host has one administrator, \`operator\`, who works from afar and sits at none of them; faults such as \`user-signed-in\` add users.

## Display language
With \`uiLanguage: ja-JP\` the host is one whose Windows was installed in Japanese: time zone Tokyo Standard Time, console code page 932, messages and
texts of programs in Japanese where Windows prints them so (CBS.log, DISM and setup logs stay English). What is not translated because nobody could
prove its text is listed in [lab-windows.md](lab-windows.md).

## Roles
| role | what is there |
|---|---|
${(Object.keys(roleWords) as RoleName[]).map((name) => row(code(name), roleWords[name])).join('\n')}

A fault of a role brings the role with it. \`update-server\` and \`server-backup\` need a server.

## Faults
States that a Windows can be in, applied in order; each kind with its parameters is in [lab-faults.md](lab-faults.md). What faults of servers build, so
that a playbook can be given its names:

- **\`iis-…\`**: in \`Default Web Site\` the application \`/orders\` with the folder \`C:\\inetpub\\orders\` (\`index.htm\`, \`status.aspx\`, \`web.config\`) in a pool of
  its own, \`Orders\`. The fault is in these.
- **\`wsus-…\` of a server** (\`wsus-service-stopped\`, \`wsus-pool-memory\`, \`wsus-db-large\`, \`wsus-content-missing\`, …): the role \`update-server\` as above.
  Those of a client (\`wsus-unreachable\`, \`wsus-wrong-server\`, \`wsus-client-cloned\`) set its policy values.
- **\`server-backup-failed\`, \`backup-old\`, …**: the role \`server-backup\` with a catalog of backups.
- **Faults of users** (Outlook, Store, OneDrive, profiles): the account \`hanako\` with her profile, or the one that \`user\` names.

## Disturbances
What happens to a host while it is worked on, each once. \`kintsugi lab\` tells each in its terminal when it comes, and at its end those that never did
(\`web: connection-cut at request 9\`, \`web: did not come: command-hangs Stop-Service: 2 more calls\`); in a test one that does not come fails the case.

| kind | what happens | parameters |
|---|---|---|
${disturbanceRows(disturbance).join('\n')}

A name of a command that the lab does not have is a fault of the file: it would never hang.

## Moments
${moment.description ?? ''} One of:

| key | meaning |
|---|---|
${Object.entries(moment.properties ?? {})
  .map(([name, part]) => row(code(`at: { ${name}: n }`), part.description ?? ''))
  .join('\n')}

In tests there is no HTTP, so requests are counted as calls of the host kit. An action's own times are in its \`action.yaml\`
(\`duration: { typical: 2m, longest: 15m }\`): text as \`90s\`, \`15m\` or \`1h30m\` ([playbook-format.md](playbook-format.md#duration)).

## Names of what changed
The whole state of a host is compared by names; \`changed\` of a [test](testing-playbooks.md) holds patterns of them, reports of tests show them. \`*\` stands for
anything but a backslash, \`**\` for anything, and case does not matter.

| name | what it is |
|---|---|
${Object.values(statePaths)
  .map(([form, what]) => row(form.split(', ').map(code).join(', '), what))
  .join('\n')}
`;
}
