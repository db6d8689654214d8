import type { DoctorFinding } from '../front/cli/services.ts';
import { checkRemoting, type Exports, type SetupCheck } from '../operations/check-remoting.ts';
import type { OpenLook } from '../operations/ping.ts';
import type { HostConnection } from '../planning/plan.ts';
import type { DoctorWords } from './doctor-words.ts';

/** How hosts are set up for remote work, as findings of `doctor`. */
export async function examineHosts(
  connections: readonly HostConnection[],
  open: OpenLook,
  exported: Exports,
  say: DoctorWords,
): Promise<readonly DoctorFinding[]> {
  const hosts = await Promise.all(connections.map((each) => checkRemoting(each, open, exported, () => Date.now())));
  return hosts.flatMap(({ host, checks }) => checks.map((check) => findingOf(host, check, say)));
}

function findingOf(host: string, { setup, ok, reason, remedy }: SetupCheck, say: DoctorWords): DoctorFinding {
  return {
    what: `${say.host(host)}, ${say.setups[setup]}`,
    state: ok === null ? 'warning' : ok ? 'ok' : 'missing',
    detail: reason === '' ? say.asItShould : reason,
    remedy: remedy === '' ? '' : say.onTheHost(remedy),
  };
}
