import { int64, localFromUnixMs } from '../../evaluator/make.ts';
import { cimObject } from '../cim/cim-instance.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { command } from './command-syntax.ts';

const namespace = 'ROOT/Microsoft/Windows/Defender';

const getDetections = command('Get-MpThreatDetection', {
  commandType: 'Function',
  simulated: ['ThreatID'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const wanted = bound.texts('ThreatID');
    for (const { threatId, path, atMs } of machine.defender.detections) {
      if (wanted.length > 0 && !wanted.includes(String(threatId))) continue;
      const at = localFromUnixMs(atMs, machine.timeZone.offsetMinutes);
      context.write(
        cimObject(
          'MSFT_MpThreatDetection',
          {
            ActionSuccess: true,
            AMProductVersion: '4.18.25110.6',
            CleaningActionID: 2,
            CurrentThreatExecutionStatusID: 1,
            DetectionID: `{${threatId}-${atMs}}`,
            DetectionSourceTypeID: 3,
            DomainUser: 'NT AUTHORITY\\SYSTEM',
            InitialDetectionTime: at,
            LastThreatStatusChangeTime: at,
            ProcessName: 'C:\\Windows\\System32\\svchost.exe',
            RemediationTime: at,
            Resources: [`file:_${path}`],
            ThreatID: int64(threatId),
            ThreatStatusErrorCode: 0,
            ThreatStatusID: 3,
          },
          { namespace, keys: ['DetectionID'], machine },
        ),
      );
    }
  },
});

const getThreats = command('Get-MpThreat', {
  commandType: 'Function',
  simulated: ['ThreatID'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const wanted = bound.texts('ThreatID');
    const seen = new Map(machine.defender.detections.map((found) => [found.threatId, found]));
    for (const { threatId, threatName, path } of seen.values())
      if (wanted.length === 0 || wanted.includes(String(threatId)))
        context.write(
          cimObject(
            'MSFT_MpThreat',
            {
              CategoryID: 8,
              DidThreatExecute: false,
              IsActive: false,
              Resources: [`file:_${path}`],
              RollupStatus: 33,
              SeverityID: 5,
              ThreatID: int64(threatId),
              ThreatName: threatName,
              TypeID: 0,
            },
            { namespace, keys: ['ThreatID'], machine },
          ),
        );
  },
});

const updateSignatures = command('Update-MpSignature', {
  commandType: 'Function',
  simulated: ['UpdateSource'],
  *process(context) {
    const { machine, pid } = actorOf(context);
    yield machine.clock.wait(pid, 30_000);
    if (machine.defender.updateSignatures(pid)) return;
    context.writeError({
      id: 'HRESULT 0x80072ee2',
      message: 'Virus and spyware definitions update was completed with errors.',
      category: 'OperationTimeout',
      target: 'MSFT_MpSignature',
      exception: 'Microsoft.Management.Infrastructure.CimException',
    });
  },
});

/** What Defender found, and its signatures. */
export const defenderCmdlets = [getDetections, getThreats, updateSignatures];
