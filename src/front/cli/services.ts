import type { JournalEvent } from '../../journal/event.ts';
import type { HostEndName } from '../../journal/event-data.ts';
import type { HostDiagnosis } from '../../operations/diagnose/diagnose-hosts.ts';
import type { Told } from '../../operations/diagnose/read-complaint.ts';
import type { Explanation } from '../../operations/explain/explanation.ts';
import type { EndpointRequest, ExportedEndpoint } from '../../operations/export-endpoint.ts';
import type { LintReport } from '../../operations/lint.ts';
import type { HostPing } from '../../operations/ping.ts';
import type { TestProgress } from '../../operations/playbook-test/test-playbooks.ts';
import type { PlanInputs, PreparedPlan } from '../../operations/prepare-plan.ts';
import type { HostProbe } from '../../operations/probe-state.ts';
import type { RecordedWork, Recording } from '../../operations/record.ts';
import type { HostChoice } from '../../operations/select-connections.ts';
import type { RunStatus } from '../../operations/status.ts';
import type { ValidationResult } from '../../operations/validate.ts';
import type { RunReport } from '../../report/run-report.ts';
import type { TestReport } from '../../report/test-report.ts';
import type { Language } from '../../report/words/words.ts';

/** One finding of `doctor`. */
export type DoctorFinding = {
  readonly what: string;
  readonly state: 'ok' | 'missing' | 'warning';
  readonly detail: string;
  /** The command that mends it, or an empty text. */
  readonly remedy: string;
};

/** What a connected installation can do: it holds a connection to Redis until it is disposed of. */
export interface Installation extends AsyncDisposable {
  /** Launches a prepared plan; the run's id. */
  launch(prepared: PreparedPlan, ticket: string | null): Promise<string>;
  /** Sees to it that somebody works: where no worker is alive, one is started that ends when it has nothing left to do. */
  requireWorkers(count: number): Promise<void>;
  follow(
    run: string,
    host: string | null,
    untilEnd: boolean,
    onEvent: (event: JournalEvent) => void,
    signal: AbortSignal,
  ): Promise<void>;
  statuses(): Promise<readonly RunStatus[]>;
  status(run: string): Promise<RunStatus>;
  report(run: string): Promise<RunReport>;
  cancel(run: string, mode: 'rollback' | 'leave' | null): Promise<void>;
  rollBack(run: string): Promise<void>;
  commit(run: string): Promise<void>;
}

/** What of one script the lab can run; `why` tells whether Windows has what is missing, or nothing is known of it. */
export type ScriptCoverage = {
  readonly file: string;
  /** How many different things of a kind the script uses, and how many of them the lab runs. */
  readonly counts: { readonly [kind: string]: { readonly runs: number; readonly of: number } };
  readonly gaps: readonly {
    readonly kind: string;
    readonly name: string;
    readonly line: number;
    readonly column: number;
    readonly why: 'outside' | 'seven' | 'unknown';
  }[];
  /** Places of which only a run can tell. */
  readonly open: readonly { readonly what: string; readonly line: number; readonly column: number }[];
};

/** Which lab to start. */
export type LabChoice = {
  /** The lab file; that of the demo where it is null. */
  readonly file: string | null;
  /** First port; free ones where it is null. */
  readonly port: number | null;
  /** What evaluates scripts: the lab's own, or a PowerShell 7 of this machine. */
  readonly engine: 'simulator' | 'pwsh';
  /** Told what befalls a host, in words: a disturbance of the file, a script that waits without end. */
  readonly onNotice: (host: string, what: string) => void;
};

/** A lab as the `lab` command shows it. */
export interface RunningLab extends AsyncDisposable {
  readonly hosts: readonly {
    readonly name: string;
    readonly port: number;
    readonly description: string;
    /** Where its service processor answers (Redfish), if it does. */
    readonly redfish: string | null;
  }[];
  /** XClarity Administrator, if there is one, and the file with the certificate of who has issued theirs. */
  readonly hardware: { readonly xclarity: string | null; readonly authorityFile: string } | null;
  readonly inventoryFile: string;
  /** Disturbances of the file that have not come yet. */
  pending(): readonly { readonly host: string; readonly what: string }[];
}

