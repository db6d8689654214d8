import { NetError, netError } from '../../../evaluator/define.ts';
import type { CallContext } from '../../../evaluator/host.ts';
import { exception } from '../../../evaluator/make.ts';
import type { Machine } from '../../machine/machine.ts';
import { answerRequest } from '../../machine/web/web-request.ts';
import { DatabaseFault } from '../../machine/wsus/update-database.ts';
import { actorOf } from '../../runtime/process-hooks.ts';

/** The exception that SqlClient makes of an error of the database. */
export const sqlException = ({ number, message }: DatabaseFault) =>
  exception('System.Data.SqlClient.SqlException', message, { hresult: 0x80131904, properties: { Number: number } });

/** Runs work on the database; its errors are those of SqlClient. */
export const onDatabase = <T>(run: () => T): T => {
  try {
    return run();
  } catch (error) {
    if (error instanceof DatabaseFault) throw new NetError(sqlException(error));
    throw error;
  }
};

/** The API talks to the server's web service: without it, every call ends as a web request does. */
export const askService = (machine: Machine): void => {
  const url = new URL('http://localhost:8530/ApiRemoting30/WebService.asmx');
  const answer = answerRequest(machine, { url, host: 'localhost', method: 'POST' });
  if (!answer)
    throw netError('System.Net.WebException', 'Unable to connect to the remote server', { hresult: 0x80131509 });
  if (answer.status !== 200)
    throw netError(
      'System.Net.WebException',
      `The request failed with HTTP status ${answer.status}: ${answer.reason}.`,
      { hresult: 0x80131509 },
    );
};

/** The machine of a call whose web service and database answer. */
export const askedMachine = (context: CallContext): Machine => {
  const { machine } = actorOf(context);
  askService(machine);
  onDatabase(() => machine.wsus.database.open());
  return machine;
};
