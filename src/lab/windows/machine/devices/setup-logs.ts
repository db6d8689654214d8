import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import type { SetupStop } from './setup-rules.ts';
import { appendLines, logTime } from './setupapi-log.ts';

const panther = 'C:\\$WINDOWS.~BT\\Sources\\Panther';
const rollback = 'C:\\$WINDOWS.~BT\\Sources\\Rollback';
const hex = (value: number): string => `0x${value.toString(16).toUpperCase()}`;

const stamp = (machine: Machine, level: 'Info' | 'Error', text: string, atMs: number): string =>
  `${logTime(machine, atMs, 'setup')}, ${level.padEnd(21)} ${text}`;

/** setupact.log and setuperr.log of a run of setup in the old Windows. */
export const writeSetupLogs = (
  machine: Machine,
  stopped: SetupStop | undefined,
  mode: 'scan' | 'downlevel',
  atMs = machine.clock.wallMs(),
): void => {
  const errors = (stopped?.lines ?? []).map((line) => stamp(machine, 'Error', line, atMs));
  appendLines(machine, `${panther}\\setupact.log`, [
    stamp(machine, 'Info', `MOUPG  Setup: ${mode === 'scan' ? 'compatibility scan only' : 'upgrade'}`, atMs),
    ...errors,
    stamp(
      machine,
      'Info',
      `MOUPG  Setup phase result: ${hex(stopped?.result ?? (mode === 'scan' ? 0xc1900210 : 0))}`,
      atMs,
    ),
  ]);
  if (errors.length > 0) appendLines(machine, `${panther}\\setuperr.log`, errors);
};

/** CompatData as setup writes it where something blocks. */
export const writeCompatData = (machine: Machine, stopped: SetupStop): void => {
  const name = `CompatData_${logTime(machine, machine.clock.wallMs(), 'setup').replace(/[-: ]/g, '_')}_0_0.xml`;
  const driver =
    stopped.inf === undefined
      ? ''
      : `<DriverPackages><DriverPackage Inf="${stopped.inf}" BlockMigration="True"/></DriverPackages>`;
  appendLines(machine, `${panther}\\${name}`, [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    `<CompatReport><Hardware><HardwareItem HardwareType="Setup_${stopped.rule}"><CompatibilityInfo BlockingType="Hard"/></HardwareItem></Hardware>${driver}</CompatReport>`,
  ]);
};

/** What a rollback leaves: logs of both Windows, what SetupDiag found, and the event. */
export const writeSetupFailure = (machine: Machine, stopped: SetupStop, atMs = machine.clock.wallMs()): void => {
  const { extend = 0, result } = stopped;
  const errors = [
    ...stopped.lines.map((line) => stamp(machine, 'Error', line, atMs)),
    stamp(machine, 'Error', `MOUPG  Shell application requested abort: ${hex(result)} - ${hex(extend)}`, atMs),
  ];
  for (const folder of [panther, rollback])
    for (const file of ['setupact.log', 'setuperr.log'])
      appendLines(machine, `${folder}\\${file}`, [
        ...(file === 'setupact.log'
          ? [stamp(machine, 'Info', `SP     Phase ${extend >> 16}, operation ${hex(extend & 0xffff)}`, atMs)]
          : []),
        ...errors,
      ]);
  appendLines(machine, 'C:\\Windows\\Logs\\MoSetup\\BlueBox.log', errors);
  writeSetupDiag(machine, stopped, 'C:\\Windows\\Logs\\SetupDiag\\SetupDiagResults.xml');
  const key = 'HKLM\\SYSTEM\\Setup\\SetupDiag\\Results';
  for (const [name, data] of Object.entries(setupDiagOf(stopped)))
    void machine.registry.set(key, { name, kind: 'String', data }, systemPid);
  machine.events.write({
    log: 'Application',
    provider: 'Windows Error Reporting',
    id: 1001,
    timeMs: atMs,
    message: 'Fault bucket , type 0. Event Name: WinSetupDiag02.',
    // Scenario (1 media), mode (5 rollback), architecture (9 AMD64), result (1 failure), the two codes, builds and branches of both.
    data: [
      'WinSetupDiag02',
      '1',
      '5',
      '9',
      '1',
      hex(result),
      hex(extend),
      String(machine.edition.build),
      'ge_release',
      '0',
      '',
    ].map((text) => ['', text] as const),
  });
};

const setupDiagOf = (stopped: SetupStop): Readonly<Record<string, string>> => ({
  ProfileName: stopped.rule,
  FailureData: stopped.lines[0] ?? '',
  FailureDetails: `Err = ${hex(stopped.result)}, LastOperation = ${hex((stopped.extend ?? 0) & 0xffff)}, LastPhase = ${hex((stopped.extend ?? 0) >> 16)}`,
  ErrorCode: hex(stopped.result),
  ExtendedErrorCode: hex(stopped.extend ?? 0),
});

/** Writes what SetupDiag found as XML. */
export const writeSetupDiag = (machine: Machine, stopped: SetupStop, path: string): void => {
  const found = setupDiagOf(stopped);
  const folder = path.slice(0, path.lastIndexOf('\\'));
  void machine.files.createFolder(folder, systemPid);
  const text = [
    '<?xml version="1.0" encoding="utf-16"?>',
    '<SetupDiag xmlns:xsd="http://www.w3.org/2001/XMLSchema">',
    `  <ProfileName>${found['ProfileName']}</ProfileName>`,
    `  <ErrorCode>${found['ErrorCode']}</ErrorCode>`,
    `  <ExtendedErrorCode>${found['ExtendedErrorCode']}</ExtendedErrorCode>`,
    `  <FailureDetails>${found['FailureDetails']}</FailureDetails>`,
    '</SetupDiag>',
    '',
  ].join('\r\n');
  void machine.files.write(path, Buffer.from(`\ufeff${text}`, 'utf16le'), systemPid);
};
