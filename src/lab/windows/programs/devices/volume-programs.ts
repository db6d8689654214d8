import type { WindowsProgram } from '../program.ts';
import { work } from '../work.ts';
import { hardLinks } from './hard-links.ts';

const driveOf = (text: string | undefined): string | undefined => /^([a-z]:)\\?$/i.exec(text ?? '')?.[1]?.toUpperCase();

/** chkdsk.exe: reads; /scan, /spotfix, /f and /r (planned for the next start where the volume is in use). */
export const checkDiskProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\chkdsk.exe',
  *run({ machine, process, args, line }) {
    const { disks } = machine.hardware;
    const drive = driveOf(args.find((arg) => driveOf(arg) !== undefined)) ?? 'C:';
    if (args.some((arg) => !arg.startsWith('/') && driveOf(arg) === undefined)) {
      line('The drive, the path, or the file name is not valid.');
      return 3;
    }
    const has = (name: string): boolean => args.some((arg) => arg.toLowerCase() === `/${name}`);
    const volume = machine.files.volumes.get(drive);
    if (!volume) {
      line('Cannot open volume for direct access.');
      return 3;
    }
    line(`The type of the file system is ${volume.fileSystem ?? 'NTFS'}.`);
    const fixes = has('f') || has('r') || has('x') || has('spotfix');
    if (fixes && drive === 'C:') {
      const how = has('spotfix') ? 'spot' : 'offline';
      const health = disks.health(drive);
      line('Cannot lock current drive.');
      line('');
      line('Chkdsk cannot run because the volume is in use by another');
      line('process.  Would you like to schedule this volume to be');
      line('checked the next time the system restarts? (Y/N)');
      // Nobody answers; the program waits and hangs unless its input says yes.
      if (!args.some((arg) => /^\/y$/i.test(arg))) {
        yield machine.clock.wait(process.pid, 24 * 3_600_000);
        return 3;
      }
      const before = health.planned;
      health.planned = how;
      yield machine.changes.record('volume.plan', drive, before, how, process.parentPid);
      return 0;
    }
    yield* work(machine, process.pid, disks.durations.scanMs);
    if (fixes) {
      const isGood = disks.fix(drive, has('spotfix') ? 'spot' : 'offline', process.parentPid);
      line(isGood ? 'Windows has made corrections to the file system.' : 'Windows could not repair the file system.');
      return isGood ? 1 : 3;
    }
    const found = has('scan') ? disks.scan(drive, process.parentPid) : disks.health(drive).damage;
    line(
      found === 'none'
        ? 'Windows has scanned the file system and found no problems.'
        : 'Windows has found problems with the file system.',
    );
    return found === 'none' ? 0 : has('scan') ? 11 : 3;
  },
};

/** fsutil.exe: dirty query and set, volume diskfree, fsinfo drives, hardlink create and list. */
export const fileSystemProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\fsutil.exe',
  *run(call) {
    const { machine, process, args, line, errorLine } = call;
    const [group = '', verb = '', target] = args.map((arg) => arg.toLowerCase());
    if (group === 'hardlink') return yield* hardLinks(call);
    const drive = driveOf(target) ?? 'C:';
    if (group === 'fsinfo' && verb === 'drives') {
      line('');
      line(`Drives: ${[...machine.files.volumes.keys()].map((one) => `${one}\\`).join(' ')}`);
      return 0;
    }
    const volume = machine.files.volumes.get(drive);
    if (!volume) {
      errorLine('Error:  The system cannot find the path specified.');
      return 1;
    }
    const health = machine.hardware.disks.health(drive);
    if (group === 'dirty' && verb === 'query') {
      line(`Volume - ${drive} is ${health.isDirty ? 'Dirty' : 'NOT Dirty'}`);
      return 0;
    }
    if (group === 'dirty' && verb === 'set') {
      const before = health.isDirty;
      health.isDirty = true;
      yield machine.changes.record('volume.dirty', drive, before, true, process.parentPid);
      line(`Volume - ${drive} is now marked dirty`);
      return 0;
    }
    if (group === 'volume' && verb === 'diskfree') {
      const free = machine.files.freeBytes(drive);
      line(`Total free bytes                : ${free.toLocaleString('en-US')}`);
      line(`Total bytes                     : ${volume.sizeBytes.toLocaleString('en-US')}`);
      return 0;
    }
    errorLine(`${group} ${verb} is an invalid parameter.`);
    return 1;
  },
};

/** manage-bde.exe: -status, -protectors -get / -disable / -enable / -adbackup. */
export const encryptionProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\manage-bde.exe',
  *run({ machine, process, args, line }) {
    const { bitlocker } = machine.hardware;
    const words = args.map((arg) => arg.toLowerCase().replace(/^\//, '-'));
    const drive = driveOf(args.find((arg) => driveOf(arg) !== undefined));
    const pid = process.parentPid;
    line('BitLocker Drive Encryption: Configuration Tool');
    line('');
    if (words[0] === '-status') {
      for (const name of drive === undefined ? machine.files.volumes.keys() : [drive]) {
        const one = bitlocker.volume(name);
        line(`Volume ${name}`);
        line(`    Conversion Status:    ${one.isEncrypted ? 'Fully Encrypted' : 'Fully Decrypted'}`);
        line(`    Percentage Encrypted: ${one.isEncrypted ? '100.0' : '0.0'}%`);
        line(`    Encryption Method:    ${one.isEncrypted ? 'XTS-AES 128' : 'None'}`);
        line(`    Protection Status:    ${one.isProtected ? 'Protection On' : 'Protection Off'}`);
        line('    Lock Status:          Unlocked');
        line('');
      }
      // With -ProtectionAsErrorLevel the exit code says it: 0 protected, 1 not.
      return words.includes('-protectionaserrorlevel') || words.includes('-p')
        ? bitlocker.volume(drive ?? 'C:').isProtected
          ? 0
          : 1
        : 0;
    }
    if (words[0] !== '-protectors' || drive === undefined) return 0x80070057 | 0;
    const one = bitlocker.volume(drive);
    if (!one.isEncrypted) {
      line('ERROR: No key protectors found.');
      return 0x80310008 | 0;
    }
    if (words.includes('-get'))
      for (const { id, kind, recoveryPassword } of one.protectors) {
        line(
          `    ${{ Tpm: 'TPM', TpmPin: 'TPM And PIN', RecoveryPassword: 'Numerical Password', ExternalKey: 'External Key', Password: 'Password' }[kind]}:`,
        );
        line(`      ID: ${id}`);
        if (recoveryPassword !== undefined) {
          line('      Password:');
          line(`        ${recoveryPassword}`);
        }
        line('');
      }
    else if (words.includes('-disable')) {
      const at = words.findIndex((word) => word === '-rebootcount' || word === '-rc');
      yield bitlocker.suspend(drive, at < 0 ? 1 : Number(words[at + 1]), pid);
      line(`Key protectors are disabled for volume ${drive}.`);
    } else if (words.includes('-enable')) {
      yield bitlocker.resume(drive, pid);
      line(`Key protectors are enabled for volume ${drive}.`);
    } else if (words.includes('-adbackup')) {
      const id = args[words.indexOf('-id') + 1]?.toLowerCase();
      const protector = one.protectors.find((other) => other.id.toLowerCase() === id);
      if (!protector) return 0x80310033 | 0;
      yield bitlocker.escrow(drive, protector, pid);
      line('Recovery information was successfully backed up to Active Directory.');
    } else return 0x80070057 | 0;
    return 0;
  },
};
