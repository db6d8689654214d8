import type { LabUser } from '../server/endpoint-options.ts';
import type { Machine } from '../windows/machine/machine.ts';
import { type Issuer, issueCertificate, type KeyedCertificate } from './issue-certificate.ts';
import { RedfishService } from './redfish-service.ts';
import { serveHttps } from './serve-https.ts';
import { XClarityService } from './xclarity-service.ts';

/** The services beside Windows that tell of hardware. */
export type HardwareServices = {
  /** Where the service processor of each host answers, by the name of the host. */
  readonly redfish: ReadonlyMap<string, string>;
  /** Where XClarity Administrator answers. */
  readonly xclarity: string | null;
  /** Certificate (PEM) of the authority that has issued theirs, but for those that a fault says otherwise of. */
  readonly authority: string;
  close(): Promise<void>;
};

const address = '127.0.0.1';

const certificateOf = (machine: Machine, authority: Issuer): KeyedCertificate => {
  const name = `${machine.name.toLowerCase()}-xcc.lab`;
  const { certificate } = machine.hardware.serviceProcessor.state;
  if (certificate === 'self-signed') return issueCertificate({ name });
  return issueCertificate({ name, issuer: authority, days: certificate === 'expired' ? [-400, -35] : [-1, 30] });
};

/**
 * Starts the service processors of machines (Redfish over HTTPS) and, where it is wished, an XClarity Administrator that manages them; each
 * on a free port.
 */
export const startHardwareServices = async (
  machines: ReadonlyMap<string, Machine>,
  users: readonly LabUser[],
  options: { readonly xclarity: boolean },
): Promise<HardwareServices> => {
  const authority = issueCertificate({ name: 'Lab Hardware CA', isAuthority: true });
  const running = await Promise.all(
    Array.from(machines, async ([name, machine]) => {
      const service = new RedfishService(machine, users);
      const certificate = certificateOf(machine, authority);
      const served = await serveHttps({ host: address, port: 0, certificate, answer: (each) => service.answer(each) });
      return { name, machine, served };
    }),
  );
  const servers = running.map(({ machine, served }) => ({ machine, address: `${address}:${served.port}` }));
  const administrator = new XClarityService(servers, users);
  const xclarity = options.xclarity
    ? await serveHttps({
        host: address,
        port: 0,
        certificate: issueCertificate({ name: 'lxca.lab', issuer: authority }),
        answer: (each) => administrator.answer(each),
      })
    : null;
  return {
    redfish: new Map(running.map(({ name, served }) => [name, served.url])),
    xclarity: xclarity?.url ?? null,
    authority: authority.cert,
    close: async () => {
      await Promise.all([...running.map(({ served }) => served.close()), xclarity?.close()]);
    },
  };
};
