import { splitArguments } from '../programs/program.ts';
import { sayCmd } from '../texts/say.ts';
import type { CmdSession } from './cmd-session.ts';
import type { CmdStreams } from './cmd-streams.ts';

/** Exit code of what the lab does not simulate: E_NOTIMPL. */
const notSimulated = 0x80004001 | 0;

/** `mklink /H link target` of cmd.exe: another name for a file. Symbolic links and junctions are not made. @returns the exit code */
export const makeLink = async (session: CmdSession, rest: string, streams: CmdStreams): Promise<number> => {
  const { machine, process } = session;
  const words = splitArguments(rest);
  const kinds = words.filter((word) => /^\/[a-z?]$/iu.test(word)).map((word) => word.toUpperCase());
  const [link, target, ...more] = words.filter((word) => !/^\/[a-z?]$/iu.test(word));
  const fail = (text: string): void => streams.error(session.encode(`${sayCmd(machine, text)}\r\n`));
  if (link === undefined || target === undefined || more.length > 0) {
    fail('The syntax of the command is incorrect.');
    return 1;
  }
  if (kinds.length !== 1 || kinds[0] !== '/H') {
    fail(`The lab does not simulate mklink ${kinds.join(' ')}`.trimEnd());
    return notSimulated;
  }
  await machine.files.link(session.path(link), session.path(target), process.pid);
  streams.out(session.encode(`${sayCmd(machine, `Hardlink created for ${link} <<===>> ${target}`)}\r\n`));
  return 0;
};
