import { isElevated } from '../accounts.ts';
import { hresultOf } from '../machine/win32-fault.ts';
import type { ProgramCall, WindowsProgram } from './program.ts';

/** How a program refuses a caller without administrator rights. */
type Refusal = {
  /** Which calls need the rights, by their arguments in lower case and with slashes; absent: every call. */
  readonly when?: (args: readonly string[], call: ProgramCall) => boolean;
  readonly lines?: (args: readonly string[]) => readonly string[];
  readonly errors?: (args: readonly string[]) => readonly string[];
  readonly code: number;
  /** Its manifest asks for an administrator: without one Windows does not even start it. */
  readonly isNotStarted?: boolean;
};

const has =
  (...words: readonly string[]) =>
  (args: readonly string[]): boolean =>
    args.some((arg) => words.includes(arg));

const first =
  (...words: readonly string[]) =>
  ([verb = '']: readonly string[]): boolean =>
    words.includes(verb);

const says =
  (...lines: readonly string[]) =>
  (): readonly string[] =>
    lines;

const denied = says('Access is denied.');

/** Programs of which a call needs a full administrator token, by file name: what they then say and their exit code. */
const refusals: Readonly<Record<string, Refusal>> = {
  'dism.exe': {
    when: (args) => args.length > 0 && !args.includes('/?'),
    lines: says(
      '',
      'Error: 740',
      '',
      'Elevated permissions are required to run DISM. ',
      'Use an elevated command prompt to complete these tasks.',
    ),
    code: 740,
  },
  'sfc.exe': {
    lines: says('', 'You must be an administrator running a console session in order to', 'use the sfc utility.'),
    code: 1,
  },
  'bcdedit.exe': {
    lines: says('The boot configuration data store could not be opened.', 'Access is denied.'),
    code: 1,
  },
  'vssadmin.exe': {
    lines: says(
      "Error: You don't have the correct permissions to run this command.  Please run this ",
      'utility from a command window that has elevated administrator privileges.',
    ),
    code: 2,
  },
  'wbadmin.exe': {
    lines: says(
      'ERROR - Access is denied. You must be a member of the Administrators group',
      'or Backup Operators group, or you must have been delegated the appropriate permissions.',
    ),
    code: hresultOf(5),
  },
  'manage-bde.exe': {
    lines: says(
      'ERROR: An attempt to access a required resource was denied.',
      'Check that you have administrative rights on the computer.',
    ),
    code: hresultOf(5),
  },
  'reagentc.exe': { lines: says('REAGENTC.EXE: Operation failed: 5', 'REAGENTC.EXE: Access is denied.'), code: 5 },
  'pnputil.exe': {
    when: first(
      '/add-driver',
      '/delete-driver',
      '/disable-device',
      '/enable-device',
      '/restart-device',
      '/remove-device',
      '/scan-devices',
    ),
    lines: denied,
    code: 5,
  },
  'powercfg.exe': {
    when: first('/h', '/hibernate', '-h', '/energy', '/batteryreport', '/sleepstudy', '/requests', '/requestsoverride'),
    lines: says('This command requires administrator privileges and must be executed from an elevated command prompt.'),
    code: 1,
  },
  'chkdsk.exe': {
    lines: says(
      'Access Denied as you do not have sufficient privileges or',
      'the disk may be locked by another process.',
      'You have to invoke this utility running in elevated mode',
      'and make sure the disk is unlocked.',
    ),
    code: 3,
  },
  'fsutil.exe': {
    // Names of one's own files everybody may make and list.
    when: ([group]) => group !== 'hardlink',
    lines: says('Error 5: Access is denied.'),
    code: 1,
  },
  'w32tm.exe': {
    when: first('/resync', '/config', '/query', '/register', '/unregister'),
    lines: says('The following error occurred: Access is denied. (0x80070005)'),
    code: hresultOf(5),
  },
  'shutdown.exe': {
    // Whoever sits at the machine may shut it down; over the network only administrators may.
    when: (args, { process }) => process.account.logon === 'network' && has('/r', '/s', '/a', '/g', '/p', '/h')(args),
    errors: says('Access is denied.(5)'),
    code: 5,
  },
  'takeown.exe': {
    when: has('/f'),
    errors: (args) => [
      `ERROR: The current logged on user does not have ownership privileges on the file (or folder) "${args[args.indexOf('/f') + 1] ?? ''}".`,
    ],
    code: 1,
  },
  'gpresult.exe': { when: (args) => !args.includes('/?'), errors: says('ERROR: Access Denied.'), code: 1 },
  'fltmc.exe': {
    lines: ([verb = 'filters']) => [`${verb} failed with error: 0x80070005`, 'Access is denied.'],
    code: hresultOf(5),
  },
  'netsh.exe': {
    when: ([, verb = '']) => verb === 'set' || verb === 'reset' || verb === 'import',
    errors: denied,
    code: 1,
  },
  'bitsadmin.exe': { when: has('/allusers'), lines: says('Unable to list jobs - 0x80070005'), code: 1 },
  'iisreset.exe': {
    lines: says(
      '',
      'Access denied, you must be an administrator of the remote computer to use this command. Either ',
      'have your account added to the administrator local group of the remote computer or to the domain ',
      'administrator global group.',
    ),
    code: 5,
  },
  'appcmd.exe': {
    errors: says('ERROR ( hresult:80070005, message:Failed to read configuration', 'Access is denied.', ' )'),
    code: 5,
  },
  'wusa.exe': { isNotStarted: true, code: 740 },
};

const refusalOf = ({ path }: WindowsProgram): Refusal | undefined =>
  refusals[path.slice(path.lastIndexOf('\\') + 1).toLowerCase()];

/** Whether Windows does not even start a program for this caller, because its manifest asks for an administrator. */
export const isStartRefused = (program: WindowsProgram, process: ProgramCall['process']): boolean =>
  !isElevated(process.account) && refusalOf(program)?.isNotStarted === true;

/** Refuses a call that needs a full administrator token where the caller has none. @returns the exit code, `undefined` where it may go on */
export const refuseUnelevated = (program: WindowsProgram, call: ProgramCall): number | undefined => {
  if (isElevated(call.process.account)) return undefined;
  const refusal = refusalOf(program);
  const words = call.args.map((arg) => arg.replace(/^-/, '/').toLowerCase());
  if (!refusal || refusal.when?.(words, call) === false) return undefined;
  // What is said keeps the case in which names were given.
  const spoken = call.args.map((arg) => (/^[-/]/.test(arg) ? arg.replace(/^-/, '/').toLowerCase() : arg));
  for (const text of refusal.lines?.(spoken) ?? []) call.line(text);
  for (const text of refusal.errors?.(spoken) ?? []) call.errorLine(text);
  return refusal.code;
};
