import type { Machine } from '../machine.ts';
import type { KeptState } from './kept-state.ts';

/** An element of the boot configuration: name as bcdedit shows it, and its value. */
export type BootElements = Map<string, string>;

/** Boot configuration (BCD) and the recovery environment. */
export class BootSettings implements KeptState {
  readonly #machine: Machine;
  /** Entries by identifier as bcdedit writes it. */
  entriesById = new Map<string, BootElements>();

  /** @param machine whose boot configuration it is */
  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** The entries of a fresh Windows and the settings of its recovery environment. */
  attach(): void {
    const language = this.#machine.uiLanguage;
    this.entriesById = new Map([
      [
        '{bootmgr}',
        new Map([
          ['device', 'partition=\\Device\\HarddiskVolume1'],
          ['path', '\\EFI\\Microsoft\\Boot\\bootmgfw.efi'],
          ['description', 'Windows Boot Manager'],
          ['locale', language],
          ['default', '{current}'],
          ['displayorder', '{current}'],
          ['timeout', '30'],
        ]),
      ],
      [
        '{current}',
        new Map([
          ['device', 'partition=C:'],
          ['path', '\\Windows\\system32\\winload.efi'],
          ['description', this.#machine.edition.productType === 1 ? 'Windows 11' : 'Windows Server'],
          ['locale', language],
          ['recoveryenabled', 'Yes'],
          ['osdevice', 'partition=C:'],
          ['systemroot', '\\Windows'],
          ['nx', this.#machine.edition.productType === 1 ? 'OptIn' : 'OptOut'],
          ['bootmenupolicy', 'Standard'],
        ]),
      ],
    ]);
    void this.setRecovery(true, 4);
  }

  /** Whether the recovery environment is on. */
  get isRecoveryOn(): boolean {
    const node = this.#machine.files.find(reagentPath);
    return (
      node !== undefined && /InstallState state="1"/.test(Buffer.from(this.#machine.files.read(node)).toString('utf8'))
    );
  }

  /** Turns the recovery environment on or off, as ReAgent.xml says it. */
  setRecovery(isOn: boolean, pid: number): Promise<void> | undefined {
    const { files } = this.#machine;
    void files.createFolder('C:\\Windows\\System32\\Recovery', pid);
    const guid = isOn ? '{4f2b9c1e-6a52-4b1e-8d3a-5d3f0a7c9e11}' : '{00000000-0000-0000-0000-000000000000}';
    const text = [
      "<?xml version='1.0' encoding='utf-8'?>",
      '<WindowsRE version="2.0">',
      `  <WinreBCD id="${guid}"/>`,
      `  <WinreLocation path="${isOn ? '\\Recovery\\WindowsRE' : ''}" id="0" offset="${isOn ? 525336576 : 0}" guid="${guid}"/>`,
      `  <InstallState state="${isOn ? 1 : 0}"/>`,
      '</WindowsRE>',
      '',
    ].join('\r\n');
    return files.write(reagentPath, Buffer.from(text), pid);
  }

  /** Sets an element, or removes it with `undefined`. */
  set(id: string, name: string, value: string | undefined, pid: number): Promise<void> | undefined {
    const elements = this.entriesById.get(id);
    const before = elements?.get(name);
    if (value === undefined) elements?.delete(name);
    else elements?.set(name, value);
    return this.#machine.changes.record('boot.set', `${id} ${name}`, before, value, pid);
  }

  *entries(): Generator<readonly [string, string]> {
    for (const [id, elements] of this.entriesById)
      for (const [name, value] of elements) yield [`boot:${id}:${name}`, value];
  }

  save(): () => void {
    const kept = structuredClone(this.entriesById);
    return () => {
      this.entriesById = structuredClone(kept);
    };
  }
}

const reagentPath = 'C:\\Windows\\System32\\Recovery\\ReAgent.xml';
