import { namespaces } from './namespaces.ts';
import { childText, findChild, findDescendant, type XmlElement } from './xml-element.ts';
import { escapeXml } from './xml-text.ts';

/** Codes of WS-Management faults that mean something to us (decimal, as on the wire). */
export const faultCodes = {
  accessDenied: 5,
  aborted: 995,
  operationTimedOut: 2150858793,
  invalidMessage: 2150858817,
  invalidSelectors: 2150858843,
  unknownResource: 2150858754,
  unsupportedAction: 2150858753,
  tooManyShells: 2150859173,
  tooManyOperations: 2150859174,
  tooManyCommands: 2150859241,
  envelopeTooLarge: 2150858790,
} as const;

/** A fault reply as data. */
export type WsmanFault = {
  readonly kind: 'fault';
  /** WSManFault code; 0 if the reply carried none. */
  readonly code: number;
  /** Local name of the SOAP subcode, e.g. `TimedOut`. */
  readonly subcode: string;
  /** Text for people, in the host's language. */
  readonly reason: string;
};

const subcodes: Readonly<Record<number, string>> = {
  [faultCodes.accessDenied]: 'AccessDenied',
  [faultCodes.operationTimedOut]: 'TimedOut',
  [faultCodes.invalidSelectors]: 'InvalidSelectors',
  [faultCodes.invalidMessage]: 'SchemaValidationError',
  [faultCodes.unknownResource]: 'InvalidResourceURI',
  [faultCodes.unsupportedAction]: 'ActionNotSupported',
  [faultCodes.tooManyShells]: 'QuotaLimit',
  [faultCodes.tooManyOperations]: 'QuotaLimit',
  [faultCodes.tooManyCommands]: 'QuotaLimit',
  [faultCodes.envelopeTooLarge]: 'EncodingLimit',
};
const bySender = new Set([
  'AccessDenied',
  'SchemaValidationError',
  'InvalidResourceURI',
  'ActionNotSupported',
  'InvalidSelectors',
  'QuotaLimit',
  'EncodingLimit',
]);

/** A fault with this code; the subcode follows from it. */
export function makeFault(code: number, reason: string): WsmanFault {
  return { kind: 'fault', code, subcode: subcodes[code] ?? 'InternalError', reason };
}

/** Body of a fault reply (MS-WSMV 2.2.4.43). */
export function encodeFaultBody(fault: WsmanFault, machine: string): string {
  const role = bySender.has(fault.subcode) ? 's:Sender' : 's:Receiver';
  return `<s:Fault><s:Code><s:Value>${role}</s:Value><s:Subcode><s:Value>w:${escapeXml(fault.subcode)}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">${escapeXml(fault.reason)}</s:Text></s:Reason><s:Detail><f:WSManFault xmlns:f="${namespaces.fault}" Code="${fault.code}" Machine="${escapeXml(machine)}"><f:Message>${escapeXml(fault.reason)}</f:Message></f:WSManFault></s:Detail></s:Fault>`;
}

/** Reads a fault from the body's child elements; undefined if there is none. */
export function decodeFault(body: readonly XmlElement[]): WsmanFault | undefined {
  const fault = body.find((element) => element.name === 'Fault' && element.namespace === namespaces.soap);
  if (!fault) return undefined;
  const detail = findDescendant(fault, namespaces.fault, 'WSManFault');
  const code = Number(detail?.attributes.get('Code') ?? 0);
  const codeElement = findChild(fault, namespaces.soap, 'Code');
  const subcode = codeElement && findChild(codeElement, namespaces.soap, 'Subcode');
  const reason = findChild(fault, namespaces.soap, 'Reason');
  return {
    kind: 'fault',
    code: Number.isFinite(code) ? code : 0,
    subcode: (subcode && childText(subcode, namespaces.soap, 'Value')?.replace(/^.*:/u, '')) ?? '',
    reason: (reason && childText(reason, namespaces.soap, 'Text')) || (detail ? deepText(detail) : ''),
  };
}

function deepText(element: XmlElement): string {
  return [element.text.trim(), ...element.children.map(deepText)].filter((text) => text !== '').join(' ');
}
