import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import type { Component } from './system-files.ts';

const cbsLog = 'C:\\Windows\\Logs\\CBS\\CBS.log';

/** What of the store a scan found damaged, and whether a repair mended it. */
export type FoundDamage = {
  readonly file: string;
  readonly kind: 'payload' | 'manifest' | 'package';
  readonly isFixed: boolean;
};

const words = { payload: 'CSI Payload Corrupt', manifest: 'CSI Manifest Corrupt', package: 'CBS MUM Missing' } as const;

/** CBS.log: English on every Windows, times in local time. */
export class ServicingLog {
  readonly #machine: Machine;
  #lines = 291;

  /** @param machine whose log it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Appends a line as servicing writes it. */
  write(component: 'CBS' | 'CSI' | 'DPX', text: string, atMs = this.#machine.clock.wallMs()): void {
    const local = new Date(atMs + this.#machine.timeZone.offsetMinutes * 60_000).toISOString();
    const line = `${local.slice(0, 10)} ${local.slice(11, 19)}, Info                  ${component}    ${text}\r\n`;
    const { files } = this.#machine;
    const old = files.find(cbsLog);
    void files.write(cbsLog, Buffer.concat([old ? files.read(old) : new Uint8Array(), Buffer.from(line)]), systemPid);
  }

  /** A line of the check of system files. */
  systemFiles(text: string, atMs?: number): void {
    this.write('CSI', `${(++this.#lines).toString(16).padStart(8, '0')} [SR] ${text}`, atMs);
  }

  /** The line about a damaged system file that a repair could mend or not; `isUsable` tells whether the store has a good copy. */
  systemFile(component: Component, isUsable: boolean, atMs?: number): void {
    const { file, version } = component;
    const name = file.slice(file.lastIndexOf('\\') + 1);
    this.systemFiles(
      isUsable
        ? `Repairing corrupted file \\??\\${file} from store`
        : `Cannot repair member file [l:${name.length}]'${name}' of Microsoft-Windows-System, version ${version}, arch amd64, nonSxS, pkt {l:8 b:31bf3856ad364e35} in the store, hash mismatch`,
      atMs,
    );
  }

  /** The summary at the end of a scan or repair of the store. */
  summary(operation: 'scan' | 'repair', found: readonly FoundDamage[]): void {
    const repaired = found.filter(({ isFixed }) => isFixed).length;
    const isDone = operation === 'scan' || repaired === found.length;
    this.write('CBS', '=================================');
    this.write('CBS', 'Checking System Update Readiness.');
    this.write('CBS', '');
    for (const { file, kind, isFixed } of found) {
      const name = file.replace(/^C:\\Windows\\(?:WinSxS|servicing\\Packages)\\/i, '');
      this.write('CBS', `(p)\t${words[kind]}\t(n)\t${isFixed ? '(Fixed)\t' : '\t'}${name}`);
      if (operation === 'repair' && !isFixed) this.write('CBS', 'Repair failed: Missing replacement payload.');
    }
    const count = (kind: FoundDamage['kind']): number => found.filter((one) => one.kind === kind).length;
    this.write('CBS', 'Summary:');
    this.write('CBS', `Operation: ${operation === 'scan' ? 'Detect only' : 'Detect and Repair'}`);
    this.write('CBS', `Operation result: ${isDone ? '0x0' : '0x800f081f'}`);
    this.write('CBS', 'Last Successful Step: Entire operation completes.');
    this.write('CBS', `Total Detected Corruption:\t${found.length}`);
    this.write('CBS', `\tCBS Manifest Corruption:\t${count('package')}`);
    this.write('CBS', `\tCSI Manifest Corruption:\t${count('manifest')}`);
    this.write('CBS', `\tCSI Payload File Corrupt:\t${count('payload')}`);
    this.write('CBS', `Total Repaired Corruption:\t${repaired}`);
    this.write('CBS', 'Total Operation Time: 300 seconds.');
  }
}
