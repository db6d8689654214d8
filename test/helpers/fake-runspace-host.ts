import type {
  HostCommand,
  HostErrorRecord,
  HostPipeline,
  HostRunspace,
  PipelineEnd,
  PipelineSink,
  RunningPipeline,
  RunspaceHost,
  RunspaceInfo,
} from '../../src/lab/server/runspace-host.ts';
import { isPsTagged, type PsValue } from '../../src/remote/protocol/clixml/values.ts';
import { contractScripts } from '../contract/remote-shell-scripts.ts';

const runtimeException = [
  'System.Management.Automation.RuntimeException',
  'System.SystemException',
  'System.Exception',
  'System.Object',
];

/** What a scripted behaviour may do; it returns at its end, or rejects with `Stopped`. */
type Act = (run: {
  readonly value: PsValue;
  readonly sink: PipelineSink;
  readonly stopped: Promise<void>;
  readonly runspace: FakeRunspace;
  readonly pipeline: HostPipeline;
}) => Promise<PipelineEnd> | PipelineEnd;

const completed: PipelineEnd = { state: 'completed' };
const broke: HostErrorRecord = {
  message: 'it broke',
  fullyQualifiedErrorId: 'it broke',
  category: 14,
  exceptionTypes: runtimeException,
  hresult: 0x80131501,
  position: { line: 2, offset: 1, text: "throw 'it broke'" },
};

const acts: Readonly<Record<string, Act>> = {
  [contractScripts.echo]: ({ value, sink }) => {
    sink.output(value);
    return completed;
  },
  [contractScripts.set]: ({ value, runspace }) => {
    runspace.kept = value;
    return completed;
  },
  [contractScripts.get]: ({ sink, runspace }) => {
    sink.output(runspace.kept);
    return completed;
  },
  [contractScripts.throw]: ({ sink }) => {
    sink.output('before');
    return { state: 'failed', error: broke };
  },
  [contractScripts.error]: ({ sink }) => {
    sink.error({
      message: 'not so bad',
      fullyQualifiedErrorId: 'Mild',
      category: 0,
      exceptionTypes: ['Microsoft.PowerShell.Commands.WriteErrorException', 'System.Exception', 'System.Object'],
    });
    sink.output('went on');
    return completed;
  },
  [contractScripts.streams]: ({ sink }) => {
    sink.warning('careful');
    sink.verbose('detail');
    sink.information({ data: 'note', source: 'Write-Information', tags: ['mark'] });
    sink.progress({
      activity: 'Work',
      activityId: 0,
      parentActivityId: -1,
      status: 'Processing',
      currentOperation: '',
      percent: 40,
      secondsRemaining: -1,
      completed: false,
    });
    sink.output('out');
    return completed;
  },
  [contractScripts.endless]: async ({ sink, stopped }) => {
    sink.output('started');
    sink.warning('running');
    await stopped;
    return { state: 'stopped' };
  },
  [contractScripts.secretLength]: ({ value, sink }) => {
    sink.output(isPsTagged(value) && value.kind === 'secureText' ? value.reveal().length : -1);
    return completed;
  },
  [contractScripts.die]: async ({ sink, runspace, stopped }) => {
    sink.output('dying');
    runspace.kill();
    await stopped;
    return { state: 'stopped' };
  },
  'count-input': async ({ sink, pipeline }) => {
    let count = 0;
    for await (const item of pipeline.input ?? []) count += item === null ? 0 : 1;
    sink.output(count);
    return completed;
  },
  crash: () => Promise.reject(new Error('the simulator has a fault')),
};

/** A simulated host that knows a few scripts by their text. */
export class FakeRunspaceHost implements RunspaceHost {
  readonly runspaces: FakeRunspace[] = [];

  openRunspace(info: RunspaceInfo): FakeRunspace {
    const runspace = new FakeRunspace(info, 1000 + this.runspaces.length);
    this.runspaces.push(runspace);
    return runspace;
  }
}

/** A runspace of the fake host. */
export class FakeRunspace implements HostRunspace {
  readonly info: RunspaceInfo;
  readonly processId: number;
  readonly versionTable = { PSVersion: '5.1.20348.1', PSEdition: 'Desktop' };
  readonly killed: Promise<void>;
  /** Pipelines in the order they ran. */
  readonly ran: string[] = [];
  /** First parameter of each of them. */
  readonly given: PsValue[] = [];
  kept: PsValue = null;
  closed = false;
  /** Ends of the pipelines that ended. */
  readonly ends: string[] = [];
  #kill: () => void = () => undefined;

  constructor(info: RunspaceInfo, processId: number) {
    this.info = info;
    this.processId = processId;
    this.killed = new Promise((resolve) => {
      this.#kill = resolve;
    });
  }

  /** Ends the process as a task manager would. */
  kill(): void {
    this.#kill();
  }

  run(pipeline: HostPipeline, sink: PipelineSink): RunningPipeline {
    const command: HostCommand | undefined = pipeline.statements[0]?.[0];
    const text = command?.text ?? '';
    this.ran.push(text);
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const act = acts[text];
    const value = command?.arguments[0]?.value ?? null;
    this.given.push(value);
    const unknown: PipelineEnd = {
      state: 'failed',
      error: {
        message: `${text} is not recognized`,
        fullyQualifiedErrorId: 'CommandNotFoundException',
        category: 13,
        exceptionTypes: runtimeException,
      },
    };
    const done = Promise.resolve(act ? act({ value, sink, stopped, runspace: this, pipeline }) : unknown);
    done.then(
      (end) => this.ends.push(end.state),
      () => this.ends.push('crashed'),
    );
    return { done, stop };
  }

  close(): void {
    this.closed = true;
  }
}
