import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Action } from '../../../src/input/action/action.ts';
import { openActionLibrary } from '../../../src/input/action/action-library.ts';
import type { ScriptKind } from '../../../src/kernel/words.ts';
import { parseScript, type Script } from '../../../src/powershell/parse-script.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** The shipped folder, and no project folder beside it. */
export const places = { projectDir: join(root, 'test/fixtures/no-project'), shippedDir: join(root, 'playbooks') };

/** A shipped script and the action that it belongs to. */
export type ShippedScript = {
  readonly name: string;
  readonly action: Action;
  readonly kind: ScriptKind;
  readonly text: string;
  readonly script: Script;
};

/** All shipped actions; a fault in any ends the test that asks. */
export function shippedActions(): Action[] {
  const library = openActionLibrary(places);
  return library.ids().map((id) => {
    const loaded = library.get(id);
    if (!loaded.ok) throw new Error(loaded.faults.map((fault) => `${fault.file}: ${fault.message}`).join('\n'));
    return loaded.value;
  });
}

/** All shipped scripts, parsed. */
export function shippedScripts(): ShippedScript[] {
  return shippedActions().flatMap((action) =>
    (['detect', 'apply', 'verify', 'undo'] as const).flatMap((kind) => {
      const text = action.scripts[kind];
      const name = `${action.id}/${kind}.ps1`;
      return text === undefined ? [] : [{ name, action, kind, text, script: parseScript(text, name) }];
    }),
  );
}
