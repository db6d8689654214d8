import { fileURLToPath } from 'node:url';

/** The recordings that lie in this repository. */
export const ownCorpus = fileURLToPath(new URL('../fixtures/corpus/', import.meta.url));
