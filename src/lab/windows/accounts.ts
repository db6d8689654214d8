import { createHash } from 'node:crypto';

/** Well-known security identifiers: account name and the letters SDDL uses. */
// biome-ignore format: a table
const wellKnown: readonly (readonly [sid: string, name: string, letters?: string])[] = [
  ['S-1-1-0', 'Everyone', 'WD'],
  ['S-1-3-0', 'CREATOR OWNER', 'CO'],
  ['S-1-5-4', 'NT AUTHORITY\\INTERACTIVE', 'IU'],
  ['S-1-5-6', 'NT AUTHORITY\\SERVICE', 'SU'],
  ['S-1-5-11', 'NT AUTHORITY\\Authenticated Users', 'AU'],
  ['S-1-5-2', 'NT AUTHORITY\\NETWORK', 'NU'],
  ['S-1-5-17', 'NT AUTHORITY\\IUSR'],
  ['S-1-5-18', 'NT AUTHORITY\\SYSTEM', 'SY'],
  ['S-1-5-19', 'NT AUTHORITY\\LOCAL SERVICE', 'LS'],
  ['S-1-5-20', 'NT AUTHORITY\\NETWORK SERVICE', 'NS'],
  ['S-1-5-32-544', 'BUILTIN\\Administrators', 'BA'],
  ['S-1-5-32-545', 'BUILTIN\\Users', 'BU'],
  ['S-1-5-32-546', 'BUILTIN\\Guests', 'BG'],
  ['S-1-5-32-547', 'BUILTIN\\Power Users', 'PU'],
  ['S-1-5-32-568', 'BUILTIN\\IIS_IUSRS', 'IS'],
  ['S-1-5-32-580', 'BUILTIN\\Remote Management Users', 'RM'],
  ['S-1-15-2-1', 'APPLICATION PACKAGE AUTHORITY\\ALL APPLICATION PACKAGES', 'AC'],
  ['S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464', 'NT SERVICE\\TrustedInstaller'],
  ['S-1-5-80-242729624-280608522-2219052887-3187409060-2225943459', 'NT SERVICE\\CryptSvc'],
];

/** SIDs that code names. */
export const sids = {
  system: 'S-1-5-18',
  administrators: 'S-1-5-32-544',
  users: 'S-1-5-32-545',
  creatorOwner: 'S-1-3-0',
  trustedInstaller: 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
} as const;

/** The account of a simulated process. */
export type Account = {
  /** `DOMAIN\name`. */
  readonly name: string;
  readonly sid: string;
  /** Groups besides Everyone. */
  readonly groups: readonly string[];
  /** Groups that only count where a rule denies: those that User Account Control took out of a filtered token. */
  readonly denyOnly?: readonly string[];
  readonly logon: 'network' | 'service' | 'interactive';
};

/** SYSTEM. */
export const systemAccount: Account = {
  name: 'NT AUTHORITY\\SYSTEM',
  sid: sids.system,
  groups: [sids.administrators, 'S-1-5-11'],
  logon: 'service',
};

/** Whether a token holds the rights of an administrator: a filtered one, and that of everybody else, does not. */
export const isElevated = ({ groups }: Account): boolean => groups.includes(sids.administrators);

const virtualSids = new Map<string, string>();
const hashedSid = (authority: number, text: string): string => {
  const key = `${authority} ${text}`;
  const known = virtualSids.get(key);
  if (known !== undefined) return known;
  const hash = createHash('sha1').update(Buffer.from(text, 'utf16le')).digest();
  const made = `S-1-5-${authority}-${[0, 4, 8, 12, 16].map((at) => hash.readUInt32LE(at)).join('-')}`;
  virtualSids.set(key, made);
  return made;
};

/** The SID of the virtual account of an application pool: SHA-1 of its name in lower case. */
export const poolSid = (pool: string): string => hashedSid(82, pool.toLowerCase());

/** The SID of a service: SHA-1 of its name in upper case. */
export const serviceSid = (service: string): string => hashedSid(80, service.toUpperCase());

const byLetters = new Map(wellKnown.flatMap(([sid, , letters]) => (letters ? [[letters, sid] as const] : [])));
const lettersOf = new Map(wellKnown.flatMap(([sid, , letters]) => (letters ? [[sid, letters] as const] : [])));

/** A SID from its SDDL letters or text; `undefined` if it is neither. */
export const parseSddlSid = (text: string): string | undefined =>
  byLetters.get(text.toUpperCase()) ?? (/^S-1(-\d+)+$/i.test(text) ? text.toUpperCase() : undefined);

/** SDDL writing of a SID. */
export const formatSddlSid = (sid: string): string => lettersOf.get(sid) ?? sid;

/** Account name of a SID among the well-known ones and the machine's own accounts. */
export const nameOfSid = (sid: string, local: readonly Account[] = []): string | undefined =>
  wellKnown.find(([known]) => known === sid)?.[1] ?? local.find((account) => account.sid === sid)?.name;

/** SID of an account name, with or without its domain; `undefined` if nobody has the name. */
export const sidOfName = (name: string, local: readonly Account[] = []): string | undefined => {
  const wanted = name.toLowerCase();
  const fits = (full: string): boolean => {
    const lower = full.toLowerCase();
    return lower === wanted || (!wanted.includes('\\') && lower.slice(lower.indexOf('\\') + 1) === wanted);
  };
  return wellKnown.find(([, known]) => fits(known))?.[0] ?? local.find((account) => fits(account.name))?.sid;
};
