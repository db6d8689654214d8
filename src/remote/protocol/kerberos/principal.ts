import { Failure } from '../../../kernel/failure.ts';
import {
  type DerElement,
  expectElement,
  readElements,
  readFields,
  readInteger,
  requireField,
} from '../asn1/read-der.ts';
import { context, element, integer, sequence, tags } from '../asn1/write-der.ts';

/** Whoever has a key: `op@LAB.TEST`, `HTTP/pc1.lab.test@LAB.TEST`. */
export type Principal = { readonly nameType: number; readonly components: readonly string[]; readonly realm: string };

/** Text of a principal, for people and for comparison. */
export function principalText({ components, realm }: Principal): string {
  return `${components.join('/')}@${realm}`;
}

/** PrincipalName of RFC 4120 5.2.2; the realm stands beside it. */
export function encodeName({ nameType, components }: Principal): Buffer {
  return sequence(context(0, integer(nameType)), context(1, sequence(...components.map(generalString))));
}

/** KerberosString: UTF-8 in a GeneralString, as all implementations write it. */
export function generalString(text: string): Buffer {
  return element(tags.generalString, Buffer.from(text, 'utf8'));
}

/** The text of a KerberosString. @throws Failure `protocol-error` */
export function readGeneralString(found: DerElement, what: string): string {
  if (found.tag !== tags.generalString) throw new Failure('protocol-error', `Expected ${what} as a general string.`);
  return found.content.toString('utf8');
}

/** Reads a PrincipalName. @throws Failure `protocol-error` */
export function readName(found: DerElement, realm: string): Principal {
  const fields = readFields(found, 'a principal name');
  const parts = expectElement(requireField(fields, 1, 'a principal name').whole, tags.sequence, 'the parts of a name');
  return {
    nameType: readInteger(requireField(fields, 0, 'a principal name'), 'the type of a name'),
    components: readElements(parts.content).map((part) => readGeneralString(part, 'a part of a name')),
    realm,
  };
}
