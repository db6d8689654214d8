import type { Task } from '../../../evaluator/host.ts';
import { decodeImage } from '../../machine/devices/image-file.ts';
import { readWim } from '../../machine/devices/setup-media.ts';
import { writeUpdateEvent } from '../../machine/devices/update-events.ts';
import { decodeUpdate } from '../../machine/devices/update-package.ts';
import { servicingCodes } from '../../machine/devices/update-packages.ts';
import { absolutePath } from '../../machine/files/paths.ts';
import type { ProgramCall, WindowsProgram } from '../program.ts';
import { work } from '../work.ts';

const restartCode = 3010;
/** ERROR_CANCELLED as an HRESULT. */
const cancelled = 0x800704c7 | 0;
const alreadyCode = 0x00240006;

/** What needs a restart gets it: with /quiet at once, unless /norestart keeps it. */
const restart = function* ({ machine, process, args }: ProgramCall): Task<number> {
  if (!args.some((arg) => /^\/norestart$/i.test(arg))) machine.power.schedule('restart', 1000, process.parentPid);
  yield undefined;
  return restartCode;
};

/**
 * wusa.exe: installs and removes update files through the update agent, so a remote session may not. It has no output. Without /quiet it asks in
 * a window that nobody sees.
 */
export const standaloneInstaller: WindowsProgram = {
  path: 'C:\\Windows\\System32\\wusa.exe',
  *run(call) {
    const { machine, process, args } = call;
    const { packages } = machine.hardware;
    if (process.account.logon === 'network') return 5;
    const has = (name: string): boolean => args.some((arg) => arg.toLowerCase() === `/${name}`);
    if (machine.services.find('wuauserv')?.start === 'Disabled') return 0x80070422 | 0;
    if (!has('quiet')) {
      yield machine.clock.wait(process.pid, 24 * 3_600_000);
      return cancelled;
    }
    if (has('uninstall')) {
      const kb = args.find((arg) => /^\/kb:/i.test(arg))?.slice(4);
      const update = packages.updates.find((one) => one.kb === `KB${kb}` && one.state === 'Installed');
      if (!update) return 0x00240007;
      // What comes with a servicing stack can only be removed by its parts.
      if (update.bringsStack > 0) return servicingCodes.cannotUninstall | 0;
      yield* work(machine, process.pid, packages.installMs / 2);
      const code = packages.remove(update.identity, process.parentPid);
      return code === 0 ? yield* restart(call) : code | 0;
    }
    const path = absolutePath(args.find((arg) => !arg.startsWith('/')) ?? '');
    const node = machine.files.find(path);
    if (!node || node.isFolder) return 2;
    if (!decodeImage(node.bytes)) return servicingCodes.invalidData | 0;
    const content = decodeUpdate(node.bytes);
    if (!content) return servicingCodes.invalidData | 0;
    writeUpdateEvent(machine, 43, content.title);
    yield* work(machine, process.pid, packages.installMs);
    const result = packages.add(path, process.parentPid);
    if (result.kind === 'already') return alreadyCode;
    if (result.kind === 'failed') {
      const hresult = result.hresult === servicingCodes.notApplicable ? 0x80240017 : result.hresult;
      writeUpdateEvent(machine, 20, content.title, hresult);
      return hresult | 0;
    }
    writeUpdateEvent(machine, 19, content.title);
    return yield* restart(call);
  },
};

const errorText = ({ line }: ProgramCall, code: number): number => {
  line('');
  line(`Error: ${code > 0xffff ? `0x${code.toString(16)}` : code}`);
  line('');
  line('The DISM log file can be found at C:\\Windows\\Logs\\DISM\\dism.log');
  return code;
};

const valueOf = (args: readonly string[], ...names: readonly string[]): string | undefined => {
  const found = args.find((arg) => names.some((name) => arg.toLowerCase().startsWith(`/${name}:`)));
  return found?.slice(found.indexOf(':') + 1).replace(/^"|"$/g, '');
};

const packageList = ({ machine, line }: ProgramCall): number => {
  line('Packages listing:');
  line('');
  for (const one of machine.hardware.packages.updates) {
    const at = new Date(one.installedMs + machine.timeZone.offsetMinutes * 60_000);
    line(`Package Identity : ${one.identity}`);
    line(`State : ${one.state}`);
    line(`Release Type : ${one.category}`);
    line(
      `Install Time : ${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()} ${at.getUTCHours() % 12 || 12}:${String(at.getUTCMinutes()).padStart(2, '0')} ${at.getUTCHours() < 12 ? 'AM' : 'PM'}`,
    );
    line('');
  }
  line('The operation completed successfully.');
  return 0;
};

