import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where `ssh` gets a password from: environment for it, and what it asked that was refused. */
export type PasswordDoor = AsyncDisposable & {
  readonly env: Readonly<Record<string, string>>;
  /** A question other than for the password of this account on this host, if there was one. */
  refused(): string | undefined;
};

/** Variable that names the socket. */
const socketVariable = 'KINTSUGI_ASKPASS';
const longestQuestion = 4_096;

/**
 * Lets `ssh` ask for a password without it standing on a command line, in the environment or in a file: ssh starts a small program, which
 * gets it over a socket in a folder of this user only, once, and only if the question is for this account on this host.
 * @param folder of this user only
 * @param account as `ssh` writes it: `user@host`
 */
export async function openPasswordDoor(
  folder: string,
  account: string,
  password: () => Promise<string> | string,
): Promise<PasswordDoor> {
  const socketFile = join(folder, 'ask');
  const program = join(folder, 'askpass');
  let given = false;
  let refused: string | undefined;
  const answer = async (socket: Socket): Promise<void> => {
    const question = await readQuestion(socket);
    if (given || !asksFor(question, account)) {
      refused ??= question.trim();
      socket.destroy();
      return;
    }
    given = true;
    socket.end(await password());
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    answer(socket).catch(() => socket.destroy());
  });
  await listen(server, socketFile);
  await writeFile(program, `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(askpassProgram())} "$@"\n`);
  await chmod(program, 0o700);
  return {
    env: {
      SSH_ASKPASS: program,
      SSH_ASKPASS_REQUIRE: 'force',
      // Before OpenSSH 8.4 the program was started only where there was a display.
      DISPLAY: process.env['DISPLAY'] ?? ':0',
      [socketVariable]: socketFile,
    },
    refused: () => refused,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** `user@host's password:` of the method password, `(user@host) …` of keyboard-interactive. */
function asksFor(question: string, account: string): boolean {
  return question.startsWith(`${account}'s password:`) || question.startsWith(`(${account}) `);
}

async function readQuestion(socket: Socket): Promise<string> {
  let text = '';
  for await (const bytes of socket.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    text += String(bytes);
    if (text.length > longestQuestion) break;
  }
  return text;
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve());
  });
}

function askpassProgram(): string {
  return fileURLToPath(new URL(`./askpass${extname(new URL(import.meta.url).pathname)}`, import.meta.url));
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
