import type { ServiceStart } from '../machine/services/service.ts';
import { isDelayed, readServiceSddl, serviceStates } from '../machine/services/service.ts';
import { Win32Fault } from '../machine/win32-fault.ts';
import type { ProgramCall, WindowsProgram } from './program.ts';

const starts: Readonly<Record<string, { start: ServiceStart; delayedStart?: boolean }>> = {
  auto: { start: 'Automatic', delayedStart: false },
  'delayed-auto': { start: 'Automatic', delayedStart: true },
  demand: { start: 'Manual' },
  disabled: { start: 'Disabled' },
  boot: { start: 'Boot' },
  system: { start: 'System' },
};

const usage = 1639;

function* control(
  call: ProgramCall,
  verb: string,
  name: string,
  rest: readonly string[],
): Generator<Promise<void> | undefined, number, unknown> {
  const { machine, process, line } = call;
  const { services } = machine;
  switch (verb) {
    case 'config': {
      services.get(name);
      const at = rest.findIndex((arg) => arg.toLowerCase() === 'start=');
      const joined = rest.find((arg) => /^start=./i.test(arg));
      const word = at >= 0 ? rest[at + 1] : joined?.slice(6);
      if (word === undefined) return usage;
      const wanted = starts[word.toLowerCase()];
      if (!wanted) return usage;
      yield services.configure(name, wanted, process.parentPid);
      line('[SC] ChangeServiceConfig SUCCESS');
      return 0;
    }
    case 'qc': {
      const service = services.get(name);
      const number = { Boot: 0, System: 1, Automatic: 2, Manual: 3, Disabled: 4 }[service.start];
      const word = {
        Boot: 'BOOT_START',
        System: 'SYSTEM_START',
        Automatic: 'AUTO_START',
        Manual: 'DEMAND_START',
        Disabled: 'DISABLED',
      }[service.start];
      line('[SC] QueryServiceConfig SUCCESS');
      line('');
      line(`SERVICE_NAME: ${service.name}`);
      line(
        `        TYPE               : ${service.type.toString(16)}  ${service.type === 16 ? 'WIN32_OWN_PROCESS' : 'WIN32_SHARE_PROCESS'}`,
      );
      line(`        START_TYPE         : ${number}   ${word}${isDelayed(service) ? '  (DELAYED)' : ''}`);
      line('        ERROR_CONTROL      : 1   NORMAL');
      line(`        BINARY_PATH_NAME   : ${service.path}`);
      line(`        DISPLAY_NAME       : ${service.displayName}`);
      line(`        DEPENDENCIES       : ${service.dependsOn.join('\r\n                           : ')}`);
      line(`        SERVICE_START_NAME : ${service.account}`);
      return 0;
    }
    case 'query':
    case 'queryex': {
      const service = services.get(name);
      line('');
      line(`SERVICE_NAME: ${service.name}`);
      line(
        `        TYPE               : ${service.type.toString(16)}  ${service.type === 16 ? 'WIN32_OWN_PROCESS' : 'WIN32_SHARE_PROCESS'}`,
      );
      line(
        `        STATE              : ${serviceStates[service.state]}  ${service.state.replace(/([a-z])([A-Z])/, '$1_$2').toUpperCase()}`,
      );
      line(`        WIN32_EXIT_CODE    : ${service.exitCode}  (0x${service.exitCode.toString(16)})`);
      if (verb === 'queryex') line(`        PID                : ${service.pid}`);
      return 0;
    }
    case 'sdshow': {
      line('');
      line(services.get(name).sddl);
      return 0;
    }
    case 'sdset': {
      if (!readServiceSddl(rest[0] ?? '')) {
        line('[SC] ConvertStringSecurityDescriptorToSecurityDescriptor FAILED 1336:');
        return 1336;
      }
      yield services.setSddl(name, rest[0] ?? '', process.parentPid);
      line('[SC] SetServiceObjectSecurity SUCCESS');
      return 0;
    }
    case 'delete': {
      yield services.remove(name, process.parentPid);
      line('[SC] DeleteService SUCCESS');
      return 0;
    }
    case 'start': {
      yield services.start(name, process.parentPid);
      return 0;
    }
    case 'stop': {
      yield services.stop(name, process.parentPid);
      return 0;
    }
    case 'qtriggerinfo': {
      const service = services.get(name);
      line(
        service.trigger
          ? `[SC] QueryServiceConfig2 SUCCESS\r\n\r\nSERVICE_NAME: ${service.name}\r\n\r\n        START SERVICE`
          : 'The service has not registered for any start or stop triggers.',
      );
      return 0;
    }
    default:
      return usage;
  }
}

/** sc.exe: config, qc, query, queryex, sdshow, sdset, delete, start, stop, qtriggerinfo. */
export const serviceProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\sc.exe',
  *run(call) {
    const [verb = '', name = '', ...rest] = call.args;
    try {
      return yield* control(call, verb.toLowerCase(), name, rest);
    } catch (error) {
      if (!(error instanceof Win32Fault)) throw error;
      call.line(`[SC] OpenService FAILED ${error.code}:`);
      return error.code;
    }
  },
};
