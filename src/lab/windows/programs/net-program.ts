import { Win32Fault } from '../machine/win32-fault.ts';
import type { WindowsProgram } from './program.ts';

/** net.exe: start and stop of services. */
export const netProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\net.exe',
  *run({ machine, process, args, line, errorLine }) {
    const [verb = '', name = ''] = args;
    const { services } = machine;
    try {
      const service = services.get(
        services.all().find((one) => one.displayName.toLowerCase() === name.toLowerCase())?.name ?? name,
      );
      if (/^stop$/i.test(verb) && service.state === 'Stopped') {
        errorLine(`The ${service.displayName} service is not started.`);
        return 2;
      }
      if (/^start$/i.test(verb)) yield services.start(service.name, process.parentPid);
      else if (/^stop$/i.test(verb)) {
        const running = services.dependents(service.name).filter((other) => other.state === 'Running');
        if (running.length > 0 && !args.some((arg) => /^\/y(es)?$/i.test(arg))) return 2;
        for (const other of running) yield services.stop(other.name, process.parentPid);
        yield services.stop(service.name, process.parentPid);
      } else return 1;
      line(`The ${service.displayName} service was ${/^start$/i.test(verb) ? 'started' : 'stopped'} successfully.`);
      return 0;
    } catch (error) {
      if (!(error instanceof Win32Fault)) throw error;
      errorLine(`System error ${error.code} has occurred.`);
      return 2;
    }
  },
};
