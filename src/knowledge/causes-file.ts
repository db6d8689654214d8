import { fileURLToPath } from 'node:url';

/** The shipped causes, `causes/v1`. */
export const causesFile = fileURLToPath(new URL('causes.yaml', import.meta.url));
