import { writeXml, type XmlElement } from '../../../evaluator/dotnet/xml-parse.ts';
import type { ConfigNode, WebScope } from '../../machine/web/config-engine.ts';
import type { ProgramCall } from '../program.ts';

type Options = ReadonlyMap<string, string>;
/** A call of appcmd: what it names, and its options. */
export type Call = ProgramCall & { readonly identifier: string; readonly options: Options };

/** The server as place of the configuration. */
export const server = { scope: {}, location: {} };

/** Ends a call with appcmd's line and code. */
export class AppcmdError extends Error {
  readonly code: number;
  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}
/** Ends a call. */
export const fail = (code: number, text: string): never => {
  throw new AppcmdError(code, text);
};

/** The place that an identifier means. */
export const scopeOf = (text: string): WebScope => {
  const [site, ...rest] = text.split('/').filter(Boolean);
  return site === undefined || /^MACHINE$/i.test(site) ? {} : { site, path: `/${rest.join('/')}` };
};

/** Writes the XML of a configured element. */
export const writeNode = (call: Call, node: ConfigNode | undefined): void => {
  if (!node?.origin) return;
  const element: XmlElement = node.origin;
  for (const line of writeXml(element).split('\n')) call.line(line.replace(/\r$/, ''));
};
