import { Failure } from '../../../kernel/failure.ts';
import { runTool, type ToolLimits } from './run-tool.ts';
import type { TicketOrigin } from './ticket-origin.ts';
import { failureOfTool } from './tool-failure.ts';

/** Takes tickets into a credential cache by the system's tools. */
export type KerberosTools = {
  /** The first ticket, by password or keytab. */
  takeFirst(cache: string, origin: Exclude<TicketOrigin, { kind: 'cache' }>, limits: ToolLimits): Promise<void>;
  /** A ticket for a service, bought with the first one. */
  buy(cache: string, service: string, limits: ToolLimits): Promise<void>;
};

/** Finds out whose tools are installed: MIT's, or Heimdal's (macOS), which want other arguments. @throws as `runTool` */
export async function findTools(limits: ToolLimits): Promise<KerberosTools> {
  const { said } = await runTool('kinit', { args: ['--version'], ...limits });
  return /heimdal/iu.test(said) ? heimdal : mit;
}

const mit = toolsOf('kvno', ['-q'], []);
const heimdal = toolsOf('kgetcred', [], ['--password-file=STDIN']);

function toolsOf(
  buyer: 'kvno' | 'kgetcred',
  buyerOptions: readonly string[],
  passwordOptions: readonly string[],
): KerberosTools {
  const check = ({ ok, said }: { ok: boolean; said: string }, subject: string) => {
    if (!ok) throw failureOfTool(said, subject);
  };
  return {
    async takeFirst(cache, origin, limits) {
      const into = ['-c', `FILE:${cache}`];
      const { principal } = origin;
      if (origin.kind === 'keytab') {
        const args = [...into, '-k', '-t', origin.file, '--', principal];
        return check(await runTool('kinit', { args, ...limits }), principal);
      }
      const password = await origin.password();
      if (/[\r\n]/u.test(password))
        throw new Failure('unauthenticated', 'The password has a line end; kinit takes none.');
      const args = [...into, ...passwordOptions, '--', principal];
      return check(await runTool('kinit', { args, input: `${password}\n`, ...limits }), principal);
    },
    async buy(cache, service, limits) {
      check(
        await runTool(buyer, { args: [...buyerOptions, '-c', `FILE:${cache}`, '--', service], ...limits }),
        service,
      );
    },
  };
}
