import type { Machine } from '../machine/machine.ts';
import type { UserSession } from '../machine/users/users.ts';
import type { ProgramCall, WindowsProgram } from './program.ts';

/** Time as `query user` writes it in the language of Windows. */
const logonTime = (machine: Machine, ms: number): string => {
  const at = new Date(ms + machine.timeZone.offsetMinutes * 60_000);
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  const [hour, minute] = [at.getUTCHours(), String(at.getUTCMinutes()).padStart(2, '0')];
  if (machine.uiLanguage === 'ja-JP')
    return `${year}/${String(month).padStart(2, '0')}/${String(day).padStart(2, '0')} ${hour}:${minute}`;
  return `${month}/${day}/${year} ${hour % 12 === 0 ? 12 : hour % 12}:${minute} ${hour < 12 ? 'AM' : 'PM'}`;
};

const nameOf = ({ account }: UserSession): string => account.name.replace(/^.*\\/, '');

/** Sessions that a name, a session name or a number means; all without one. */
const wantedSessions = ({ machine }: ProgramCall, wanted: string): readonly UserSession[] =>
  wanted === ''
    ? machine.users.sessions
    : machine.users.sessions.filter((session) =>
        [nameOf(session).toLowerCase(), session.station, String(session.id)].includes(wanted.toLowerCase()),
      );

const queryUsers = (call: ProgramCall, wanted = ''): number => {
  const { machine, process, line, errorLine } = call;
  const sessions = wantedSessions(call, wanted);
  if (sessions.length === 0) {
    errorLine(`No User exists for ${wanted === '' ? '*' : wanted}`);
    return 1;
  }
  line(' USERNAME              SESSIONNAME        ID  STATE   IDLE TIME  LOGON TIME');
  for (const session of sessions) {
    const mark = session.id === process.sessionId ? '>' : ' ';
    const idle = session.state === 'Active' ? 'none' : '1';
    line(
      [
        `${mark}${nameOf(session).padEnd(21)}`,
        session.station.padEnd(17),
        String(session.id).padStart(3),
        ` ${session.state.padEnd(7)}`,
        idle.padStart(9),
        ` ${logonTime(machine, session.sinceMs)}`,
      ].join(' '),
    );
  }
  return 0;
};

const querySessions = (call: ProgramCall): number => {
  const { machine, process, line } = call;
  const row = (mark: boolean, station: string, user: string, id: number, state: string): void =>
    line(`${mark ? '>' : ' '}${station.padEnd(17)} ${user.padEnd(20)} ${String(id).padStart(6)}  ${state}`);
  line(' SESSIONNAME       USERNAME                 ID  STATE   TYPE        DEVICE ');
  row(process.sessionId === 0, 'services', '', 0, 'Disc');
  for (const session of machine.users.sessions)
    row(process.sessionId === session.id, session.station, nameOf(session), session.id, session.state);
  if (!machine.users.sessions.some(({ station }) => station === 'console')) row(false, 'console', '', 1, 'Conn');
  return 0;
};

const program = (path: string, run: (call: ProgramCall) => number): WindowsProgram => ({
  path,
  // oxlint-disable-next-line require-yield -- nothing to wait for
  *run(call) {
    return run(call);
  },
});

/** msg.exe: shows a text to a user who is signed in; what follows the name is the text. */
const sendMessage = (call: ProgramCall): number => {
  const words = call.args.filter((arg) => !/^\/(server|time|v|w)(:|$)/i.test(arg));
  const to = words[0] ?? '';
  if (words.length === 0) return 1;
  if (wantedSessions(call, to === '*' ? '' : to).length > 0) return 0;
  call.errorLine(`${to} does not exist or is disconnected`);
  return 1;
};

/** quser.exe, query.exe (user, session), qwinsta.exe, msg.exe and logoff.exe. */
export const sessionPrograms: readonly WindowsProgram[] = [
  program('C:\\Windows\\System32\\quser.exe', (call) => queryUsers(call, call.args[0])),
  program('C:\\Windows\\System32\\qwinsta.exe', querySessions),
  program('C:\\Windows\\System32\\msg.exe', sendMessage),
  program('C:\\Windows\\System32\\query.exe', (call) => {
    const verb = (call.args[0] ?? '').toLowerCase();
    if (verb === 'user') return queryUsers(call, call.args[1]);
    if (verb === 'session') return querySessions(call);
    call.errorLine('Invalid parameter(s)');
    call.errorLine('QUERY { PROCESS | SESSION | TERMSERVER | USER }');
    return 1;
  }),
  {
    path: 'C:\\Windows\\System32\\logoff.exe',
    *run(call) {
      const wanted = call.args.find((arg) => !arg.startsWith('/'));
      const [session] = wanted === undefined ? [] : wantedSessions(call, wanted);
      if (!session) {
        call.errorLine(`Could not find session ${wanted ?? ''}`);
        return 1;
      }
      yield call.machine.users.signOut(session, call.process.parentPid);
      return 0;
    },
  },
];
