import type { InputFault } from '../input/document/fault.ts';
import { lineText, placeOf, type Source } from '../powershell/source.ts';

/** Makes a fault at an offset of a script. */
export type MakeFault = (offset: number, message: string, expected?: string, suggestion?: string) => InputFault;

/** Makes faults of one script. */
export const faultMaker =
  (source: Source): MakeFault =>
  (offset, message, expected, suggestion) => {
    const { line, column } = placeOf(source, offset);
    const words = { message, expected: expected ?? null, suggestion: suggestion ?? null };
    return { file: source.file ?? '', line, column, path: '', text: lineText(source, line), ...words };
  };
