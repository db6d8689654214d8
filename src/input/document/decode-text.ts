import { type InputFault, optionFault } from './fault.ts';

/**
 * Bytes of a file as text: UTF-8, with or without a byte order mark (editors on Windows write one).
 * UTF-16, other encodings and binary content are faults that name the first offending line.
 */
export function decodeText(
  bytes: Uint8Array,
  file: string,
  maxBytes: number,
): { readonly text: string } | { readonly fault: InputFault } {
  if (bytes.length > maxBytes) {
    const message = `the file has ${bytes.length} bytes; the limit is ${maxBytes}`;
    return { fault: optionFault(file, message, { expected: 'a smaller file; split it' }) };
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { fault: encodingFault(file, 1, 1, 'the file is UTF-16') };
  }
  const wrong = firstWrongLine(bytes);
  if (wrong !== null) return { fault: encodingFault(file, wrong.line, wrong.column, 'these bytes are not UTF-8') };
  const text = new TextDecoder('utf-8', { ignoreBOM: false }).decode(bytes);
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  if (control === null) return { text };
  const before = text.slice(0, control.index).split('\n');
  const code = control[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
  const message = `control character U+${code}; this is not a text file`;
  return { fault: encodingFault(file, before.length, (before.at(-1) ?? '').length + 1, message) };
}

function encodingFault(file: string, line: number, column: number, message: string): InputFault {
  const base = optionFault(file, message, { expected: 'text in UTF-8', suggestion: 'save the file as UTF-8' });
  return { ...base, line, column };
}

/** Place of the first byte that UTF-8 does not allow. A line end is never part of a longer sequence, so lines are decoded alone. */
function firstWrongLine(bytes: Uint8Array): { line: number; column: number } | null {
  const strict = new TextDecoder('utf-8', { fatal: true });
  try {
    strict.decode(bytes);
    return null;
  } catch {
    let start = 0;
    for (let line = 1; ; line++) {
      const end = bytes.indexOf(0x0a, start);
      const row = bytes.subarray(start, end === -1 ? bytes.length : end);
      const column = new TextDecoder().decode(row).indexOf('\ufffd');
      if (column !== -1) return { line, column: column + 1 };
      if (end === -1) return { line, column: 1 };
      start = end + 1;
    }
  }
}
