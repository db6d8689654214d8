import { Win32Fault } from '../machine/win32-fault.ts';
import type { WindowsProgram } from './program.ts';

/** net.exe: start and stop of services. */
export const netProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\net.exe',
  *run({ machine, process, args, line, errorLine }) {
    const [verb = '', name = ''] = args;
    const { services } = machine;
    const say = (text: string, help: number): number => {
      for (const each of [text, '', `More help is available by typing NET HELPMSG ${help}.`, '']) errorLine(each);
      return 2;
    };
    if (!/^(start|stop)$/i.test(verb)) {
      errorLine('The syntax of this command is:');
      errorLine('');
      errorLine('NET');
      return 1;
    }
    try {
      const service = services.find(
        services.all().find((one) => one.displayName.toLowerCase() === name.toLowerCase())?.name ?? name,
      );
      if (!service) return say('The service name is invalid.', 2185);
      if (/^stop$/i.test(verb) && service.state === 'Stopped')
        return say(`The ${service.displayName} service is not started.`, 3521);
      if (/^start$/i.test(verb) && service.state === 'Running')
        return say('The requested service has already been started.', 2182);
      if (/^start$/i.test(verb)) yield services.start(service.name, process.parentPid);
      else {
        const running = services.dependents(service.name).filter((other) => other.state === 'Running');
        if (running.length > 0 && !args.some((arg) => /^\/y(es)?$/i.test(arg))) return 2;
        for (const other of running) yield services.stop(other.name, process.parentPid);
        yield services.stop(service.name, process.parentPid);
      }
      line(`The ${service.displayName} service was ${/^start$/i.test(verb) ? 'started' : 'stopped'} successfully.`);
      return 0;
    } catch (error) {
      if (!(error instanceof Win32Fault)) throw error;
      errorLine(`System error ${error.code} has occurred.`);
      return 2;
    }
  },
};