const imageInfo = (call: ProgramCall, path: string): number => {
  const { machine, args, line } = call;
  const node = machine.files.find(absolutePath(path));
  if (!node) return errorText(call, 2);
  const images = readWim(node.bytes);
  if (!images) return errorText(call, 13);
  line(`Details for image : ${path}`);
  line('');
  const index = valueOf(args, 'index');
  for (const image of images) {
    if (index !== undefined && Number(index) !== image.index) continue;
    line(`Index : ${image.index}`);
    line(`Name : ${image.name}`);
    line(`Description : ${image.name}`);
    line('Size : 16,000,000,000 bytes');
    if (index !== undefined) {
      line(`Architecture : x64`);
      line(`Version : 10.0.${image.build}`);
      line(`ServicePack Build : ${image.ubr}`);
      line(`Edition : ${image.edition}`);
      line('Languages :');
      line(`\t${image.language} (Default)`);
    }
    line('');
  }
  line('The operation completed successfully.');
  return 0;
};

/** Verbs of DISM for packages, drivers, images and the way back from an upgrade; `undefined` where it is none of them. */
export const runDismVerbs = function* (call: ProgramCall, verbs: ReadonlySet<string>): Task<number | undefined> {
  const { machine, process, args, line } = call;
  const { packages, setup, pnp } = machine.hardware;
  if (verbs.has('get-packages')) return packageList(call);
  if (verbs.has('add-package')) {
    const path = valueOf(args, 'packagepath');
    if (path === undefined) return 87;
    yield* work(machine, process.pid, packages.installMs);
    const result = packages.add(absolutePath(path), process.parentPid);
    if (result.kind === 'failed')
      return errorText(
        call,
        result.hresult === servicingCodes.notFound && !machine.files.exists(absolutePath(path)) ? 2 : result.hresult,
      );
    line('The operation completed successfully.');
    return result.kind === 'already' ? 0 : restartCode;
  }
  if (verbs.has('remove-package') || [...verbs].some((verb) => verb.startsWith('packagename:'))) {
    yield* work(machine, process.pid, packages.installMs / 2);
    const code = packages.remove(valueOf(args, 'packagename') ?? '', process.parentPid);
    if (code !== 0) return errorText(call, code);
    line('The operation completed successfully.');
    return restartCode;
  }
  if (verbs.has('get-osuninstallwindow')) {
    if (!setup.previous) return errorText(call, 1168);
    line('Uninstall Window : 10');
    return 0;
  }
  if (verbs.has('initiate-osuninstall')) return setup.goBack(process.parentPid) ? restartCode : errorText(call, 1168);
  if (verbs.has('get-drivers')) {
    for (const one of pnp.store.packages.filter(({ isInbox }) => !isInbox)) {
      line(`Published Name : ${one.published}`);
      line(`Original File Name : ${one.original}`);
      line(`Inbox : No`);
      line(`Class Name : ${one.className}`);
      line(`Provider Name : ${one.provider}`);
      line(`Date : ${one.date}`);
      line(`Version : ${one.version}`);
      line('');
    }
    return 0;
  }
  if (verbs.has('export-driver')) {
    const folder = absolutePath(valueOf(args, 'destination') ?? '');
    if (!machine.files.find(folder)?.isFolder) return errorText(call, 3);
    for (const one of pnp.store.packages) if (!one.isInbox) pnp.store.export(one, folder, process.parentPid);
    line('The operation completed successfully.');
    return 0;
  }
  return undefined;
};

/** Cuts an image into parts that fit on a file system with small files (`/Split-Image`). */
const splitImage = function* (call: ProgramCall, source: string): Task<number> {
  const { machine, process, args, line } = call;
  const target = absolutePath(valueOf(args, 'swmfile') ?? '');
  const node = machine.files.find(absolutePath(source));
  if (!node) return errorText(call, 2);
  if (!readWim(node.bytes)) return errorText(call, 13);
  if (!/\.swm$/i.test(target) || !(Number(valueOf(args, 'filesize')) > 0)) return 87;
  const middle = Math.ceil(node.sizeBytes / 2);
  const bytes = machine.files.read(node);
  yield machine.files.write(target, bytes.slice(0, middle), process.parentPid);
  yield machine.files.write(target.replace(/\.swm$/i, '2.swm'), bytes.slice(middle), process.parentPid);
  line('The operation completed successfully.');
  return 0;
};

/** What DISM does without an image: it looks into image files. */
export const runDismImageVerbs = function* (call: ProgramCall, verbs: ReadonlySet<string>): Task<number | undefined> {
  const path = valueOf(call.args, 'imagefile', 'wimfile');
  if (path !== undefined && verbs.has('split-image')) return yield* splitImage(call, path);
  return path !== undefined && (verbs.has('get-imageinfo') || verbs.has('get-wiminfo'))
    ? imageInfo(call, path)
    : undefined;
};
