import { postInstall, wsusFolder } from '../../machine/wsus/install-wsus.ts';
import { checkHealth } from '../../machine/wsus/wsus-events.ts';
import type { WindowsProgram } from '../program.ts';

/** wsusutil.exe: reset, checkhealth, postinstall. */
export const wsusutilProgram: WindowsProgram = {
  path: `${wsusFolder}\\Tools\\wsusutil.exe`,
  isThere: (machine) => machine.files.exists(`${wsusFolder}\\Tools\\wsusutil.exe`),
  isOnPath: false,
  *run({ machine, process, args, line }) {
    const verb = (args[0] ?? '').toLowerCase();
    switch (verb) {
      case 'reset':
        if (machine.services.find('WsusService')?.state !== 'Running') {
          line('Fatal Error: The WSUS service is not running.');
          return 1;
        }
        machine.wsus.fetchContent();
        yield machine.changes.record('wsus.reset', 'content', undefined, undefined, process.parentPid);
        return 0;
      case 'checkhealth':
        if (machine.services.find('WsusService')?.state !== 'Running') {
          line('Fatal Error: The WSUS service is not running.');
          return 1;
        }
        checkHealth(machine);
        line(
          'WsusService has started checking the health of the components of WSUS. Please check the Event Viewer for the status of WSUS components.',
        );
        return 0;
      case 'postinstall': {
        const folder =
          args.map((arg) => /^CONTENT_DIR=(.*)$/i.exec(arg)?.[1]).find((one) => one !== undefined) ?? 'C:\\WSUS';
        line('Post install is starting');
        yield machine.clock.wait(process.pid, 120_000);
        postInstall(machine, folder, process.parentPid);
        line('Post install has successfully completed');
        return 0;
      }
      default:
        line(
          'Use: wsusutil [checkhealth | reset | postinstall | movecontent | export | import | configuressl | usecustomwebsite]',
        );
        return 1;
    }
  },
};
