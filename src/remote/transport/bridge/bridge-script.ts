import { readdir, readFile } from 'node:fs/promises';

let loaded: Promise<string> | undefined;

/** The script of the bridge as one line of PowerShell that defines its functions; read once. */
export function bridgeScriptLine(): Promise<string> {
  loaded ??= loadScript();
  return loaded;
}

async function loadScript(): Promise<string> {
  const folder = new URL('./script/', import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ps1')).sort();
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')));
  const base64 = Buffer.from(texts.join('\n'), 'utf8').toString('base64');
  return `. ([scriptblock]::Create([System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String('${base64}'))))`;
}
