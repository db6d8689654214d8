import { writeFileSync } from 'node:fs';
import { formatDocument } from './format-document.ts';
import { generatedTypes, typesOf } from './schema-types.ts';

// Writes all that is made from the schemas: the types of the documents and docs/playbook-format.md.
const root = new URL('../', import.meta.url);
for (const types of generatedTypes) {
  writeFileSync(new URL(types.file, root), typesOf(types));
  process.stdout.write(`${types.file}\n`);
}
writeFileSync(new URL('docs/playbook-format.md', root), formatDocument());
process.stdout.write('docs/playbook-format.md\n');
