import type { HostSettings, Inventory } from './inventory.ts';
import type { WaySetting } from './transport-settings.ts';

/** Settings of one host that do not make a connection together. */
export type LoginFault = {
  /** What is wrong, as the end of a sentence that begins with the host. */
  readonly message: string;
  readonly expected: string;
  readonly suggestion?: string;
  /** What it was concluded from: no fault where one of these is in doubt. */
  readonly about: readonly WaySetting[];
};

type Mechanism = NonNullable<HostSettings['mechanisms']>[number];

/** What keeps a host from being logged in to, as far as its settings tell. */
export function loginFaultsOf(id: string, settings: HostSettings, { credentials }: Inventory): readonly LoginFault[] {
  const lacksPassword = (name: string | undefined) =>
    name !== undefined && credentials.has(name) && credentials.get(name)?.password === undefined;
  const hasPassword = !lacksPassword(settings.credential);
  switch (settings.transport ?? 'winrm') {
    case 'winrm':
      return [
        ...faultsOverWinRm(settings, hasPassword),
        ...faultsOfKerberos(settings.address ?? id, settings),
        ...(lacksPassword(settings.proxy?.credential) ? [proxyWithoutPassword] : []),
      ];
    case 'bridge':
      return faultsOverBridge(settings, hasPassword);
    case 'ssh':
      return faultsOverSsh(settings);
    case 'local':
      return [];
  }
}

const noCredential = {
  message: 'has no credential',
  expected: 'a `credential` of the host, one of its groups, or the defaults',
};
const isSecure = ({ tls }: HostSettings): boolean => tls !== undefined && tls !== false;

function faultsOverWinRm(settings: HostSettings, hasPassword: boolean): readonly LoginFault[] {
  const { tls, mechanisms = ['negotiate'], kerberos, allowUnencrypted, credential } = settings;
  const faults: LoginFault[] = [];
  const certificate = typeof tls === 'object' ? tls.clientCertificate : undefined;
  if (credential === undefined) faults.push({ ...noCredential, about: ['credential'] });
  if (!isSecure(settings) && mechanisms.includes('basic') && allowUnencrypted !== true) {
    faults.push({
      message: 'would send its password in clear text: `basic` over plain HTTP',
      expected: '`tls: true`, or another mechanism than `basic`',
      suggestion: 'in a lab only: `allowUnencrypted: true`',
      about: ['tls', 'mechanisms', 'allowUnencrypted'],
    });
  }
  if (mechanisms.includes('certificate') && certificate === undefined) {
    faults.push({
      message: 'has no client certificate to log in by',
      expected: '`tls: { clientCertificate: { cert: …, key: … } }`',
      about: ['tls', 'mechanisms'],
    });
  }
  if (certificate !== undefined && !mechanisms.includes('certificate')) {
    faults.push({
      message: `has a client certificate that \`mechanisms: [${mechanisms.join(', ')}]\` never shows`,
      expected: '`certificate` among the `mechanisms`, or no `tls.clientCertificate`',
      about: ['tls', 'mechanisms'],
    });
  }
  if (typeof tls === 'object' && tls.verify === false && tls.ca !== undefined) {
    faults.push({
      message: 'takes any certificate, and has an authority that it must come from',
      expected: 'one of `tls.ca` and `tls.verify: false`',
      about: ['tls'],
    });
  }
  const needing = mechanisms.find((mechanism) => needsPassword(mechanism, kerberos));
  if (!hasPassword && needing !== undefined) {
    faults.push({
      message: `logs in by \`${needing}\`, and its credential \`${credential}\` has no password`,
      expected: 'a reference to the password, as `password: env:KT_PASSWORD`',
      suggestion: 'without one: `kerberos` with a cache or a keytab, or `certificate`',
      about: ['mechanisms', 'kerberos', 'credential'],
    });
  }
  return faults;
}

const proxyWithoutPassword: LoginFault = {
  message: 'is reached through a proxy whose credential has no password',
  expected: 'a reference to the password, as `password: env:KT_PASSWORD`',
  about: ['proxy'],
};

