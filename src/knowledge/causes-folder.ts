import { fileURLToPath } from 'node:url';

/** The shipped causes: files `causes/v1`, one per area. */
export const causesFolder = fileURLToPath(new URL('causes', import.meta.url));
