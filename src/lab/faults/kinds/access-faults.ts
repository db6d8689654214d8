import { sids } from '../../windows/accounts.ts';
import { writeUpdateEvent } from '../../windows/machine/devices/update-events.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import type { SecurityDescriptor } from '../../windows/machine/rights/security-descriptor.ts';
import { formatSddl, parseSddl } from '../../windows/machine/rights/security-descriptor.ts';
import { logDenied, servicingKey } from '../../windows/machine/updates/update-install.ts';
import { hresultOf, win32 } from '../../windows/machine/win32-fault.ts';
import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { offerCumulative } from './offer-update.ts';
import { addDomainPolicy } from './policy-faults.ts';

const targets = {
  SoftwareDistribution: 'C:\\Windows\\SoftwareDistribution',
  catroot2: 'C:\\Windows\\System32\\catroot2',
} as const;

type Damage = 'denied' | 'rules-missing' | 'foreign-owner';

/** Rules as somebody left them: a refusal for SYSTEM, rules that are gone, or an owner whose account does not exist any more. */
const damaged = (old: SecurityDescriptor, damage: Damage): SecurityDescriptor => {
  if (damage === 'denied')
    return {
      ...old,
      rules: [{ allow: false, flags: ['OI', 'CI'], rights: 0x1301bf, sid: sids.system }, ...old.rules],
    };
  // SYSTEM is an administrator, too: neither rule may stay.
  if (damage === 'rules-missing')
    return {
      ...old,
      isProtected: true,
      rules: [{ allow: true, flags: ['OI', 'CI'], rights: 0x1200a9, sid: sids.users }],
    };
  const gone = 'S-1-5-21-3623811015-3361044348-30300820-1013';
  return {
    ...old,
    owner: gone,
    isProtected: true,
    rules: [{ allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: gone }],
  };
};

const breakAccess = (machine: Machine, target: keyof typeof targets | 'servicing-key', damage: Damage): void => {
  if (target !== 'servicing-key') {
    const node = machine.files.get(targets[target]);
    node.security = damaged(machine.files.securityOf(node), damage);
    return;
  }
  const key = machine.registry.find(servicingKey);
  if (!key) return;
  key.security = {
    denied: parseSddl(
      'O:BAG:SYD:PAI(D;CI;KA;;;SY)(A;CI;KR;;;BU)(A;CI;KA;;;BA)',
      machine.registry.securityOf(key).security,
    ),
    'rules-missing': parseSddl(
      'O:BAG:SYD:PAI(A;CI;KR;;;BU)(A;CI;KR;;;BA)(A;CI;KR;;;SY)',
      machine.registry.securityOf(key).security,
    ),
    'foreign-owner': parseSddl(
      'O:S-1-5-21-3623811015-3361044348-30300820-1013G:SYD:PAI(A;CI;KR;;;BU)(A;CI;KR;;;BA)(A;CI;KR;;;SY)',
      machine.registry.securityOf(key).security,
    ),
  }[damage];
};

/** Yesterday an update has failed for want of the rights; where they are those of the cache, it did not come so far. */
const recordDenied = (machine: Machine, target: keyof typeof targets | 'servicing-key'): void => {
  const { title } = offerCumulative(machine);
  if (target === 'SoftwareDistribution') return;
  const atMs = machine.clock.wallMs() - 20 * 3_600_000;
  logDenied(machine, target === 'servicing-key' ? servicingKey : targets[target], atMs);
  writeUpdateEvent(machine, 20, title, hresultOf(win32.accessDenied) >>> 0, atMs);
};

/** Rights that are not as Windows needs them. */
export type AccessFault =
  | {
      readonly kind: 'acl-broken';
      readonly target?: keyof typeof targets | 'servicing-key';
      readonly damage?: Damage;
      readonly byPolicy?: boolean;
    }
  | { readonly kind: 'not-elevated' };

/** States of rights: of what the update services must write, and of the token that comes over the network. */
export const accessFaults: FaultKinds<AccessFault> = {
  'acl-broken': (machine, { target, damage, byPolicy }) => {
    const place = target ?? 'SoftwareDistribution';
    breakAccess(machine, place, damage ?? 'rules-missing');
    recordDenied(machine, place);
    if (!byPolicy || place === 'servicing-key') return;
    // The security settings of a policy ask for these rules: they come back.
    const path = targets[place];
    const { security } = machine.files.get(path);
    addDomainPolicy(machine, {
      id: '{C41F0B7A-6E2D-4A19-8B53-9D0E7F2A6C11}',
      name: 'File system hardening',
      files: security ? [{ path, sddl: formatSddl(security, []) }] : [],
    });
  },
  // Remote users may open a session, but User Account Control filters the token of a local administrator.
  'not-elevated': (machine) => {
    placeValues(machine, 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System', {
      LocalAccountTokenFilterPolicy: 0,
    });
    for (const account of machine.accounts)
      machine.replaceAccount({ ...account, groups: [...account.groups, 'S-1-5-32-580'] });
  },
};
