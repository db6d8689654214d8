import { clixmlTypeNames } from '../evaluator/clixml-type-names.ts';
import type { CallContext } from '../evaluator/host.ts';
import { allProperties, definitionOf, definitionsOf } from '../evaluator/members/definitions.ts';
import { registryOf } from '../evaluator/registry-of.ts';
import type { TypeDefinition } from '../evaluator/type-definition.ts';
import type { Instance } from '../evaluator/value.ts';

/** Properties of a type that are other names of others. */
export const aliasesOf = (type: TypeDefinition): (readonly [string, string])[] =>
  Object.entries(type.properties ?? {}).flatMap(([name, { aliasOf }]) =>
    aliasOf === undefined ? [] : [[name, aliasOf] as const],
  );

/** What objects have in common, told to the bridge once for each kind. */
export class Shapes {
  readonly #known = new Map<string, Map<object, number>>();
  #last = 0;

  /** The number of what objects of one kind have in common, and what that is where the bridge has not heard of it. */
  of(value: Instance, context: CallContext): { readonly s: number; readonly S?: { readonly [key: string]: unknown } } {
    const { name } = value.type;
    const registry = registryOf(context);
    const typeNames = clixmlTypeNames(value, context);
    const definition = definitionOf(registry, value);
    const key = [name, definition === value.type ? '' : 'registered', ...typeNames].join('|');
    const known = this.#known.get(key)?.get(definition ?? value.type);
    if (known !== undefined) return { s: known };
    const properties = allProperties(registry, value);
    const aliases = registry.types.has(name.toLowerCase()) ? aliasesOf(value.type) : [];
    const visible = Object.entries(value.type.properties ?? {}).flatMap(([each, { hidden }]) =>
      hidden === true || aliases.some(([alias]) => alias === each) ? [] : [each],
    );
    const s = ++this.#last;
    this.#known.set(key, (this.#known.get(key) ?? new Map<object, number>()).set(definition ?? value.type, s));
    return {
      s,
      S: {
        c: name,
        n: typeNames,
        p: visible,
        x: properties.map(([each]) => each).filter((each) => !visible.includes(each)),
        m: [...new Set(definitionsOf(registry, value).flatMap(({ methods }) => Object.keys(methods ?? {})))],
        e: definition?.enumerate !== undefined || definition?.getItem !== undefined,
      },
    };
  }
}
