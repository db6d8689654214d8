import { readSchema } from '../src/input/document/schemas.ts';

type Property = { readonly description?: string; readonly const?: string; readonly enum?: readonly string[] };
type FaultSchema = {
  readonly properties: Readonly<Record<string, Property>> & { readonly kind: Property };
  readonly required?: readonly string[];
};
type LabSchema = { readonly $defs: { readonly fault: { readonly oneOf: readonly FaultSchema[] } } };

const parameterText = (
  name: string,
  { description = '', enum: values }: Property,
  required: readonly string[],
): string => {
  const needed = required.includes(name) ? ' (needed)' : '';
  const listed = values === undefined ? '' : ` ${values.map((value) => `\`${value}\``).join(', ')}.`;
  return `\`${name}\`${needed}: ${description}${listed}`;
};

/** The page on the faults of the lab, made from its schema. */
export function faultDocument(): string {
  const schema = readSchema('lab') as unknown as LabSchema;
  const rows = schema.$defs.fault.oneOf
    .toSorted((a, b) => ((a.properties.kind.const ?? '') < (b.properties.kind.const ?? '') ? -1 : 1))
    .map(({ properties, required = [] }) => {
      const { kind, ...rest } = properties;
      const parameters = Object.entries(rest).map(([name, property]) => parameterText(name, property, required));
      return `| \`${kind.const}\` | ${kind.description ?? ''} | ${parameters.join('<br>')} |`;
    });
  return `<!-- Made by \`npm run generate\` from schemas/lab.schema.json; don't edit. -->
# Faults of the lab

A host of a [lab file](lab-file.md), or of a test of a playbook, is a base plus faults: states that a Windows can be in. A fault is no switch that a certain
command turns off: what follows from it follows from files, values and services, so that causes with the same symptom need their own cures.
A fault stands in a list by its \`kind\`, with its parameters beside it, and faults are applied in order:

\`\`\`yaml
kintsugi: lab/v1
hosts:
  srv: { base: windows-server-2022, faults: [{ kind: iis-pool-stopped }, { kind: clock-skew, minutes: 7 }] }
\`\`\`

What happens to a host while it is worked on are [disturbances](lab-file.md#disturbances). What commands show and do is listed in
[lab-windows.md](lab-windows.md).

| kind | what is wrong | parameters |
|---|---|---|
${rows.join('\n')}
`;
}
