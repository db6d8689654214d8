import { Win32Fault } from '../../machine/win32-fault.ts';
import type { WindowsProgram } from '../program.ts';

/** iisreset.exe: stops and starts the services of IIS. */
export const iisresetProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\iisreset.exe',
  isThere: (machine) => machine.files.exists('C:\\Windows\\System32\\iisreset.exe'),
  *run(call) {
    const { machine, process, line, args } = call;
    const flags = args.map((arg) => arg.toLowerCase().replace(/^-/, '/'));
    const { services } = machine;
    const pid = process.parentPid;
    if (flags.includes('/status')) {
      for (const name of ['WAS', 'W3SVC']) {
        const service = services.find(name);
        if (service) line(`Status for ${service.displayName} ( ${name} ) : ${service.state}`);
      }
      return 0;
    }
    try {
      if (!flags.includes('/start')) {
        line('');
        line('Attempting stop...');
        for (const name of ['W3SVC', 'WAS'])
          if (services.find(name)?.state === 'Running') yield services.stop(name, pid);
        yield machine.clock.wait(process.pid, 4000);
        line('Internet services successfully stopped');
      }
      if (!flags.includes('/stop')) {
        line('Attempting start...');
        for (const name of ['WAS', 'W3SVC'])
          if (services.find(name)?.state === 'Stopped') yield services.start(name, pid);
        yield machine.clock.wait(process.pid, 2000);
        line(
          flags.includes('/start')
            ? 'Internet services successfully started'
            : 'Internet services successfully restarted',
        );
      }
      return 0;
    } catch (error) {
      if (!(error instanceof Win32Fault)) throw error;
      line(`Restart attempt failed.`);
      line(
        `The IIS Admin Service or the World Wide Web Publishing Service, or a service dependent on them failed to start. (${(0x80070000 + error.code).toString(16)})`,
      );
      return error.code;
    }
  },
};
