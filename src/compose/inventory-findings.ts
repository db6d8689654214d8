import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import type { DoctorFinding } from '../front/cli/services.ts';
import type { Settings } from '../input/config/settings.ts';
import { readInventory } from '../input/inventory/read-inventory.ts';
import { resolveSecret } from '../input/inventory/secret-reference.ts';
import { resolveConnection } from '../planning/connection.ts';
import type { HostConnection } from '../planning/plan.ts';
import type { DoctorWords } from './doctor-words.ts';
import { found, missing, reasonOf, warning } from './finding.ts';
import { labCommandOf } from './lab-command.ts';

/** Where secrets are looked up, and the inventory where one is named. */
type Surroundings = {
  readonly projectDir: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly inventory: string | null;
};

/** Names that no host ever has (RFC 2606, section 3; RFC 6761, section 6.5): those of examples, as `kintsugi init` writes them. */
const isPlaceholder = ({ address, transport }: HostConnection): boolean =>
  transport !== 'local' && /(?:^|\.)example(?:\.(?:com|net|org))?$/i.test(address);

/** The inventory: whether it is valid, its hosts listen, and the secrets of their credentials can be read. */
export async function examineInventory(
  settings: Settings,
  surroundings: Surroundings,
  say: DoctorWords,
): Promise<readonly DoctorFinding[]> {
  const named = surroundings.inventory;
  const file = named ?? settings.inventory;
  if (!existsSync(file))
    return [
      named === null
        ? warning(say.inventory, say.noInventory(file), say.writeInventory)
        : missing(say.inventory, say.noInventory(file), say.writeInventory),
    ];
  const read = readInventory(file);
  if (!read.ok) return [missing(say.inventory, say.faults(read.faults.length), `kintsugi validate ${file}`)];
  const connections = Array.from(read.value.hosts.keys(), (host) => resolveConnection(read.value, host));
  const real = connections.filter((each) => !isPlaceholder(each));
  const references = new Set(connections.flatMap(secretsOf));
  const wanted = new Set(real.flatMap(secretsOf));
  return [
    found(say.inventory, say.hosts(connections.length, file)),
    ...(await Promise.all(
      connections.map((each) => examineHost(each, { limitMs: settings.times.connectMs, lab: labCommandOf(file) }, say)),
    )),
    ...Array.from(references, (reference) =>
      wanted.has(reference)
        ? examineSecret(reference, surroundings, say)
        : warning(say.secret(reference), say.placeholderSecret, say.setSecret),
    ),
  ];
}

/** References of all that a connection is made with. */
function secretsOf({ password, tls, proxy }: HostConnection): readonly string[] {
  const certificate = tls?.clientCertificate;
  const all = [password, certificate?.key, certificate?.passphrase, proxy?.password];
  return all.flatMap((reference) => (reference ? [reference.secret] : []));
}

/** @param looked how long an answer is waited for, and the command that starts the hosts where they are a lab's */
async function examineHost(
  connection: HostConnection,
  { limitMs, lab }: { readonly limitMs: number; readonly lab: string | null },
  say: DoctorWords,
): Promise<DoctorFinding> {
  const { host, address, port, transport } = connection;
  if (isPlaceholder(connection)) return warning(say.host(host), say.placeholder(address), say.writeOwn);
  if (transport === 'local') return found(say.host(host), say.thisMachine);
  const reason = await whyNoAnswer(address, port, limitMs, say);
  const place = `${address}:${port}`;
  return reason === null
    ? found(say.host(host), say.answers(place))
    : missing(
        say.host(host),
        `${place}: ${reason}`,
        lab === null ? remedyOf(reason, transport, say) : say.startLab(lab),
      );
}

function remedyOf(reason: string, transport: HostConnection['transport'], say: DoctorWords): string {
  if (/ENOTFOUND|EAI_AGAIN/.test(reason)) return say.checkName;
  return transport === 'ssh' ? say.enableSsh : say.enableRemoting;
}

function examineSecret(reference: string, { projectDir, environment }: Surroundings, say: DoctorWords): DoctorFinding {
  try {
    resolveSecret(reference, { environment, folder: projectDir });
    return found(say.secret(reference), say.readable);
  } catch (error) {
    return missing(say.secret(reference), reasonOf(error), say.setSecret);
  }
}

/** Why nothing listens there; null where something does. */
function whyNoAnswer(address: string, port: number, limitMs: number, say: DoctorWords): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: limitMs });
    const end = (reason: string | null) => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end(say.silent(limitMs / 1000)));
    socket.once('error', (error) => end(error.message));
  });
}
