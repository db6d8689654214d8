import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  bridgeTlsHonours,
  honours,
  type TlsSetting,
  type WaySetting,
} from '../../../../src/input/inventory/transport-settings.ts';

const transports = ['winrm', 'ssh', 'bridge', 'local'] as const;

it('the table of docs/remoting.md says what each transport makes of each setting', () => {
  const rowOf = (name: string, kinds: readonly string[]) => `| \`${name}\` | ${kinds.join(' | ')} |`;
  const rows = (Object.keys(honours) as WaySetting[]).flatMap((setting) => [
    rowOf(
      setting,
      transports.map((transport) => honours[setting][transport].kind),
    ),
    ...(setting === 'tls' ? (Object.keys(bridgeTlsHonours) as TlsSetting[]) : []).map((detail) =>
      rowOf(
        `tls.${detail}`,
        transports.map((each) => (each === 'bridge' ? bridgeTlsHonours[detail] : honours.tls[each]).kind),
      ),
    ),
  ]);
  const text = readFileSync(new URL('../../../../docs/remoting.md', import.meta.url), 'utf8');
  const start = text.indexOf('## Which setting holds for which transport');
  const table = text
    .slice(start, text.indexOf('**no**', start))
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(table.toSorted()).toEqual(rows.toSorted());
});
