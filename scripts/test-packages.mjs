// The programs of the system that tests drive (peers, daemons), by Debian package. Only tests need them; users of Kintsugi do not.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installSystemPackages, root } from './setup.mjs';

/** What test/system-packages.json lists: a package, a file that shows that it is installed, and what it is for. */
const packages = JSON.parse(readFileSync(join(root, 'test', 'system-packages.json'), 'utf8'));

/** Installs what is missing; where that cannot be done, says so: the tests that need it then fail, with the name of the program. */
export const installTestPackages = () => {
  const missing = packages.filter(({ file }) => !existsSync(file)).map((each) => each.package);
  if (missing.length === 0) return;
  if (!existsSync('/usr/bin/apt-get')) {
    process.stderr.write(
      `test: these Debian packages, or your system's like, are wanted by tests: ${missing.join(' ')}\n`,
    );
    return;
  }
  installSystemPackages(missing);
};
