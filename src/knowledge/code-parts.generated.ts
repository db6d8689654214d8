// Made from schemas/code-parts.schema.json by scripts/generate.ts; change that, then run `npm run generate`.

/** Number in hexadecimal → symbol and words. */
type SetupParts = {
  readonly [name: string]: {
    /** Its symbol without its prefix. */
    readonly name: string;
    /** In English. */
    readonly en: string;
    /** In Japanese. */
    readonly ja: string;
  };
};

/** A part of Windows or a product: what tells that a text is about it, and where to look next. */
export type Area = {
  readonly title: BothLanguages;
  /** Regular expressions, case aside, of which one in a line tells that it is about this area. */
  readonly clues: readonly string[];
  /** Names of the playbooks of this area, as the error codes name them. */
  readonly playbooks: readonly string[];
  /** Where to look next. */
  readonly look: readonly BothLanguages[];
};

/** A text in English and Japanese. */
type BothLanguages = {
  /** In English. */
  readonly en: string;
  /** In Japanese. */
  readonly ja: string;
};

/** `src/knowledge/code-parts.yaml`: what the parts of a code and of a log line mean. */
export type CodePartsDocument = {
  /** Facilities of HRESULTs (winerror.h), bits 16 to 26, by number. */
  readonly facilities: {
    readonly [name: string]: string;
  };
  /** Facilities of NTSTATUS values (ntstatus.h), bits 16 to 27, by number. */
  readonly ntStatusFacilities: {
    readonly [name: string]: string;
  };
  /** NTSTATUS values and the Win32 errors that Windows makes of them. */
  readonly ntStatuses: readonly {
    /** The value. */
    readonly status: string;
    /** Its symbol. */
    readonly name: string;
    /** The Win32 error. */
    readonly win32: number;
  }[];
  /** Phases of Windows setup: bits 16 to 19 of an extend code, in hexadecimal. */
  readonly phases: SetupParts;
  /** Operations of Windows setup: bits 0 to 15 of an extend code, in hexadecimal. */
  readonly operations: SetupParts;
  /** Extend codes of which more is known than phase and operation. */
  readonly extendCodes: readonly {
    /** The extend codes. */
    readonly codes: readonly string[];
    readonly look: BothLanguages;
  }[];
  /** Components as logs name them, lowest layer first: the lowest is nearest to the cause. */
  readonly layers: readonly (readonly string[])[];
  /** Parts of Windows and products that codes are met in, by name. */
  readonly areas: {
    readonly [name: string]: Area;
  };
};
