import { readFileSync } from 'node:fs';
import { hostSetups } from '../src/remote/powershell/look-at-host.ts';

const folder = new URL('../src/remote/powershell/host-setup/', import.meta.url);

const synopsisOf = (script: string): string => /\.SYNOPSIS\s+(.+)/.exec(script)?.[1] ?? '';

/** docs/host-setup.md: the scripts that set a host up for remote work, as they stand in the product. */
export function hostSetupDocument(): string {
  const scripts = hostSetups.map((name) => ({ name, text: readFileSync(new URL(`${name}.ps1`, folder), 'utf8') }));
  return [
    '# Setting a Windows host up',
    '',
    '<!-- Made from src/remote/powershell/host-setup by scripts/generate.ts; change those, then run `npm run generate`. -->',
    '',
    'Each script is run on the host, in a Windows PowerShell that was started as administrator, in this order; each may be run again. With',
    '`-Check` it changes nothing and tells how things stand: `kintsugi doctor --host <pattern>` asks exactly that over a session, for what the',
    "host's inventory entry needs. [remoting.md](remoting.md) says which of them you want.",
    '',
    '| script | what is so afterwards |',
    '|---|---|',
    ...scripts.map(({ name, text }) => `| [\`${name}.ps1\`](#${name}ps1) | ${synopsisOf(text)} |`),
    '',
    ...scripts.flatMap(({ name, text }) => [`## ${name}.ps1`, '```powershell', text.trimEnd(), '```', '']),
  ].join('\n');
}
