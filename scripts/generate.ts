import { writeFileSync } from 'node:fs';
import { faultDocument } from './fault-document.ts';
import { formatDocument } from './format-document.ts';
import { hostSetupDocument } from './host-setup-document.ts';
import { labCommandsModule } from './lab-commands.ts';
import { labDocument } from './lab-document.ts';
import { labFileDocument } from './lab-file-document.ts';
import { lintDocument } from './lint-document.ts';
import { scenarioDocument } from './scenario-document.ts';
import { generatedTypes, typesOf } from './schema-types.ts';
import { windowsCommandsModule } from './windows-commands.ts';

// Writes all that is made from other files: types of the documents and docs/playbook-format.md and docs/lab-faults.md from the schemas, docs/host-setup.md from scripts, docs/lab-windows.md from the lab.
const root = new URL('../', import.meta.url);
for (const types of generatedTypes) {
  writeFileSync(new URL(types.file, root), typesOf(types));
  process.stdout.write(`${types.file}\n`);
}
writeFileSync(new URL('docs/playbook-format.md', root), formatDocument());
process.stdout.write('docs/playbook-format.md\n');
writeFileSync(new URL('docs/host-setup.md', root), hostSetupDocument());
process.stdout.write('docs/host-setup.md\n');
writeFileSync(new URL('docs/lab-windows.md', root), labDocument());
process.stdout.write('docs/lab-windows.md\n');
writeFileSync(new URL('src/input/lab/lab-commands.generated.ts', root), labCommandsModule());
process.stdout.write('src/input/lab/lab-commands.generated.ts\n');
writeFileSync(new URL('docs/lab-file.md', root), labFileDocument());
process.stdout.write('docs/lab-file.md\n');
writeFileSync(new URL('docs/lab-faults.md', root), faultDocument());
process.stdout.write('docs/lab-faults.md\n');
writeFileSync(new URL('src/lint/windows-commands.generated.ts', root), windowsCommandsModule());
process.stdout.write('src/lint/windows-commands.generated.ts\n');
writeFileSync(new URL('docs/lint.md', root), await lintDocument());
process.stdout.write('docs/lint.md\n');
writeFileSync(new URL('docs/scenarios.md', root), scenarioDocument());
process.stdout.write('docs/scenarios.md\n');
