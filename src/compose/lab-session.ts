import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LabChoice, RunningLab } from '../front/cli/services.ts';
import type { Settings } from '../input/config/settings.ts';
import { badInput } from '../input/document/report-faults.ts';
import { shownPath } from '../input/document/shown-path.ts';
import { readLab } from '../input/lab/read-lab.ts';
import { tryHost } from '../lab/faults/create-machine.ts';
import type { LabSpec } from '../lab/faults/lab-spec.ts';
import { type Lab, type LabOptions, startLab } from '../lab/start-lab.ts';
import { type ClaimedFolder, claimFolder } from './claim-folder.ts';
import { findPowerShell } from './find-powershell.ts';
import { noteLabCommand } from './lab-command.ts';

/** The five hosts of the demo. */
export const demoLabFile = fileURLToPath(new URL('../lab/demo-lab.yaml', import.meta.url));

/** The variable in which lab inventories look for the password. */
export const labPasswordVariable = 'KINTSUGI_LAB_PASSWORD';

/** A lab of a file, its password (a fresh one where the environment holds none), and its inventory written to a file. */
export type LabSession = { readonly lab: Lab; readonly inventoryFile: string; readonly password: string };

/** Starts the hosts of a lab file. @throws Failure `bad-input` where the file is not valid */
export async function startLabSession(
  file: string,
  folder: string,
  options: {
    readonly port: number | null;
    readonly password: string | undefined;
    readonly powerShell?: string;
    readonly onNotice?: LabOptions['onNotice'];
    readonly projectDir?: string;
  },
): Promise<LabSession> {
  const spec = readLab(file, tryHost);
  if (!spec.ok) throw badInput(spec.faults, options.projectDir);
  const password = options.password ?? randomBytes(18).toString('base64url');
  const lab = await startLab({
    spec: withFolders(spec.value, dirname(file)),
    password,
    passwordVariable: labPasswordVariable,
    ...(options.port === null ? {} : { basePort: options.port }),
    ...(options.powerShell === undefined ? {} : { powerShell: options.powerShell }),
    ...(options.onNotice === undefined ? {} : { onNotice: options.onNotice }),
  });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const inventoryFile = join(folder, 'inventory.yaml');
  writeFileSync(inventoryFile, lab.inventoryYaml());
  return { lab, inventoryFile, password };
}

/** A lab whose exported endpoints are found where the lab file says, seen from its folder. */
function withFolders(spec: LabSpec, folder: string): LabSpec {
  const hosts = Object.entries(spec.hosts).map(([name, host]) => {
    const jea = Object.entries(host.jea ?? {}).map(([each, path]) => [
      each,
      path === null ? null : resolve(folder, path),
    ]);
    return [name, jea.length === 0 ? host : { ...host, jea: Object.fromEntries(jea) }];
  });
  return { ...spec, hosts: Object.fromEntries(hosts) };
}

/** The lab of the `lab` command, in a folder of its own. Its password is that of the environment, or a fresh one in a file that only this user can read. */
export async function startCliLab(
  settings: Settings,
  projectDir: string,
  environment: NodeJS.ProcessEnv,
  options: LabChoice,
): Promise<RunningLab> {
  const claim = claimFolder(join(settings.home, 'lab'));
  try {
    return await startIn(claim, projectDir, environment, options);
  } catch (error) {
    claim[Symbol.dispose]();
    throw error;
  }
}

async function startIn(
  claim: ClaimedFolder,
  projectDir: string,
  environment: NodeJS.ProcessEnv,
  options: LabChoice,
): Promise<RunningLab> {
  const { folder } = claim;
  const file = options.file === null ? demoLabFile : resolve(projectDir, options.file);
  // An empty variable is as good as none.
  const given = environment[labPasswordVariable] || undefined;
  const session = await startLabSession(file, folder, {
    port: options.port,
    password: given,
    onNotice: options.onNotice,
    projectDir,
    ...(options.engine === 'pwsh' ? { powerShell: findPowerShell(environment) } : {}),
  });
  noteLabCommand(folder, options.file === null ? null : shownPath(file, projectDir));
  if (session.password !== given) {
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, session.password, { mode: 0o600 });
    const text = session.lab.inventoryYaml().replace(`env:${labPasswordVariable}`, `file:${passwordFile}`);
    writeFileSync(session.inventoryFile, text);
  }
  const { redfish, xclarity, authority } = session.lab.hardware;
  const authorityFile = join(folder, 'hardware-ca.pem');
  const hasHardware = redfish.size > 0 || xclarity !== null;
  if (hasHardware) writeFileSync(authorityFile, authority);
  return {
    hosts: session.lab.hosts.map(({ name, port, description }) => ({
      name,
      port,
      description,
      redfish: redfish.get(name) ?? null,
    })),
    hardware: hasHardware ? { xclarity, authorityFile } : null,
    inventoryFile: session.inventoryFile,
    pending: () => session.lab.hosts.flatMap(({ name, pending }) => pending().map((what) => ({ host: name, what }))),
    async [Symbol.asyncDispose]() {
      await session.lab.close();
      claim[Symbol.dispose]();
    },
  };
}
