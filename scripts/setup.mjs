// Sets up a checkout: packages, Node 24, redis-server. Needs nothing but Node >= 20 and npm; safe to run again; says what it does.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the checkout. */
export const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.kintsugi-setup');

const say = (text) => process.stderr.write(`setup: ${text}\n`);

const giveUp = (text) => {
  process.stderr.write(`setup: ${text}\n`);
  process.exit(3);
};

/** Runs a program with its output on our standard error; true when it ended with 0. */
const run = (command, args, options = {}) =>
  spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32', ...options })
    .status === 0;

const onPath = (name) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const requireNode = () => {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) giveUp(`Node ${process.versions.node} is too old: install Node 20 or later, then run this again.`);
};

const installPackages = () => {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('installing packages (npm ci)');
  if (!run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])) {
    giveUp(
      'npm ci failed: see its message above; check the network and the registry in your npm configuration, then run this again.',
    );
  }
  writeFileSync(stamp, wanted);
};

const projectNode = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

const checkProjectNode = () => {
  const version = () =>
    spawnSync(projectNode, ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' }).stdout ?? '';
  if (version().startsWith('v24.')) return;
  say('placing Node 24 in node_modules (install scripts were not run)');
  run(process.execPath, ['installArchSpecificPackage.js'], { cwd: join(root, 'node_modules', 'node') });
  if (!version().startsWith('v24.'))
    giveUp('Node 24 from the npm package "node" does not start: run "npm rebuild node", then run this again.');
};

/** How each package manager installs redis-server. */
const installers = [
  {
    tool: 'apt-get',
    update: ['apt-get', 'update', '-q'],
    command: ['apt-get', 'install', '-y', '-q', '--no-install-recommends', 'redis-server'],
  },
  { tool: 'dnf', command: ['dnf', 'install', '-y', 'redis'] },
  { tool: 'apk', command: ['apk', 'add', 'redis'] },
  { tool: 'pacman', command: ['pacman', '-S', '--noconfirm', 'redis'] },
  { tool: 'zypper', command: ['zypper', '--non-interactive', 'install', 'redis'] },
  { tool: 'brew', command: ['brew', 'install', 'redis'], asUser: true },
];

const withRights = (command, asUser) => {
  if (asUser || process.getuid?.() === 0) return command;
  if (onPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0)
    return ['sudo', '-n', ...command];
  return undefined;
};

const requireRedis = () => {
  if (process.env.KINTSUGI_REDIS_URL) return say('using the Redis of KINTSUGI_REDIS_URL');
  if (onPath('redis-server')) return;
  const installer = installers.find(({ tool }) => onPath(tool));
  if (!installer)
    giveUp(
      'redis-server is not on the PATH and no known package manager was found: install Redis 6 or later, or set KINTSUGI_REDIS_URL.',
    );
  const byHand = `${installer.asUser ? '' : 'sudo '}${installer.command.join(' ')}`;
  const command = withRights(installer.command, installer.asUser);
  if (!command)
    giveUp(
      `redis-server is not on the PATH, and installing it needs a password. Run:\n  ${byHand}\nor set KINTSUGI_REDIS_URL to a Redis that you have, then run this again.`,
    );
  say(`installing redis-server (${command.join(' ')})`);
  // The package's own service would hold port 6379; Kintsugi starts a private instance by itself.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  if (installer.update) run(...split(withRights(installer.update, false)), { env });
  if (!run(...split(command), { env }) || !onPath('redis-server')) {
    giveUp(`redis-server could not be installed. Run:\n  ${byHand}\nor set KINTSUGI_REDIS_URL, then run this again.`);
  }
};

const split = ([command, ...args]) => [command, args];

/** Installs packages by apt-get; their services are not started. Says what to run where it may not. */
export const installSystemPackages = (names) => {
  const command = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...names];
  const allowed = withRights(command, false);
  if (!allowed) return say(`installing needs a password. Run:\n  sudo ${command.join(' ')}`);
  say(`installing ${names.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  run(...split(withRights(['apt-get', 'update', '-q'], false)), { env });
  if (!run(...split(allowed), { env })) say(`installing failed: see above, or run:\n  sudo ${command.join(' ')}`);
};

/** Does all of it; ends the process with 3 and a remedy where something is missing. */
export const setUp = () => {
  requireNode();
  installPackages();
  checkProjectNode();
  requireRedis();
};

/** Runs the project's own Node 24 with these arguments; the process's exit code. */
export const runProjectNode = (args, env = {}) => {
  const bin = join(root, 'node_modules', '.bin');
  const result = spawnSync(projectNode, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
  });
  return result.status ?? 1;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setUp();
  say('ready');
}
