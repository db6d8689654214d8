import { randomBytes, randomUUID } from 'node:crypto';
import type { LabUser } from '../server/endpoint-options.ts';
import type { Health } from '../windows/machine/devices/service-processor.ts';
import type { Machine } from '../windows/machine/machine.ts';
import { accountOf, basicAccountOf, fieldsOf, type WebAnswer, type WebRequest } from './web-exchange.ts';

const healthWords: Readonly<Record<Health, string>> = { OK: 'Normal', Warning: 'Warning', Critical: 'Critical' };

/** What a level such as `58N-4.20` is made of: the build's letters and the version. */
const levelOf = (text: string): { readonly build: string; readonly version: string } => {
  const [, build, version] = /^([0-9A-Z]+)-(.+)$/u.exec(text) ?? [];
  return build === undefined || version === undefined ? { build: '', version: text } : { build, version };
};

/** A managed server as the administrator lists it; `address` is that of its service processor. */
const nodeOf = (machine: Machine, address: string): Readonly<Record<string, unknown>> => {
  const { firmware, serviceProcessor } = machine.hardware;
  const { state } = serviceProcessor;
  const listed = [
    ...state.firmware,
    {
      id: 'UEFI',
      name: 'Firmware:UEFI',
      softwareId: 'UEFI-AFE1-1',
      version: firmware.state.bios.version,
      releasedMs: firmware.state.bios.releasedMs,
      state: 'Enabled',
    },
  ];
  return {
    uuid: machine.machineId.replaceAll('-', '').toUpperCase(),
    name: machine.name,
    hostname: machine.name,
    productName: 'ThinkSystem SR650 V2',
    machineType: '7Z73',
    model: 'CTO1WW',
    serialNumber: machine.machineId.slice(0, 8).toUpperCase(),
    mgmtProcType: 'XCC',
    mgmtProcIPaddress: address,
    // What the administrator sees while the service processor lets nobody in.
    accessState: state.refusal === null ? 'Online' : 'Pending',
    powerStatus: machine.power.state === 'up' ? 8 : 5,
    overallHealthState: healthWords[serviceProcessor.health],
    firmware: listed.map((one) => ({
      name: one.name.replace('Firmware:', ''),
      type: one.id,
      ...levelOf(one.version),
      date: new Date(one.releasedMs).toISOString(),
      role: one.state === 'StandbySpare' ? 'Backup' : 'Primary',
      status: one.state === 'StandbySpare' ? 'Inactive' : 'Active',
    })),
    memoryModules: state.memory.map(({ slot, health }) => ({
      slot,
      displayName: `DIMM ${slot}`,
      healthState: healthWords[health],
    })),
    powerSupplies: state.powerSupplies.map(({ slot, health }) => ({
      slots: [slot],
      name: `Power Supply ${slot}`,
      healthState: healthWords[health],
    })),
  };
};

const refused = (status: number, text: string): WebAnswer => ({
  status,
  json: { result: 'failure', messages: [{ text }] },
});

/** A server that the administrator manages, and where its service processor answers. */
export type ManagedServer = { readonly machine: Machine; readonly address: string };

/** XClarity Administrator's REST: the inventory of the servers that it manages, reads only. */
export class XClarityService {
  readonly #servers: readonly ManagedServer[];
  readonly #users: readonly LabUser[];
  readonly #sessions = new Set<string>();

  /** @param users who may log in */
  constructor(servers: readonly ManagedServer[], users: readonly LabUser[]) {
    this.#servers = servers;
    this.#users = users;
  }

  /** Answers a request. */
  answer(request: WebRequest): WebAnswer {
    const { method, path } = request;
    if (method === 'POST' && path === '/sessions') return this.#logIn(request);
    const [, session = ''] = /(?:^|;\s*)JSESSIONID=([^;]+)/u.exec(request.headers.cookie ?? '') ?? [];
    if (!this.#sessions.has(session) && !basicAccountOf(this.#users, request))
      return refused(401, 'The user cannot be authenticated.');
    if (method === 'DELETE' && path === `/sessions/${session}`) {
      this.#sessions.delete(session);
      return { status: 204 };
    }
    if (method !== 'GET') return refused(403, 'This lab answers reads only.');
    const nodes = this.#servers.map(({ machine, address }) => nodeOf(machine, address));
    if (path === '/nodes') return { status: 200, json: { nodeList: nodes } };
    const [, wanted] = /^\/nodes\/([0-9A-F]{32})$/iu.exec(path) ?? [];
    const node = nodes.find(({ uuid }) => uuid === wanted?.toUpperCase());
    return node ? { status: 200, json: node } : refused(404, 'The resource was not found.');
  }

  #logIn(request: WebRequest): WebAnswer {
    const { UserId: name, password } = fieldsOf(request.body);
    const user = accountOf(this.#users, name, password);
    if (!user) return refused(401, 'The user cannot be authenticated.');
    const id = randomUUID().replaceAll('-', '');
    const csrf = randomBytes(16).toString('hex');
    this.#sessions.add(id);
    return {
      status: 200,
      headers: { 'Set-Cookie': [`JSESSIONID=${id}; Path=/; Secure; HttpOnly`, `csrf=${csrf}; Path=/; Secure`] },
      json: {
        response: { session: { id, UserId: user.name, csrf, inactivityTimeout: 1440 }, pwChangeRequired: false },
      },
    };
  }
}
