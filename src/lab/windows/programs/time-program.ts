import { timeCodes } from '../machine/time-service.ts';
import type { WindowsProgram } from './program.ts';

const parameters = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters';

/** w32tm.exe: /resync, /config, /query. Its text follows the language of Windows; exit codes do not. */
export const timeProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\w32tm.exe',
  *run({ machine, process, args, line }) {
    const [verb = ''] = args;
    const option = (name: string): string | undefined =>
      args.find((arg) => arg.toLowerCase().startsWith(`/${name}:`))?.slice(name.length + 2);
    const has = (name: string): boolean => args.some((arg) => arg.toLowerCase() === `/${name}`);
    if (/^\/resync$/i.test(verb)) {
      const isAsync = has('nowait');
      if (!isAsync) yield machine.clock.wait(process.pid, 4000);
      const code = machine.time.resync(isAsync, process.parentPid);
      line(
        code === 0
          ? 'Sending resync command to local computer'
          : code === timeCodes.serviceNotStarted
            ? 'The following error occurred: The service has not been started. (0x80070426)'
            : 'The computer did not resync because no time data was available.',
      );
      if (code === 0) line('The command completed successfully.');
      return code;
    }
    if (/^\/config$/i.test(verb)) {
      const peers = option('manualpeerlist');
      const flags = option('syncfromflags');
      const pid = process.parentPid;
      if (peers !== undefined)
        yield machine.registry.set(
          parameters,
          { name: 'NtpServer', kind: 'String', data: peers.replace(/^"|"$/g, '') },
          pid,
        );
      if (flags !== undefined) {
        const type = { manual: 'NTP', domhier: 'NT5DS', no: 'NoSync', all: 'AllSync' }[flags.toLowerCase()];
        if (type === undefined) return 0x80070057;
        yield machine.registry.set(parameters, { name: 'Type', kind: 'String', data: type }, pid);
      }
      if (has('update') && machine.services.find('W32Time')?.state !== 'Running') {
        line('The following error occurred: The service has not been started. (0x80070426)');
        return timeCodes.serviceNotStarted;
      }
      line('The command completed successfully.');
      return 0;
    }
    if (/^\/query$/i.test(verb)) {
      if (machine.services.find('W32Time')?.state !== 'Running') {
        line('The following error occurred: The service has not been started. (0x80070426)');
        return timeCodes.serviceNotStarted;
      }
      if (has('source')) line(machine.time.servers()[0] ?? 'Local CMOS Clock');
      else if (has('peers')) line(`#Peers: ${machine.time.servers().length}`);
      else line(`Source: ${machine.time.servers()[0] ?? 'Local CMOS Clock'}`);
      return 0;
    }
    line('w32tm [/? | /register | /unregister ]');
    return 0x80070057;
  },
};
