// npm run build: compiles src to dist and copies what is not TypeScript (PowerShell, Lua, CSS, YAML) beside it.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
const compiled = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
if (compiled.status !== 0) process.exit(1);
cpSync(join(root, 'src'), dist, { recursive: true, filter: (path) => !/\.(m?ts|md)$/.test(path) });
chmodSync(join(dist, 'main.js'), 0o755);
