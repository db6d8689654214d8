import type { Frame } from '../frame.ts';
import type { Resolved } from './command-info.ts';

const scriptFile = (name: string, frame: Frame): Resolved | undefined => {
  if (!/\.ps1$/i.test(name)) return undefined;
  const path = /^[A-Za-z]:|^\\\\/.test(name)
    ? name
    : `${frame.session.location.replace(/\\$/, '')}\\${name.replace(/^\.\\/, '')}`;
  const script = frame.session.registry.readScript(path, frame.context);
  return script && { kind: 'script', path: script.path, text: script.text };
};

/** Follows aliases to the command that is meant. */
const throughAliases = (name: string, frame: Frame): string => {
  let current = name;
  for (let i = 0; i < 10; i++) {
    const lower = current.toLowerCase();
    const target = frame.scope.findAlias(lower) ?? frame.session.registry.aliases.get(lower);
    if (target === undefined) return current;
    current = target;
  }
  return current;
};

/** Finds a command by name: alias, function, cmdlet, script file, program. */
export const resolveCommand = (called: string, frame: Frame): Resolved | undefined => {
  const { registry, surface } = frame.session;
  const name = throughAliases(called, frame);
  const qualified = !name.includes('\\')
    ? null
    : /^(Microsoft\.PowerShell\.\w+|[A-Za-z]+)\\([A-Za-z]+-\w+)$/.exec(name);
  if (qualified) {
    const definition = registry.cmdlets.get((qualified[2] ?? '').toLowerCase());
    return definition && { kind: 'cmdlet', definition };
  }
  const written = name.toLowerCase();
  const lower = name.includes(':') ? written.replace(/^(global|script|local):/, '') : written;
  const definition = frame.scope.findFunction(lower);
  if (definition) return { kind: 'function', definition };
  const cmdlet = surface?.proxies.get(lower) ?? registry.cmdlets.get(lower);
  if (cmdlet) return { kind: 'cmdlet', definition: cmdlet };
  const script = scriptFile(name, frame);
  if (script) return script;
  const program = registry.resolveProgram(name);
  if (program) return { kind: 'program', program };
  // `Get-` may be left out.
  const getter = /^\w+$/.test(lower) ? registry.cmdlets.get(`get-${lower}`) : undefined;
  return getter && { kind: 'cmdlet', definition: getter };
};
