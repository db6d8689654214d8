import { parseScript } from '../../../../src/powershell/parse-script.ts';

/** What a PowerShell text uses of the world around it. */
export type Surface = {
  /** Functions that the text defines. */
  readonly functions: ReadonlySet<string>;
  /** Commands called by name → parameters given to them by name. */
  readonly commands: ReadonlyMap<string, ReadonlySet<string>>;
  /** .NET types → static members and `new`. */
  readonly types: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names of methods called on objects. */
  readonly methods: ReadonlySet<string>;
  /** CIM classes given to -ClassName. */
  readonly cimClasses: ReadonlySet<string>;
};

type Node = { readonly kind?: unknown; readonly [field: string]: unknown };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

const textOf = (value: unknown): string | undefined =>
  isNode(value) && value.kind === 'string' && typeof value['value'] === 'string' ? value['value'] : undefined;

/** Reads the surface of a script from its syntax tree. */
export function readSurface(text: string): Surface {
  const functions = new Set<string>();
  const commands = new Map<string, Set<string>>();
  const types = new Map<string, Set<string>>();
  const methods = new Set<string>();
  const cimClasses = new Set<string>();

  const note = (map: Map<string, Set<string>>, name: string): Set<string> => {
    const known = map.get(name) ?? new Set<string>();
    map.set(name, known);
    return known;
  };

  const visitCommand = (node: Node): void => {
    const name = textOf(node['name']);
    if (name === undefined || !Array.isArray(node['elements'])) return;
    const given = note(commands, name);
    const elements: readonly unknown[] = node['elements'];
    for (const [index, element] of elements.entries()) {
      if (!isNode(element) || element.kind !== 'commandParameter' || typeof element['name'] !== 'string') continue;
      given.add(element['name']);
      const next = elements[index + 1];
      const value = isNode(next) && next.kind === 'argument' ? textOf(next['value']) : undefined;
      if (value === undefined) continue;
      if (element['name'] === 'ClassName') cimClasses.add(value);
      if (name === 'New-Object' && element['name'] === 'TypeName') note(types, value).add('new');
    }
  };

  const visitMember = (node: Node): void => {
    const member = textOf(node['name']);
    const target = node['target'];
    if (member === undefined) return;
    if (node['isStatic'] === true && isNode(target) && target.kind === 'type' && isNode(target['type']))
      note(types, String(target['type']['name'])).add(member);
    else if (node.kind === 'call') methods.add(member);
  };

  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
      return;
    }
    if (!isNode(value)) return;
    if (value.kind === 'function') functions.add(String(value['name']));
    if (value.kind === 'command') visitCommand(value);
    if (value.kind === 'member' || value.kind === 'call') visitMember(value);
    if (value.kind === 'typeName') note(types, String(value['name']));
    for (const field of Object.values(value)) visit(field);
  };
  visit(parseScript(text).body);
  return { functions, commands, types, methods, cimClasses };
}

const sorted = (names: Iterable<string>): readonly string[] =>
  [...names].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));

/** The surface as the lines of `docs/host-kit-surface.md` between its two marks. */
export function describeSurface({ functions, commands, types, methods, cimClasses }: Surface): string {
  const table = (map: ReadonlyMap<string, ReadonlySet<string>>, mark: string): string[] =>
    sorted(map.keys()).map((name) => {
      const members = sorted(map.get(name) ?? []);
      return `- \`${name}\`${members.length === 0 ? '' : `: ${members.map((member) => `${mark}${member}`).join(' ')}`}`;
    });
  const outside = new Map([...commands].filter(([name]) => !functions.has(name)));
  return [
    '### Commands, with the parameters given by name',
    ...table(outside, '-'),
    '',
    '### .NET types, with their static members',
    ...table(types, ''),
    '',
    '### Methods called on objects',
    sorted(methods).join(' '),
    '',
    '### CIM classes',
    sorted(cimClasses).join(' '),
  ].join('\n');
}
