import type { InputFault } from '../document/fault.ts';
import type { FaultWords, SourceDocument } from '../document/source-document.ts';
import { settingsOf } from './host-settings.ts';
import type { HostSettings, Inventory } from './inventory.ts';

/** Why CredSSP is no mechanism here, and what to take. */
const noCredSsp =
  'CredSSP hands the password itself to the host; take `kerberos`, and for a second hop resource-based constrained delegation or a JEA endpoint (a worker on Windows can have it with `transport: bridge`)';

/** What each host's settings come to must be a connection that can be made: the faults of those that cannot. */
export function checkConnections(source: SourceDocument, inventory: Inventory): readonly InputFault[] {
  return [...inventory.hosts.keys()].flatMap((id) =>
    faultsOf(id, settingsOf(inventory, id), inventory).map((words) =>
      source.fault(['hosts', id], { ...words, atKey: true }),
    ),
  );
}

function faultsOf(id: string, settings: HostSettings, { credentials }: Inventory): readonly FaultWords[] {
  const { transport = 'winrm', tls, mechanisms = ['negotiate'], kerberos, allowUnencrypted, credential } = settings;
  // The other ways have programs of the system that log in.
  if (transport !== 'winrm') return [];
  const faults: FaultWords[] = [];
  const secure = tls !== undefined && tls !== false;
  if (!secure && mechanisms.includes('basic') && allowUnencrypted !== true) {
    faults.push({
      message: `\`${id}\` would send its password in clear text: \`basic\` over plain HTTP`,
      expected: '`tls: true`, or another mechanism than `basic`',
      suggestion: 'in a lab only: `allowUnencrypted: true`',
    });
  }
  if (mechanisms.includes('certificate') && (typeof tls !== 'object' || tls.clientCertificate === undefined)) {
    faults.push({
      message: `\`${id}\` has no client certificate to log in by`,
      expected: '`tls: { clientCertificate: { cert: …, key: … } }`',
    });
  }
  const needing = mechanisms.find((mechanism) => needsPassword(mechanism, kerberos));
  const known = credential === undefined ? undefined : credentials.get(credential);
  if (known !== undefined && known.password === undefined && needing !== undefined) {
    faults.push({
      message: `\`${id}\` logs in by \`${needing}\`, and its credential \`${credential}\` has no password`,
      expected: 'a reference to the password, as `password: env:KT_PASSWORD`',
      suggestion: 'without one: `kerberos` with a cache or a keytab, or `certificate`',
    });
  }
  return faults;
}

function needsPassword(
  mechanism: NonNullable<HostSettings['mechanisms']>[number],
  kerberos: HostSettings['kerberos'],
): boolean {
  if (mechanism === 'certificate') return false;
  return mechanism !== 'kerberos' || (kerberos?.cache === undefined && kerberos?.keytab === undefined);
}

/** Says to whoever asks for CredSSP why there is none. */
export function adviseOnCredSsp(fault: InputFault): InputFault {
  const asked = /mechanisms/u.test(fault.path) && /credssp/iu.test(fault.message);
  return asked ? { ...fault, suggestion: noCredSsp } : fault;
}
