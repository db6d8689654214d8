import { randomBytes } from 'node:crypto';
import { Failure } from '../../../kernel/failure.ts';
import type { PsInput } from '../../powershell/remote-shell.ts';
import { toPs } from '../../protocol/clixml/to-ps.ts';
import { type PsValue, psDictionary } from '../../protocol/clixml/values.ts';
import { writeClixmlDocument } from '../../protocol/clixml/write-clixml.ts';
import { inputToPs } from '../pool/ps-values.ts';
import { type BridgeFrame, FrameReader } from './bridge-frames.ts';
import { tableOf } from './bridge-records.ts';
import { bridgeScriptLine } from './bridge-script.ts';
import { PowerShellProcess } from './power-shell-process.ts';
import { SecretSeal } from './secret-seal.ts';

/** An order to the bridge's script: its verb, and what that takes; see the door of the script. */
export type BridgeOrder = { readonly Verb: string } & Readonly<Record<string, unknown>>;

/** How long the script may take for an answer beyond the time that it was told to wait. A busy machine stalls a process for seconds. */
const answerLimitMs = 60_000;
/** How long the process may take to start; whoever opens the session has a limit of their own. */
const startLimitMs = 600_000;
/** How long the process may take to close its session and to end. */
const closeLimitMs = 10_000;

/** A local PowerShell with the bridge's script in it: orders in, frames out. */
export class Bridge {
  /** Characters that went in and came out so far. */
  carried = 0;
  readonly #process: PowerShellProcess;
  readonly #token = `k${randomBytes(16).toString('hex')}`;
  readonly #reader = new FrameReader(this.#token);
  readonly #seal = new SecretSeal();
  #keyIsThere = false;

  /** Starts the process, with these variables beside those that every child gets; `hello` must be the first that is asked of it. */
  constructor(executable: string, env: Readonly<Record<string, string>>) {
    this.#process = new PowerShellProcess(executable, env);
  }

  /** Whether the process is gone. */
  get isGone(): boolean {
    return this.#process.isGone;
  }

  /** The last of what the process and its children printed outside of answers. */
  get noise(): string {
    return `${this.#process.errorText}\n${this.#reader.noise}`.trim();
  }

  /** Waits for the process to be up, and loads the script. @throws Failure as `ask` */
  async hello(): Promise<BridgeFrame[]> {
    const script = await bridgeScriptLine();
    return this.#exchange(`${script}; ${lineOf({ Verb: 'hello', Token: this.#token })}`, startLimitMs);
  }

  /**
   * Gives an order and takes the frames of its answer.
   * @param waitMs how long the script may wait for something to answer
   * @throws Failure `unreachable` if nothing was done, `dropped` if the process ended meanwhile, `protocol-error`
   */
  async ask(order: BridgeOrder, waitMs = 0): Promise<BridgeFrame[]> {
    const line = lineOf({ ...order, WaitMs: waitMs });
    if (this.#seal.used && !this.#keyIsThere) await this.#handOverKey();
    return this.#exchange(line, waitMs + answerLimitMs);
  }

  /** A caller's value as an order carries it: secrets are sealed. */
  value(input: PsInput): PsValue {
    return inputToPs(input, (secret) => psDictionary([[this.#token, this.#seal.seal(secret.reveal())]]));
  }

  /** Closes the session and ends the process; what does not end in time is killed. Never throws. */
  async close(): Promise<void> {
    if (!this.isGone) await this.#exchange(lineOf({ Verb: 'close' }), closeLimitMs).catch(() => undefined);
    await this.#process.end(closeLimitMs);
  }

  /** Ends the process and its children at once. Never throws. */
  kill(): Promise<void> {
    return this.#process.kill();
  }

  async #handOverKey(): Promise<void> {
    const [frame] = await this.#exchange(lineOf({ Verb: 'key' }), answerLimitMs);
    const { Modulus, Exponent } = tableOf(frame?.value ?? null);
    if (typeof Modulus !== 'string' || typeof Exponent !== 'string')
      throw new Failure('protocol-error', 'The local PowerShell gave no key to encrypt secrets with.');
    const key = this.#seal.keyFor(Buffer.from(Modulus, 'base64'), Buffer.from(Exponent, 'base64'));
    await this.#exchange(lineOf({ Verb: 'seal', Key: key }), answerLimitMs);
    this.#keyIsThere = true;
  }

  async #exchange(line: string, limitMs: number): Promise<BridgeFrame[]> {
    const printed = await this.#process.run(line, limitMs);
    this.carried += line.length + printed.length;
    const frames = this.#reader.read(printed);
    const fault = frames.find(({ kind }) => kind === 'fault');
    if (fault) throw faultOf(fault.value);
    return frames;
  }
}

function lineOf(order: BridgeOrder): string {
  const clixml = writeClixmlDocument([toPs(order)]);
  return `Invoke-KintsugiBridge '${Buffer.from(clixml, 'utf8').toString('base64')}'`;
}

/** The script itself failed: under a pipeline, before one because the session was lost, or by a mistake of ours. */
function faultOf(value: PsValue): Failure {
  const { Message, Id, Session, Begun } = tableOf(value);
  const facts = { fqid: Id };
  const said = typeof Message === 'string' ? Message : '';
  if (Begun === true)
    return new Failure('dropped', `The bridge's script failed while it looked after the pipeline: ${said}`, { facts });
  if (typeof Session === 'string' && Session !== '' && Session !== 'Opened')
    return new Failure('unreachable', `The session was lost before the script could run (${Session}): ${said}`, {
      facts,
    });
  return new Failure('protocol-error', `The bridge's script failed in the local PowerShell: ${said}`, { facts });
}
