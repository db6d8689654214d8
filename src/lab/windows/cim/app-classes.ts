import { scanForApps } from '../machine/apps/app-scan.ts';
import type { Machine } from '../machine/machine.ts';
import type { CimClass } from './cim-class.ts';
import { uint32 } from './cim-instance.ts';

/** The bridge of device management to the Store; SYSTEM alone reaches it. */
export const appManagement: CimClass = {
  name: 'MDM_EnterpriseModernAppManagement_AppManagement01',
  namespace: 'root/cimv2/mdm/dmmap',
  keys: ['InstanceID', 'ParentID'],
  outside: 'AppInventoryQuery AppInventoryResults RemovePackage',
  exists: (machine: Machine) => machine.apps.exists,
  instances: (machine) => [
    {
      InstanceID: 'AppManagement',
      LastScanError: machine.apps.lastScanResult === undefined ? null : machine.apps.lastScanResult | 0,
      ParentID: './Vendor/MSFT/EnterpriseModernAppManagement/',
    },
  ],
  methods: {
    *UpdateScanMethod({ machine, context, pid }) {
      const account = machine.processes.get(pid)?.account;
      if (account?.sid !== 'S-1-5-18')
        context.fail({
          id: 'HRESULT 0x80041003',
          message: 'Access denied ',
          category: 'PermissionDenied',
          exception: 'Microsoft.Management.Infrastructure.CimException',
        });
      yield machine.clock.wait(pid, 5000);
      scanForApps(machine);
      return { ReturnValue: uint32(0) };
    },
  },
};
