import { randomBytes } from 'node:crypto';
import type { LabUser } from '../server/endpoint-options.ts';
import type { Machine } from '../windows/machine/machine.ts';
import { redfishResources } from './redfish-resources.ts';
import { accountOf, basicAccountOf, fieldsOf, type WebAnswer, type WebRequest } from './web-exchange.ts';

const sessions = '/redfish/v1/SessionService/Sessions';

/** Resources that need no login (DSP0266, "Authentication"). */
const open = new Set(['/redfish', '/redfish/v1']);

/** An error body (DSP0266, "Error responses") with a message of the Base registry. */
const errorOf = (status: number, key: string, message: string, headers: WebAnswer['headers'] = {}): WebAnswer => {
  const id = `Base.1.8.${key}`;
  return {
    status,
    headers,
    json: { error: { code: id, message, '@Message.ExtendedInfo': [{ MessageId: id, Message: message }] } },
  };
};

const needsLogin = (): WebAnswer =>
  errorOf(
    401,
    'ResourceAtUriUnauthorized',
    'While accessing the resource, the service received an authorization error.',
    {
      'WWW-Authenticate': 'Basic realm="Lenovo XClarity Controller"',
    },
  );

/** What the service processor says to an account whose password is right, where it lets it read nothing. */
const refusalOf = (machine: Machine): WebAnswer | undefined => {
  const { refusal } = machine.hardware.serviceProcessor.state;
  if (refusal === null) return undefined;
  if (refusal === 'locked') return needsLogin();
  return refusal === 'no-right'
    ? errorOf(
        403,
        'InsufficientPrivilege',
        'There are insufficient privileges for the account or credentials associated with the current session to perform the requested operation.',
      )
    : errorOf(
        403,
        'PasswordChangeRequired',
        'The password provided for this account must be changed before access is granted.',
      );
};

/** The Redfish service of a machine's service processor: reads only, but that sessions come and go. */
export class RedfishService {
  readonly #machine: Machine;
  readonly #users: readonly LabUser[];
  readonly #tokens = new Map<string, { readonly id: string; readonly user: string }>();
  #next = 1;

  /** @param users who may log in */
  constructor(machine: Machine, users: readonly LabUser[]) {
    this.#machine = machine;
    this.#users = users;
  }

  /** Answers a request. */
  answer(request: WebRequest): WebAnswer {
    const { method, path } = request;
    if (method === 'POST' && path === sessions) return this.#logIn(request);
    const token = request.headers['x-auth-token'];
    const session = typeof token === 'string' ? this.#tokens.get(token) : undefined;
    const isKnown = session !== undefined || basicAccountOf(this.#users, request) !== undefined;
    if (!open.has(path)) {
      if (!isKnown) return needsLogin();
      const refusal = refusalOf(this.#machine);
      if (refusal) return refusal;
    }
    if (method === 'DELETE' && path.startsWith(`${sessions}/`)) return this.#logOut(path.slice(sessions.length + 1));
    const resource = redfishResources(this.#machine).get(path);
    if (!resource) return errorOf(404, 'ResourceMissingAtURI', `The resource at the URI '${path}' was not found.`);
    if (method !== 'GET' && method !== 'HEAD')
      return errorOf(405, 'OperationNotAllowed', 'The HTTP method is not allowed on this resource.', {
        Allow: 'GET, HEAD',
      });
    return { status: 200, headers: { 'OData-Version': '4.0' }, json: method === 'HEAD' ? undefined : resource };
  }

  #logIn(request: WebRequest): WebAnswer {
    const { UserName: name, Password: password } = fieldsOf(request.body);
    const user = accountOf(this.#users, name, password);
    if (!user || this.#machine.hardware.serviceProcessor.state.refusal === 'locked') return needsLogin();
    const id = String(this.#next++);
    const token = randomBytes(16).toString('hex');
    this.#tokens.set(token, { id, user: user.name });
    return {
      status: 201,
      headers: { 'X-Auth-Token': token, Location: `${sessions}/${id}` },
      json: {
        '@odata.id': `${sessions}/${id}`,
        '@odata.type': '#Session.v1_2_1.Session',
        Id: id,
        Name: 'Session',
        UserName: user.name,
      },
    };
  }

  #logOut(id: string): WebAnswer {
    const [token] = Array.from(this.#tokens).find(([, session]) => session.id === id) ?? [];
    if (token === undefined) return errorOf(404, 'ResourceMissingAtURI', 'There is no such session.');
    this.#tokens.delete(token);
    return { status: 204 };
  }
}
