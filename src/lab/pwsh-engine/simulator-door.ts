import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isTask } from '../evaluator/compile/code.ts';
import { defineCmdlet } from '../evaluator/define.ts';
import type { CallContext, Extension, Task } from '../evaluator/host.ts';
import type { PipelineCommand, Runspace, Sink } from '../evaluator/pipeline.ts';
import { registryOf } from '../evaluator/registry-of.ts';
import type { Value } from '../evaluator/value.ts';
import type { Machine } from '../windows/machine/machine.ts';
import type { SimulatedProcess } from '../windows/machine/processes.ts';
import { openLanguage } from '../windows/runtime/language-host.ts';
import { perform } from './perform-operation.ts';
import { type WireObject, WireValues } from './wire-values.ts';

const operationName = 'Invoke-KtLabOperation';

/** The pipe's name as .NET takes it, and the path at which Node listens. */
const pipePlace = (): { readonly name: string; readonly path: string; remove(): void } => {
  if (process.platform === 'win32') {
    const name = `kintsugi-lab-${randomUUID()}`;
    return { name, path: `\\\\.\\pipe\\${name}`, remove: () => undefined };
  }
  // The folder is its owner's alone, so that nobody else can speak for the session.
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-lab-'));
  const path = join(folder, 'pipe');
  return { name: path, path, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** Answers what a PowerShell process asks of the simulated machine: commands, programs, objects and types, one question at a time. */
export class SimulatorDoor {
  readonly pipeName: string;
  readonly #place = pipePlace();
  readonly #runspace: Runspace;
  readonly #values: WireValues;
  readonly #server: Server;
  #socket: Socket | undefined;
  #running: ReturnType<Runspace['run']> | undefined;
  #ended = false;
  #unsupported: string | undefined;
  /** What the operation under way is, and what came of it. */
  #operation: { readonly ask: WireObject; readonly args: Value[]; result: Value } | undefined;

  private constructor(machine: Machine, process: SimulatedProcess) {
    this.pipeName = this.#place.name;
    this.#runspace = openLanguage(machine, process, [this.#extension()]);
    this.#values = new WireValues(this.#runspace.context);
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Opens the door of a session in a process of the machine. @throws if the pipe cannot be made */
  static async open(machine: Machine, process: SimulatedProcess): Promise<SimulatorDoor> {
    const door = new SimulatorDoor(machine, process);
    await new Promise<void>((resolve, reject) => {
      door.#server.once('error', reject);
      door.#server.listen(door.#place.path, resolve);
    });
    return door;
  }

  /** Conversions and names of the session behind the door. */
  get context(): CallContext {
    return this.#runspace.context;
  }

  /** What a script asked for that nobody simulates, since this was last asked. */
  takeUnsupported(): string | undefined {
    const what = this.#unsupported;
    this.#unsupported = undefined;
    return what;
  }

  /** Cuts what runs in the simulator short; whoever asked for it hears that it was stopped. */
  stop(): void {
    void this.#running?.stop();
  }

  /** Takes no further question. */
  close(): void {
    this.#ended = true;
    this.#running?.kill();
    this.#socket?.destroy();
    this.#server.close();
    this.#place.remove();
  }

  #serve(socket: Socket): void {
    if (this.#socket) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    socket.on('error', () => socket.destroy());
    const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('line', (line) => void this.#answer(line).then((answer) => this.#say(answer)));
  }

  #say(answer: object): void {
    if (!this.#ended) this.#socket?.write(`${JSON.stringify(answer)}\n`);
  }

  /** Never rejects: a line that means nothing is a fault of the lab, told to whoever sent it. */
  async #answer(line: string): Promise<object> {
    try {
      return await this.#answerAsked(JSON.parse(line) as WireObject);
    } catch (error) {
      return this.#fault(error);
    }
  }

  #fault(error: unknown): object {
    const message = error instanceof Error ? error.message : String(error);
    this.#unsupported ??= message;
    return labFault(message);
  }

  async #answerAsked(ask: WireObject): Promise<object> {
    const { released, environment } = ask;
    if (Array.isArray(released)) this.#values.release(released.map(Number));
    if (typeof environment === 'object' && environment !== null) this.#takeVariables(environment);
    const before = this.#variables();
    const answer = await this.#answerTo(ask);
    const changed = this.#variablesSince(before);
    return changed ? { ...answer, environment: changed } : answer;
  }

  /** What a script set in its own process. */
  #takeVariables(environment: object): void {
    for (const [name, value] of Object.entries(environment))
      this.context.hooks.environment.set(name, value === null ? undefined : String(value));
  }

  #variables(): ReadonlyMap<string, string> {
    return new Map(this.context.hooks.environment.entries());
  }

  /** Variables that have changed in the simulated process; null: gone. */
  #variablesSince(before: ReadonlyMap<string, string>): Readonly<Record<string, string | null>> | undefined {
    const now = this.#variables();
    const changed: [string, string | null][] = [];
    for (const [name, value] of now) if (before.get(name) !== value) changed.push([name, value]);
    for (const name of before.keys()) if (!now.has(name)) changed.push([name, null]);
    return changed.length > 0 ? Object.fromEntries(changed) : undefined;
  }

  async #answerTo(ask: WireObject): Promise<object> {
    try {
      switch (ask['op']) {
        case 'command':
          return await this.#command(ask);
        case 'program':
          return await this.#program(ask);
        case 'unsupported':
          this.#unsupported = String(ask['name']);
          return { end: 'completed' };
        case 'resolve':
          return { end: 'completed', value: this.#resolve(String(ask['name'])) };
        default:
          return await this.#operate(ask);
      }
    } catch (error) {
      return this.#fault(error);
    }
  }

  #command(ask: WireObject): Promise<object> {
    const bound = (ask['bound'] as [string, unknown][]).map(([name, value]) => ({
      name,
      value: this.#values.read(value),
    }));
    const action = ask['errorAction'];
    const parameters = typeof action === 'string' ? [...bound, { name: 'ErrorAction', value: action }] : bound;
    return this.#run({ text: String(ask['name']), isScript: false, parameters }, this.#readList(ask['input']));
  }

  async #program(ask: WireObject): Promise<object> {
    const parameters = (this.#readList(ask['args']) ?? []).map((value) => ({ value }));
    const input = this.#readList(ask['input']) ?? [];
    const answer = await this.#run(
      { text: String(ask['name']), isScript: false, parameters },
      input.length > 0 ? input : undefined,
    );
    const exit = this.#runspace.getVariable('LASTEXITCODE');
    return typeof exit === 'number' ? { ...answer, exit } : answer;
  }

  #resolve(name: string): string {
    const registry = registryOf(this.context);
    if (registry.resolveProgram(name)) return 'program';
    return registry.isKnownCommand(name) || /\.ps1$/iu.test(name) ? 'unsupported' : '';
  }

  async #operate(ask: WireObject): Promise<object> {
    const args = this.#readList(ask['args']) ?? [];
    const before = args.map((each) => (each instanceof Uint8Array ? Buffer.from(each) : undefined));
    const operation = { ask, args, result: undefined as Value };
    this.#operation = operation;
    const answer = await this.#run({ text: operationName, isScript: false }, undefined);
    const changed = args.flatMap((each, at) =>
      each instanceof Uint8Array && before[at]?.equals(each) === false
        ? [[String(at), Buffer.from(each).toString('base64')]]
        : [],
    );
    const { result } = operation;
    return {
      ...answer,
      ...(result === undefined ? {} : { value: this.#values.write(result) }),
      ...(changed.length > 0 ? { bytes: Object.fromEntries(changed) } : {}),
    };
  }

  #readList(wire: unknown): Value[] | undefined {
    return Array.isArray(wire) ? wire.map((each: unknown) => this.#values.read(each)) : undefined;
  }

  async #run(command: PipelineCommand, input: Value[] | undefined): Promise<object> {
    const records: unknown[] = [];
    const write = (value: Value) => this.#values.write(value);
    const sink: Sink = {
      output: (value) => void records.push(['output', write(value)]),
      error: (record) => void records.push(['error', this.#values.writeError(record)]),
      warning: (text) => void records.push(['warning', text]),
      verbose: (text) => void records.push(['verbose', text]),
      debug: (text) => void records.push(['debug', text]),
      information: ({ data, tags }) => void records.push(['information', write(data), tags]),
      progress: () => undefined,
    };
    this.#running = this.#runspace.run([command], sink, input);
    const end = await this.#running.done;
    this.#running = undefined;
    if (end.kind === 'failed' && end.error.id === 'LabUnsupported') this.#unsupported ??= end.error.exception.message;
    return {
      records,
      end: end.kind,
      ...(end.kind === 'failed' ? { error: this.#values.writeError(end.error) } : {}),
    };
  }

  /** The command that does what the bridge asked within the session, so that it may wait and be stopped. */
  #extension(): Extension {
    const perform = (context: CallContext) => this.#begin(context);
    const keep = (result: Value) => {
      if (this.#operation) this.#operation.result = result;
    };
    return {
      cmdlets: [
        defineCmdlet({
          name: operationName,
          parameters: {},
          end: function* (context) {
            const made = perform(context);
            keep(isTask(made) ? yield* made : made);
          },
        }),
      ],
    };
  }

  #begin(context: CallContext): Value | Task<Value> {
    const operation = this.#operation;
    return (
      operation && perform(operation.ask, operation.args, this.#values.held(Number(operation.ask['target'])), context)
    );
  }
}

/** The answer to a question that the simulator itself could not deal with. */
const labFault = (message: string): object => ({
  records: [],
  end: 'failed',
  error: {
    id: 'LabUnsupported',
    category: 'NotImplemented',
    activity: '',
    reason: '',
    targetName: '',
    exception: { n: 'System.Management.Automation.RuntimeException', v: message, r: 0 },
    target: null,
  },
});
