import process from 'node:process';

/** Is told of what lowers the security of a connection. */
export type Warn = (text: string) => void;

/** A warning of the process: for whoever names nobody to be told. */
export const warnOfProcess: Warn = (text) => process.emitWarning(text, 'KintsugiWarning');
