import { faultCodes, faultNameOf, faultTable } from './fault-codes.ts';
import { namespaces } from './namespaces.ts';
import { childText, deepText, findChild, findDescendant, type XmlElement } from './xml-element.ts';
import { escapeXml } from './xml-text.ts';

/** What the plug-in behind a resource said: its code may be more precise than the service's own. */
type ProviderFault = {
  readonly name: string;
  readonly path: string;
  /** 0 if it gave none. */
  readonly code: number;
  readonly text: string;
};

/** A fault reply as data. */
export type WsmanFault = {
  readonly kind: 'fault';
  /** WSManFault code, or the one of a WMI error; 0 if the reply carried none. */
  readonly code: number;
  /** Local name of the SOAP subcode, e.g. `TimedOut`. */
  readonly subcode: string;
  /** Text for people, in the host's language. */
  readonly reason: string;
  /** More text from the detail, where it says something else than the reason. */
  readonly detail?: string;
  readonly provider?: ProviderFault;
  /** Where to go instead, in a fault that redirects. */
  readonly location?: string;
};

const bySender = new Set([
  'AccessDenied',
  'SchemaValidationError',
  'InvalidResourceURI',
  'ActionNotSupported',
  'InvalidSelectors',
  'QuotaLimit',
  'EncodingLimit',
  'DestinationUnreachable',
]);

/** A fault with this code; the subcode follows from it. */
export function makeFault(code: number, reason: string): WsmanFault {
  const name = faultNameOf(code);
  return { kind: 'fault', code, subcode: name === undefined ? 'InternalError' : faultTable[name].subcode, reason };
}

/** Body of a fault reply (MS-WSMV 2.2.4.43). */
export function encodeFaultBody(fault: WsmanFault, machine: string): string {
  const role = bySender.has(fault.subcode) ? 's:Sender' : 's:Receiver';
  const { provider } = fault;
  const inner = provider
    ? `<f:ProviderFault provider="${escapeXml(provider.name)}" path="${escapeXml(provider.path)}">${encodeProviderText(provider, machine)}</f:ProviderFault>`
    : escapeXml(fault.location ?? fault.detail ?? fault.reason);
  return `<s:Fault><s:Code><s:Value>${role}</s:Value><s:Subcode><s:Value>w:${escapeXml(fault.subcode)}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">${escapeXml(fault.reason)}</s:Text></s:Reason><s:Detail><f:WSManFault xmlns:f="${namespaces.fault}" Code="${fault.code}" Machine="${escapeXml(machine)}"><f:Message>${inner}</f:Message></f:WSManFault></s:Detail></s:Fault>`;
}

function encodeProviderText(provider: ProviderFault, machine: string): string {
  if (provider.code === 0) return escapeXml(provider.text);
  return `<f:WSManFault Code="${provider.code}" Machine="${escapeXml(machine)}"><f:Message>${escapeXml(provider.text)}</f:Message></f:WSManFault>`;
}

/** Reads a fault from the body's child elements; undefined if there is none. */
export function decodeFault(body: readonly XmlElement[]): WsmanFault | undefined {
  const fault = body.find((element) => element.name === 'Fault' && element.namespace === namespaces.soap);
  if (!fault) return undefined;
  const codeElement = findChild(fault, namespaces.soap, 'Code');
  const subcode = codeElement && findChild(codeElement, namespaces.soap, 'Subcode');
  const reasonElement = findChild(fault, namespaces.soap, 'Reason');
  const said = reasonElement && childText(reasonElement, namespaces.soap, 'Text');
  const detailElement = findChild(fault, namespaces.soap, 'Detail');
  const { code, text, provider } = readDetail(detailElement);
  const location = code === faultCodes.redirected && detailElement ? readLocation(detailElement) : undefined;
  const reason = said || text;
  return {
    kind: 'fault',
    code,
    subcode: (subcode && childText(subcode, namespaces.soap, 'Value')?.replace(/^.*:/u, '')) ?? '',
    reason,
    ...(text === '' || text === reason ? {} : { detail: text }),
    ...(provider === undefined ? {} : { provider }),
    ...(location === undefined ? {} : { location }),
  };
}

type Detail = { readonly code: number; readonly text: string; readonly provider?: ProviderFault };

function readDetail(detail: XmlElement | undefined): Detail {
  const fault = detail && findDescendant(detail, namespaces.fault, 'WSManFault');
  if (fault) {
    const provider = findDescendant(fault, namespaces.fault, 'ProviderFault');
    const text = deepText(fault);
    return { code: codeOf(fault), text, ...(provider ? { provider: readProvider(provider) } : {}) };
  }
  // Errors of WMI, also those of quotas on newer hosts, come as an instance of MSFT_WmiError in its own namespace.
  const wmi = detail?.children.find((child) => child.name === 'MSFT_WmiError');
  const read = (name: string) => wmi?.children.find((child) => child.name === name)?.text.trim() ?? '';
  return { code: toCode(read('error_Code')), text: read('Message') || read('CIMStatusCodeDescription') };
}

function readProvider(provider: XmlElement): ProviderFault {
  const inner = findDescendant(provider, namespaces.fault, 'WSManFault');
  return {
    name: provider.attributes.get('provider') ?? '',
    path: provider.attributes.get('path') ?? '',
    code: inner ? codeOf(inner) : 0,
    text: deepText(provider),
  };
}

const readLocation = (detail: XmlElement): string | undefined => /https?:\/\/[^\s<>"']+/u.exec(deepText(detail))?.[0];

const codeOf = (fault: XmlElement): number => toCode(fault.attributes.get('Code') ?? '');

/** A code as unsigned number; some hosts write HRESULTs as negative numbers. */
function toCode(text: string): number {
  const number = /^\s*-?\d{1,10}\s*$/u.test(text) ? Number(text) : 0;
  return number < 0 ? number + 0x1_0000_0000 : number;
}
