import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const managers = [
  { program: 'apt-get', command: 'sudo apt-get install -y redis-server' },
  { program: 'dnf', command: 'sudo dnf install -y redis' },
  { program: 'apk', command: 'sudo apk add redis' },
  { program: 'pacman', command: 'sudo pacman -S --noconfirm redis' },
  { program: 'zypper', command: 'sudo zypper install -y redis' },
  { program: 'brew', command: 'brew install redis' },
] as const;

/** The command that installs a Redis server with this system's package manager. */
export function installCommand(): string {
  const found = managers.find(({ program }) => isOnPath(program));
  return found?.command ?? 'the package manager of your system (package redis or redis-server)';
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
