import type { DoctorFinding } from '../front/cli/services.ts';

/** A finding that is as it should be. */
export function found(what: string, detail: string): DoctorFinding {
  return { what, state: 'ok', detail, remedy: '' };
}

/** A finding that something is missing, and what mends it. */
export function missing(what: string, detail: string, remedy: string): DoctorFinding {
  return { what, state: 'missing', detail, remedy };
}

/** A finding that may be so, and what would change it. */
export function warning(what: string, detail: string, remedy: string): DoctorFinding {
  return { what, state: 'warning', detail, remedy };
}

/** Why something failed, in the words of the error. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
