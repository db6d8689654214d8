import { fileURLToPath } from 'node:url';

/** The recordings that lie in this repository. */
export const ownCorpus = fileURLToPath(new URL('../fixtures/corpus/', import.meta.url));

/** Recordings of a real PowerShell made because the evaluator once gave something else. */
export const ownDifferences = fileURLToPath(new URL('../fixtures/recorded-differences/', import.meta.url));
