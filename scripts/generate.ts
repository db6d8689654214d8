import { writeFileSync } from 'node:fs';
import { formatDocument } from './format-document.ts';
import { generatedTypes, typesOf } from './schema-types.ts';

// Writes all that is made from the schemas: the types of the documents and docs/playbook-format.md.
const root = new URL('../', import.meta.url);
for (const { schema, file, top } of generatedTypes) {
  writeFileSync(new URL(file, root), typesOf(schema, file, top));
  process.stdout.write(`${file}\n`);
}
writeFileSync(new URL('docs/playbook-format.md', root), formatDocument());
process.stdout.write('docs/playbook-format.md\n');
