import { parseSddlSid, sidOfName } from '../accounts.ts';
import type { FileNode } from '../machine/file-node.ts';
import { walkNodes } from '../machine/file-node.ts';
import { absolutePath } from '../machine/paths.ts';
import { Win32Fault } from '../machine/win32-fault.ts';
import type { AccessRule, SecurityDescriptor } from '../machine/security-descriptor.ts';
import type { ProgramCall, WindowsProgram } from './program.ts';

const rights: Readonly<Record<string, number>> = { F: 0x1f01ff, M: 0x1301bf, RX: 0x1200a9, R: 0x120089, W: 0x100116 };

/** `*S-1-5-18:(OI)(CI)F` as a rule; `undefined` when it is none. */
const readGrant = (text: string, call: ProgramCall, allow: boolean): AccessRule | undefined => {
  const found = /^(.+?):((?:\([A-Z]{2}\))*)\(?([A-Z]{1,2})\)?$/i.exec(text);
  if (!found?.[1] || !found[3]) return undefined;
  const sid = found[1].startsWith('*') ? parseSddlSid(found[1].slice(1)) : sidOfName(found[1], call.machine.accounts);
  const mask = rights[found[3].toUpperCase()];
  if (sid === undefined || mask === undefined) return undefined;
  return {
    allow,
    sid,
    rights: mask,
    flags: [...(found[2] ?? '').matchAll(/\(([A-Z]{2})\)/gi)].map((match) => (match[1] ?? '').toUpperCase()),
  };
};

/** icacls.exe: /grant[:r], /deny, /remove, /inheritance, /setowner, /reset, with /t /c /q. */
export const accessProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\icacls.exe',
  *run(call) {
    const { machine, process, args, line, errorLine } = call;
    const { files } = machine;
    const root = files.find(absolutePath(args[0] ?? ''));
    if (!root) {
      line(`${args[0]}: The system cannot find the file specified.`);
      return 2;
    }
    const options = args.slice(1);
    let failed = 0;
    const isDeep = options.some((arg) => /^\/t$/i.test(arg));
    const nodes: FileNode[] = isDeep ? [root, ...walkNodes(root)] : [root];
    for (const node of nodes) {
      let security: SecurityDescriptor = files.securityOf(node);
      const inherited = files.inheritedRules(node);
      let mode = '';
      for (const arg of options) {
        const [verb = '', flag = ''] = arg.toLowerCase().split(':');
        if (verb.startsWith('/')) {
          mode = verb;
          if (verb === '/inheritance') {
            if (flag === 'e') security = { ...security, isProtected: false };
            else if (flag === 'r') security = { ...security, isProtected: true };
            else if (flag === 'd')
              security = {
                ...security,
                isProtected: true,
                rules: [
                  ...security.rules,
                  ...inherited.map((rule) => ({ ...rule, flags: rule.flags.filter((one) => one !== 'ID') })),
                ],
              };
          } else if (verb === '/reset') security = { ...security, isProtected: false, rules: [] };
          else if (!['/grant', '/deny', '/remove', '/setowner', '/t', '/c', '/q', '/l'].includes(verb)) return 87;
          if (verb === '/grant') mode = flag === 'r' ? '/grant:r' : '/grant';
          continue;
        }
        const sid = arg.startsWith('*') ? parseSddlSid(arg.slice(1)) : sidOfName(arg, machine.accounts);
        if (mode === '/setowner' && sid) security = { ...security, owner: sid };
        else if (mode === '/remove' && sid)
          security = { ...security, rules: security.rules.filter((rule) => rule.sid !== sid) };
        else {
          const rule = readGrant(arg, call, mode !== '/deny');
          if (!rule) {
            line(`Invalid parameter "${arg}"`);
            return 87;
          }
          const kept =
            mode === '/grant:r'
              ? security.rules.filter((other) => other.sid !== rule.sid || !other.allow)
              : security.rules;
          security = { ...security, rules: rule.allow ? [...kept, rule] : [rule, ...kept] };
        }
      }
      try {
        yield files.setSecurity(node, security, process.parentPid);
      } catch (error) {
        if (!(error instanceof Win32Fault)) throw error;
        errorLine(`${files.pathOf(node)}: Access is denied.`);
        failed++;
        // Without /c the first refusal ends it.
        if (!options.some((arg) => /^\/c$/i.test(arg))) break;
      }
    }
    line(`Successfully processed ${nodes.length - failed} files; Failed processing ${failed} files`);
    return failed === 0 ? 0 : 5;
  },
};
