import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { CliServices } from '../front/cli/services.ts';
import { localeLanguage, readSettings } from '../input/config/read-settings.ts';
import { badInput } from '../input/document/report-faults.ts';
import { resolveSecret } from '../input/inventory/secret-reference.ts';
import type { TryHost } from '../input/lab/check-hosts.ts';
import type { Secret } from '../kernel/secret.ts';
import { sarifLog } from '../lint/sarif.ts';
import { diagnoseHosts } from '../operations/diagnose/diagnose-hosts.ts';
import { prepareDiagnosis } from '../operations/diagnose/prepare-diagnosis.ts';
import { readComplaint } from '../operations/diagnose/read-complaint.ts';
import { explainInput } from '../operations/explain/explain-input.ts';
import { exportedHashes, makeEndpoint, writeEndpoint } from '../operations/export-endpoint.ts';
import { lintFiles } from '../operations/lint.ts';
import { layProject } from '../operations/new-project/new-project.ts';
import { type OpenLook, pingHosts } from '../operations/ping.ts';
import { testPlaybooks } from '../operations/playbook-test/test-playbooks.ts';
import { preparePlan } from '../operations/prepare-plan.ts';
import { probeHosts } from '../operations/probe.ts';
import { type OpenRecorded, recordSession } from '../operations/record.ts';
import { selectConnection, selectConnections } from '../operations/select-connections.ts';
import { validateFiles } from '../operations/validate.ts';
import { loadHostKitText } from '../remote/powershell/host-kit-text.ts';
import { jeaGuardHash, loadJeaTemplates } from '../remote/powershell/jea-endpoint.ts';
import { limitCalls } from '../remote/powershell/limit-calls.ts';
import { WinRmMemory } from '../remote/transport/winrm/winrm-memory.ts';
import type { Language } from '../report/words/words.ts';
import { openDiagnosisStore } from './diagnosis-store.ts';
import { examine } from './doctor.ts';
import { doctorWords } from './doctor-words.ts';
import { examineHosts } from './host-findings.ts';
import { openInstallation } from './installation.ts';
import { openProbeSessions } from './open-probe.ts';
import { openShell } from './open-shell.ts';
import { resolveSecret as readSecret } from './resolve-secret.ts';
import { productVersion, shippedPlaybooks } from './shipped.ts';
import { openTestThreads } from './test-threads.ts';
import { startDetachedWorkers, work } from './work.ts';

/** Limit of each question to a host that is only looked at, milliseconds. */
const lookTimeoutMs = 60_000;

/** What the process tells of itself. */
export type ProcessPlace = {
  readonly language: Language;
  readonly projectDir: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The program and the file by which this CLI was started, to start workers the same way. */
  readonly node: string;
  readonly entry: string;
  /** Standard input, read only by who asks for it. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Tells the user what lowers the security of a connection. */
  readonly warn: (text: string) => void;
};

/** The language where none is asked for: that of the settings, else that of the locale. Faults of the settings are told by the commands. */
export function defaultLanguage(projectDir: string, environment: NodeJS.ProcessEnv): Language {
  const settings = readSettings(projectDir, environment);
  return settings.ok ? settings.value.language : localeLanguage(environment);
}

/** What makes hosts of files to see whether they can be; the simulated Windows is large, so only who asks for it waits. */
const loadTryHost = async (): Promise<TryHost> => (await import('../lab/faults/create-machine.ts')).tryHost;

/** Wires the product for the CLI. @throws Failure `bad-input` where kintsugi.yaml or a KINTSUGI_ variable is not valid */
export async function openServices(place: ProcessPlace): Promise<CliServices> {
  const { projectDir, environment } = place;
  const loaded = readSettings(projectDir, environment);
  if (!loaded.ok) throw badInput(loaded.faults);
  const settings = loaded.value;
  const places = { projectDir, shippedDir: shippedPlaybooks };
  const { text: kit, sha256 } = await loadHostKitText();
  const secret = (reference: string): Secret => resolveSecret(reference, { environment, folder: projectDir });
  const { connectMs } = settings.times;
  const memory = new WinRmMemory();
  const warnOf = (host: string, text: string): void => place.warn(`kintsugi: warning: ${host}: ${text}`);
  const open: OpenRecorded = async (connection, onExchange) =>
    openShell(connection, {
      warn: (text) => warnOf(connection.host, text),
      password: connection.password && (await readSecret(connection.password.secret, projectDir)),
      connectMs,
      folder: projectDir,
      memory,
      onExchange,
    });
  const look: OpenLook = async (connection) => limitCalls(await open(connection, () => undefined), lookTimeoutMs);
  return {
    language: place.language,
    home: settings.home,
    validate: async (files) => validateFiles(files, { ...places, tryHost: await loadTryHost() }, kit),
    lint: async (names) => lintFiles(names, places, kit),
    lintSarif: ({ findings }) => sarifLog(findings, productVersion(), place.language),
    prepare: async (inputs) =>
      preparePlan(inputs, { ...places, defaultInventory: settings.inventory, kit, nowMs: Date.now() }),
    probe: (prepared, onHost) =>
      probeHosts(prepared, { open: openProbeSessions(settings, projectDir, warnOf), resolveSecret: secret, onHost }),
    diagnose: (choice, told, onHost) =>
      diagnoseHosts(
        prepareDiagnosis(choice, { ...places, defaultInventory: settings.inventory, kit, nowMs: Date.now() }),
        readComplaint(told),
        {
          open: openProbeSessions(settings, projectDir, warnOf),
          resolveSecret: secret,
          onHost,
          store: openDiagnosisStore(join(settings.home, 'diagnoses')),
          at: new Date().toISOString(),
        },
      ),
    exportEndpoint: async (request, folder) => {
      const templates = await loadJeaTemplates();
      const endpoint = makeEndpoint(request, { ...places, kit, templates, version: productVersion() });
      writeEndpoint(resolve(projectDir, folder), endpoint);
      return endpoint;
    },
    pingHosts: async (choice, onHost) =>
      pingHosts(selectConnections(choice, settings.inventory), { open: look, now: Date.now, onHost }),
    record: async (choice, recorded) =>
      recordSession(selectConnection(choice, settings.inventory), open, recorded, Date.now),
    connect: () => openInstallation(settings, async (count) => startDetachedWorkers(settings, place, count)),
    work: (options) => work(settings, projectDir, options),
    explain: (operands) => explainInput(operands, { ...places, stdin: place.stdin }),
    layProject: async (folder) => layProject(resolve(projectDir, folder)),
    testPlaybooks: async (names, onProgress) => {
      await using hosts = openTestThreads(availableParallelism());
      return await testPlaybooks(names, { ...places, tryHost: await loadTryHost(), kit, hosts, onProgress });
    },
    // The simulated Windows is large; only these commands wait for it.
    coverScripts: async (names) => (await import('./cover-scripts.ts')).coverScripts(names, places, kit),
    startLab: async (options) =>
      (await import('./lab-session.ts')).startCliLab(settings, projectDir, environment, options),
    startDemo: async ({ say }) => (await import('./demo.ts')).startDemo(settings, projectDir, { ...places, kit }, say),
    doctorHosts: async (choice) =>
      examineHosts(
        selectConnections(choice, settings.inventory),
        look,
        {
          kit: sha256,
          guard: jeaGuardHash(await loadJeaTemplates()),
          of: (actions) => exportedHashes(actions, places),
        },
        doctorWords[place.language],
      ),
    doctor: (inventory) => examine(settings, { projectDir, environment, language: place.language, inventory }),
  };
}
