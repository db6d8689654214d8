import { hresultOf, Win32Fault } from '../machine/win32-fault.ts';
import type { WindowsProgram } from './program.ts';

/** fltmc.exe: filters, instances, unload, load. */
export const filterProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\fltMC.exe',
  *run({ machine, process, args, line }) {
    const [verb = 'filters', name = ''] = args.map((arg) => arg.toLowerCase());
    if (verb === 'filters') {
      line('');
      line('Filter Name                     Num Instances    Altitude    Frame');
      line('------------------------------  -------------  ------------  -----');
      for (const filter of machine.filters.loaded())
        line(`${filter.name.padEnd(38)}  1     ${filter.altitude.padStart(10)}         0`);
      return 0;
    }
    if (verb === 'instances') {
      line(
        'Filter                Volume Name                              Altitude        Instance Name       Frame   SprtFtrs  VlStatus',
      );
      line(
        '--------------------  -------------------------------------  ------------  ----------------------  -----   --------  --------',
      );
      for (const filter of machine.filters.loaded())
        line(
          `${filter.name.padEnd(20)}  ${'C:'.padEnd(37)}  ${filter.altitude.padStart(12)}  ${`${filter.name} Instance`.padEnd(22)}    0     0000000f  `,
        );
      return 0;
    }
    if (verb !== 'unload' && verb !== 'load') {
      line('Invalid command.');
      return 1;
    }
    try {
      yield verb === 'unload'
        ? machine.filters.unload(name, process.parentPid)
        : machine.filters.load(name, process.parentPid);
      return 0;
    } catch (error) {
      if (!(error instanceof Win32Fault)) throw error;
      const code = hresultOf(error.code);
      line('');
      line(`${verb === 'unload' ? 'Unload' : 'Load'} failed with error: 0x${(code >>> 0).toString(16)}`);
      return code;
    }
  },
};