/** How one host of the demo ended and whether that is what the demo promises. */
export type DemoHost = {
  readonly host: string;
  readonly expected: HostEndName;
  readonly end: HostEndName | null;
  readonly ok: boolean;
  /** The lab's comparison of the whole state with that before the run: how many differences are allowed, and where the others are. */
  readonly difference: { readonly allowed: number; readonly rest: readonly string[] };
};

/** A demo under way: its own Redis, lab and workers. */
export interface RunningDemo extends AsyncDisposable {
  readonly run: string;
  readonly installation: Installation;
  /** Compares the lab's hosts with what the demo promises. */
  judge(report: RunReport): Promise<readonly DemoHost[]>;
}

/** Everything that the commands ask of the product. */
export interface CliServices {
  readonly language: Language;
  /** Folder for reports and the like. */
  readonly home: string;
  validate(files: readonly string[]): Promise<readonly ValidationResult[]>;
  /** Tells what the error codes of a text, a file or standard input (`-`) mean. @throws Failure `bad-input` where a file cannot be read */
  explain(operands: readonly string[]): Promise<Explanation>;
  /** Lints playbooks, actions or all below folders, and grades them. @throws Failure `bad-input` */
  lint(names: readonly string[]): Promise<LintReport>;
  /** The findings as a SARIF 2.1.0 log in the language of the services. */
  lintSarif(report: LintReport): object;
  /** Lays a new project; gives the paths of its files. @throws Failure `bad-input` where one is there already */
  layProject(folder: string): Promise<readonly string[]>;
  /** Runs tests of playbooks on simulated hosts. @throws Failure `bad-input` with every fault */
  testPlaybooks(names: readonly string[], onProgress: (progress: TestProgress) => void): Promise<TestReport>;
  /** Reads playbook, inventory and parameters and plans. @throws Failure `bad-input` with every fault */
  prepare(inputs: PlanInputs): Promise<PreparedPlan>;
  /** Connects to each host of a plan and runs the detect scripts, read-only. */
  probe(prepared: PreparedPlan, onHost: (probe: HostProbe) => void): Promise<readonly HostProbe[]>;
  /** Asks hosts what is wrong with them; changes nothing. @throws Failure `bad-input` */
  diagnose(
    choice: Pick<PlanInputs, 'hosts' | 'inventory' | 'limit'>,
    told: Told,
    onHost: (diagnosis: HostDiagnosis) => void,
  ): Promise<readonly HostDiagnosis[]>;
  /** Opens a session on each host and tells what was negotiated. @throws Failure `bad-input` with every fault */
  pingHosts(choice: HostChoice, onHost: (ping: HostPing) => void): Promise<readonly HostPing[]>;
  /** Records a session with one host. @throws Failure `bad-input` where the pattern names several */
  record(choice: HostChoice, work: RecordedWork): Promise<Recording>;
  /** Connects to Redis (starting the private one where none runs). @throws Failure `redis-missing`, `redis-unavailable` */
  connect(): Promise<Installation>;
  /** Works until it is told to stop (or, with `untilIdle`, until nothing is left to do). */
  work(options: {
    readonly concurrency: number | null;
    readonly untilIdle: boolean;
    readonly signal: AbortSignal;
  }): Promise<void>;
  /** Makes the endpoint of no-language hosts for playbooks and writes it into a folder. @throws Failure `bad-input` with every fault */
  exportEndpoint(request: EndpointRequest, folder: string): Promise<ExportedEndpoint>;
  /** What of scripts, of an action's scripts or of those of a playbook's actions the lab can run. @throws Failure `bad-input` */
  coverScripts(names: readonly string[]): Promise<readonly ScriptCoverage[]>;
  /** Starts the hosts of a lab file. @throws Failure `bad-input` where the file is not valid or the engine is not there */
  startLab(options: LabChoice): Promise<RunningLab>;
  startDemo(options: { readonly say: (text: string) => void }): Promise<RunningDemo>;
  /** Looks at this installation and at whether the hosts of an inventory answer: that which is named, or the default one. */
  doctor(inventory: string | null): Promise<readonly DoctorFinding[]>;
  /** How hosts are set up for remote work, asked over sessions. @throws Failure `bad-input` with every fault */
  doctorHosts(choice: HostChoice): Promise<readonly DoctorFinding[]>;
}
