import type { FileNode } from '../machine/files/file-node.ts';
import { splitArguments } from '../programs/program.ts';
import { sayCmd } from '../texts/say.ts';
import type { CmdSession } from './cmd-session.ts';
import type { CmdStreams } from './cmd-streams.ts';

const grouped = (number: number): string => String(number).replace(/\B(?=(?:\d{3})+$)/gu, ',');

/** Date and time as an English Windows shows them. */
const shownTime = (session: CmdSession, node: FileNode): string => {
  const at = new Date(node.modifiedMs + session.machine.timeZone.offsetMinutes * 60_000).toISOString();
  const hour = Number(at.slice(11, 13));
  const half = hour < 12 ? 'AM' : 'PM';
  const shown = String(hour % 12 === 0 ? 12 : hour % 12).padStart(2, '0');
  return `${at.slice(5, 7)}/${at.slice(8, 10)}/${at.slice(0, 4)}  ${shown}:${at.slice(14, 16)} ${half}`;
};

/** `dir [path] [/b]`: one folder, or one file. */
export const listFolder = (session: CmdSession, rest: string, streams: CmdStreams): number => {
  const words = splitArguments(rest);
  const { files } = session.machine;
  const path = session.path(words.find((word) => !word.startsWith('/')) ?? session.folder);
  const line = (text: string): void => streams.out(session.encode(`${sayCmd(session.machine, text)}\r\n`));
  const node = files.find(path);
  if (!node) {
    streams.error(session.encode('File Not Found\r\n'));
    return 1;
  }
  const shown = (node.isFolder ? Array.from(node.children.values()) : [node]).toSorted((a, b) =>
    a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1,
  );
  if (words.some((word) => /^\/b$/iu.test(word))) {
    for (const { name } of shown) line(name);
    return 0;
  }
  const { serial, label } = files.volume(path);
  const number = serial.toString(16).toUpperCase().padStart(8, '0');
  line(` Volume in drive ${path[0]} ${label === '' ? 'has no label.' : `is ${label}`}`);
  line(` Volume Serial Number is ${number.slice(0, 4)}-${number.slice(4)}`);
  line('');
  line(` Directory of ${node.isFolder ? path : files.pathOf(node.parent ?? node)}`);
  line('');
  for (const one of shown)
    line(
      `${shownTime(session, one)}    ${one.isFolder ? '<DIR>         ' : grouped(one.sizeBytes).padStart(14)} ${one.name}`,
    );
  const only = shown.filter((one) => !one.isFolder);
  const bytes = only.reduce((sum, one) => sum + one.sizeBytes, 0);
  line(`${String(only.length).padStart(16)} File(s) ${grouped(bytes).padStart(14)} bytes`);
  line(
    `${String(shown.length - only.length).padStart(16)} Dir(s) ${grouped(files.freeBytes(path)).padStart(15)} bytes free`,
  );
  return 0;
};
