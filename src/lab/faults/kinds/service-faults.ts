import { systemPid } from '../../windows/machine/change-feed.ts';
import type { FaultKinds } from '../fault-kinds.ts';

/** A service that does not work. */
export type ServiceFault =
  | { readonly kind: 'service-disabled'; readonly name: string }
  | { readonly kind: 'service-stuck'; readonly name: string };

/** States of services. */
export const serviceFaults: FaultKinds<ServiceFault> = {
  'service-disabled': (machine, { name }) => {
    const service = machine.services.get(name);
    void machine.services.configure(name, { start: 'Disabled' }, systemPid);
    if (service.state === 'Running') void machine.services.stop(name, systemPid);
  },
  'service-stuck': (machine, { name }) => {
    machine.services.get(name).stopHangs = true;
  },
};
