import type { BoundParameters, CommandContext, ErrorSpec, Task } from '../../evaluator/host.ts';
import { exception } from '../../evaluator/make.ts';
import type { Held } from '../machine/change-feed.ts';
import type { Service, ServiceStart } from '../machine/services/service.ts';
import { Win32Fault } from '../machine/win32-fault.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { serviceObject, serviceOf } from '../types/service-controller.ts';
import { command } from './command-syntax.ts';
import { notFound, reasons, refused, winException } from './service-errors.ts';

const className = (name: string): string => `Microsoft.PowerShell.Commands.${name}Command`;

/** Services that -Name, -DisplayName or -InputObject name; what a plain name does not find is an error. */
const boundServices = (context: CommandContext, bound: BoundParameters): Service[] => {
  const { services } = actorOf(context).machine;
  if (bound.has('InputObject')) {
    return bound.list('InputObject').flatMap((value) => {
      const service = services.find(serviceOf(value)?.name ?? context.text(context.property(value, 'Name')));
      return service ? [service] : [];
    });
  }
  const isDisplayName = bound.has('DisplayName') && !bound.has('Name');
  const patterns = bound.texts(isDisplayName ? 'DisplayName' : 'Name');
  const label = (service: Service): string => (isDisplayName ? service.displayName : service.name);
  const all = services.all();
  const found =
    patterns.length === 0 && !bound.has('Name')
      ? all
      : patterns.flatMap((pattern) => {
          const fitting = all.filter((service) => context.like(label(service), pattern));
          if (fitting.length === 0 && !/[*?[]/.test(pattern)) context.writeError(notFound(pattern, isDisplayName));
          return fitting;
        });
  const include = bound.texts('Include');
  const exclude = bound.texts('Exclude');
  return found.filter(
    (service) =>
      (include.length === 0 || include.some((pattern) => context.like(label(service), pattern))) &&
      !exclude.some((pattern) => context.like(label(service), pattern)),
  );
};

const getService = command('Get-Service', {
  className: className('GetService'),
  aliases: ['gsv'],
  sets: ['Default', 'DisplayName', 'InputObject'],
  pipeline: { Name: 'both', InputObject: 'value' },
  parameterAliases: {
    Name: ['ServiceName'],
    DependentServices: ['DS'],
    RequiredServices: ['SDO', 'ServicesDependedOn'],
  },
  simulated: ['Name', 'DisplayName', 'InputObject', 'DependentServices', 'RequiredServices', 'Include', 'Exclude'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    for (const service of boundServices(context, bound)) {
      if (bound.flag('DependentServices')) {
        for (const other of machine.services.dependents(service.name))
          context.write(serviceObject(machine, other.name));
      } else if (bound.flag('RequiredServices')) {
        for (const name of service.dependsOn)
          if (machine.services.find(name)) context.write(serviceObject(machine, name));
      } else context.write(serviceObject(machine, service.name));
    }
  },
});

function* make(context: CommandContext, run: () => Held, toError: (fault: Win32Fault) => ErrorSpec): Task<boolean> {
  try {
    yield run();
    return true;
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
    context.writeError(toError(error));
    return false;
  }
}

function* startOne(context: CommandContext, service: Service): Task<boolean> {
  const { machine, pid } = actorOf(context);
  if (service.state === 'Running') return true;
  return yield* make(
    context,
    () => machine.services.start(service.name, pid),
    (fault) => refused(service, 'start', fault),
  );
}

/** Stops a service and, with -Force, the running services that need it; waits for the end unless told not to. */
function* stopOne(
  context: CommandContext,
  service: Service,
  options: { force: boolean; noWait: boolean },
): Task<boolean> {
  const { machine, pid } = actorOf(context);
  if (service.state === 'Stopped') return true;
  const running = machine.services.dependents(service.name).filter((other) => other.state !== 'Stopped');
  if (running.length > 0 && !options.force) {
    context.writeError({
      id: 'ServiceHasDependentServices',
      message: `Cannot stop service '${service.displayName} (${service.name})' because it has dependent services. It can only be stopped if the Force flag is set.`,
      category: 'InvalidOperation',
      target: service.name,
      exception: 'Microsoft.PowerShell.Commands.ServiceCommandException',
    });
    return false;
  }
  for (const other of running) {
    if (
      !(yield* make(
        context,
        () => machine.services.stop(other.name, pid),
        (fault) => refused(other, 'stop', fault),
      ))
    )
      return false;
  }
  const refusal = (fault: Win32Fault): ErrorSpec => refused(service, 'stop', fault);
  if (
    service.state !== 'StopPending' &&
    !(yield* make(context, () => machine.services.stop(service.name, pid), refusal))
  )
    return false;
  if (options.noWait) return true;
  // Windows PowerShell waits as long as the service says that it is stopping, with a warning every two seconds.
  let warned = 0;
  while (stateNow(service) === 'StopPending' && warned < 1800) {
    yield machine.clock.wait(pid, 2000);
    context.writeWarning(`Waiting for service '${service.displayName} (${service.name})' to stop...`);
    warned++;
  }
  return stateNow(service) === 'Stopped';
}
const stateNow = (service: Service): Service['state'] => service.state;

const controlFacts = (name: string) =>
  ({
    className: className(name),
    sets: ['InputObject', 'Default', 'DisplayName'],
    pipeline: { InputObject: 'value', Name: 'both' },
    parameterAliases: { Name: ['ServiceName'] },
    simulated: ['InputObject', 'Name', 'DisplayName', 'Force', 'NoWait', 'PassThru', 'Include', 'Exclude'],
  }) as const;

const target = (service: Service): string => `${service.displayName} (${service.name})`;

const startService = command('Start-Service', {
  ...controlFacts('StartService'),
  aliases: ['sasv'],
  *process(context, bound) {
    for (const service of boundServices(context, bound)) {
      if (!context.shouldProcess(target(service), 'Start-Service')) continue;
      const isDone = yield* startOne(context, service);
      if (isDone && bound.flag('PassThru')) context.write(serviceObject(actorOf(context).machine, service.name));
    }
  },
});

const stopService = command('Stop-Service', {
  ...controlFacts('StopService'),
  aliases: ['spsv'],
  *process(context, bound) {
    for (const service of boundServices(context, bound)) {
      if (!context.shouldProcess(target(service), 'Stop-Service')) continue;
      const isDone = yield* stopOne(context, service, { force: bound.flag('Force'), noWait: bound.flag('NoWait') });
      if (isDone && bound.flag('PassThru')) context.write(serviceObject(actorOf(context).machine, service.name));
    }
  },
});

const restartService = command('Restart-Service', {
  ...controlFacts('RestartService'),
  *process(context, bound) {
    const { machine } = actorOf(context);
    for (const service of boundServices(context, bound)) {
      if (!context.shouldProcess(target(service), 'Restart-Service')) continue;
      const running = machine.services.dependents(service.name).filter((other) => other.state === 'Running');
      if (!(yield* stopOne(context, service, { force: bound.flag('Force'), noWait: false }))) continue;
      yield* startOne(context, service);
      for (const other of running.reverse()) yield* startOne(context, other);
      if (bound.flag('PassThru')) context.write(serviceObject(machine, service.name));
    }
  },
});

const setService = command('Set-Service', {
  className: className('SetService'),
  sets: ['Name', 'InputObject'],
  pipeline: { Name: 'name', InputObject: 'value' },
  parameterAliases: { Name: ['ServiceName', 'SN'], DisplayName: ['DN'], StartupType: ['StartMode', 'SM', 'ST'] },
  validateSets: { Status: ['Running', 'Stopped', 'Paused'] },
  simulated: ['Name', 'InputObject', 'DisplayName', 'Description', 'StartupType', 'Status', 'PassThru'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const name = bound.has('InputObject')
      ? (serviceOf(bound.get('InputObject'))?.name ?? '')
      : (bound.text('Name') ?? '');
    const service = machine.services.find(name);
    if (!service) {
      const missing = `Service ${name} was not found on computer '.'.`;
      return context.writeError({
        id: 'NoServiceFoundForGivenName',
        message: missing,
        category: 'ObjectNotFound',
        target: name,
        exception: exception('System.InvalidOperationException', missing, {
          inner: winException(1060, 'The specified service does not exist as an installed service'),
        }),
      });
    }
    if (!context.shouldProcess(target(service), 'Set-Service')) return undefined;
    const start = bound.has('StartupType') ? (context.text(bound.get('StartupType')) as ServiceStart) : undefined;
    const change = {
      ...(start === undefined ? {} : { start }),
      ...(bound.has('DisplayName') ? { displayName: bound.text('DisplayName') ?? '' } : {}),
      ...(bound.has('Description') ? { description: bound.text('Description') ?? '' } : {}),
    };
    const failed = (fault: Win32Fault): ErrorSpec => {
      const message = `Service '${target(service)}' cannot be configured due to the following error: ${reasons[fault.code] ?? fault.message}`;
      return {
        id: 'CouldNotSetService',
        message,
        category: 'PermissionDenied',
        target: service.name,
        exception: exception('Microsoft.PowerShell.Commands.ServiceCommandException', message, {
          inner: winException(fault.code, reasons[fault.code] ?? ''),
        }),
      };
    };
    if (
      Object.keys(change).length > 0 &&
      !(yield* make(context, () => machine.services.configure(service.name, change, pid), failed))
    )
      return undefined;
    const status = bound.text('Status')?.toLowerCase();
    if (status === 'running') yield* startOne(context, service);
    else if (status === 'stopped') yield* stopOne(context, service, { force: false, noWait: false });
    else if (status !== undefined) context.unsupported('Set-Service -Status Paused');
    if (bound.flag('PassThru')) context.write(serviceObject(machine, service.name));
    return undefined;
  },
});

/** Get-, Start-, Stop-, Restart- and Set-Service. */
export const serviceCmdlets = [getService, startService, stopService, restartService, setService];
