import type { SecureText } from './secure-text.ts';
import { isPsTagged, type PsObject, type PsSecureString, type PsValue, psObject, psProperty } from './values.ts';

const typeNames = ['System.Management.Automation.PSCredential', 'System.Object'];

/** Makes a PSCredential (MS-PSRP 2.2.3.25) for a parameter, an input or the answer to a prompt. */
export function psCredential(userName: string, password: SecureText): PsObject {
  return psObject({ typeNames, text: typeNames[0] ?? null, adapted: { UserName: userName, Password: password } });
}

/** Reads a PSCredential; undefined if the value is none. The password is still encrypted where no key was at hand. */
export function readCredential(
  value: PsValue,
): { readonly userName: string; readonly password: SecureText | PsSecureString } | undefined {
  const userName = psProperty(value, 'UserName');
  const password = psProperty(value, 'Password');
  if (typeof userName !== 'string' || !isPsTagged(password)) return undefined;
  return password.kind === 'secureText' || password.kind === 'secureString' ? { userName, password } : undefined;
}
