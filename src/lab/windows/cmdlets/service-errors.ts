import type { ErrorSpec } from '../../evaluator/host.ts';
import { exception } from '../../evaluator/make.ts';
import type { Exception } from '../../evaluator/value.ts';
import type { Service } from '../machine/services/service.ts';
import { type Win32Fault, win32 } from '../machine/win32-fault.ts';

/** A Win32Exception as .NET makes it. */
export const winException = (code: number, message: string): Exception =>
  exception('System.ComponentModel.Win32Exception', message, {
    hresult: 0x80004005,
    properties: { NativeErrorCode: code, ErrorCode: -2147467259 },
  });

/** What Windows says of refused control requests. */
export const reasons: Readonly<Record<number, string>> = {
  [win32.accessDenied]: 'Access is denied',
  [win32.fileNotFound]: 'The system cannot find the file specified',
  [win32.serviceDisabled]:
    'The service cannot be started, either because it is disabled or because it has no enabled devices associated with it',
  [win32.serviceDependencyFail]: 'The dependency service or group failed to start',
  [win32.serviceAlreadyRunning]: 'An instance of the service is already running',
  126: 'The specified module could not be found',
  1061: 'The service cannot accept control messages at this time',
};

/** The error of a service that could not be started or stopped. */
export const refused = (service: Service, verb: 'start' | 'stop', fault: Win32Fault): ErrorSpec => {
  const inner = winException(fault.code, reasons[fault.code] ?? `Win32 error ${fault.code}`);
  const plain = exception(
    'System.InvalidOperationException',
    `Cannot ${verb} service ${service.name} on computer '.'.`,
    { inner },
  );
  const message = `Service '${service.displayName} (${service.name})' cannot be ${verb === 'start' ? 'started' : 'stopped'} due to the following error: ${plain.message}`;
  const thrown = exception('Microsoft.PowerShell.Commands.ServiceCommandException', message, {
    inner: plain,
    properties: { ServiceName: service.name },
  });
  return {
    id: verb === 'start' ? 'CouldNotStartService' : 'CouldNotStopService',
    message,
    category: verb === 'start' ? 'OpenError' : 'CloseError',
    target: service.name,
    exception: thrown,
  };
};

/** The error of a name that no service has. */
export const notFound = (name: string, isDisplayName = false): ErrorSpec => ({
  id: isDisplayName ? 'NoServiceFoundForGivenDisplayName' : 'NoServiceFoundForGivenName',
  message: isDisplayName
    ? `Cannot find any service with display name '${name}'.`
    : `Cannot find any service with service name '${name}'.`,
  category: 'ObjectNotFound',
  target: name,
  exception: 'Microsoft.PowerShell.Commands.ServiceCommandException',
});