/** An IP address. */
const isAddress = /^\d+(?:\.\d+){3}$|:/u;
/** Another type of credential cache than FILE; a single letter is a drive. */
const otherCache = /^(?!FILE:)[A-Z]{2,}:/u;

function faultsOfKerberos(address: string, { mechanisms, kerberos }: HostSettings): readonly LoginFault[] {
  const faults: LoginFault[] = [];
  // Where another mechanism follows, the login goes on with that.
  const only = mechanisms?.every((mechanism) => mechanism === 'kerberos') === true;
  if (only && kerberos?.spn === undefined && isAddress.test(address)) {
    faults.push({
      message: `logs in by Kerberos alone, which knows hosts by their names, and \`${address}\` is none`,
      expected: 'the name as its `address`, or `kerberos: { spn: HTTP/<name> }`',
      about: ['address', 'mechanisms', 'kerberos'],
    });
  }
  if (kerberos?.cache !== undefined && otherCache.test(kerberos.cache)) {
    faults.push({
      message: `has the credential cache \`${kerberos.cache}\`, which is no file`,
      expected: 'a cache of the type FILE, as of `kinit -c FILE:<path>`',
      about: ['kerberos'],
    });
  }
  return faults;
}

function needsPassword(mechanism: Mechanism, kerberos: HostSettings['kerberos']): boolean {
  if (mechanism === 'certificate') return false;
  return mechanism !== 'kerberos' || (kerberos?.cache === undefined && kerberos?.keytab === undefined);
}

function faultsOverBridge(settings: HostSettings, hasPassword: boolean): readonly LoginFault[] {
  const { bridge = {}, credential } = settings;
  const { authentication, certificateThumbprint } = bridge;
  const byCertificate = certificateThumbprint !== undefined;
  const faults: LoginFault[] = [];
  if (byCertificate && !isSecure(settings)) {
    faults.push({
      message: 'is signed in to with a certificate over plain HTTP',
      expected: '`tls: true`',
      about: ['tls', 'bridge'],
    });
  }
  if (byCertificate && authentication !== undefined && authentication !== 'default') {
    faults.push({
      message: `is signed in to with a certificate and by \`${authentication}\``,
      expected: 'one of `bridge.certificateThumbprint` and `bridge.authentication`',
      about: ['bridge'],
    });
  }
  if (authentication === 'basic' && !isSecure(settings)) {
    faults.push({
      message: 'would send its password in clear text: `basic` over plain HTTP',
      expected: '`tls: true`, or another `bridge.authentication` than `basic`',
      about: ['tls', 'bridge'],
    });
  }
  if (byCertificate) return faults;
  if (credential === undefined && (authentication === 'credssp' || authentication === 'basic')) {
    const expected = `a \`credential\`, which \`${authentication}\` needs`;
    faults.push({ ...noCredential, expected, about: ['credential', 'bridge'] });
  }
  if (!hasPassword) {
    faults.push({
      message: `is signed in to by its credential \`${credential}\`, which has no password`,
      expected: 'a reference to the password, as `password: env:KT_PASSWORD`',
      suggestion: "without a `credential` the worker's own account signs in",
      about: ['credential', 'bridge'],
    });
  }
  return faults;
}

function faultsOverSsh({ ssh = {}, credential }: HostSettings): readonly LoginFault[] {
  const faults: LoginFault[] = [];
  if (credential !== undefined && ssh.identityFile === undefined && ssh.proxyJump !== undefined) {
    faults.push({
      message: 'is reached with a password through a jump host',
      expected: '`ssh.identityFile`, or no `credential`: a jump host could ask for the password in place of the host',
      about: ['credential', 'ssh'],
    });
  }
  if (ssh.checkHostKey === false && ssh.hostKey !== undefined) {
    faults.push({
      message: 'has a host key that is not to be checked',
      expected: 'one of `ssh.hostKey` and `ssh.checkHostKey: false`',
      about: ['ssh'],
    });
  }
  return faults;
}
