import { Hashtable } from '../../../evaluator/hashtable.ts';
import type { BoundParameters, CommandContext } from '../../../evaluator/host.ts';
import { newObject } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import {
  addEntry,
  clearSection,
  clearValue,
  readFiltered,
  removeEntries,
  setLock,
  setValues,
  type WebPlace,
} from '../../machine/web/config-filter.ts';
import { type Filter } from '../../machine/web/filter-text.ts';
import { openPassword, sealPassword } from '../../machine/web/web-access.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import {
  attributeValue,
  configText,
  type ElementState,
  elementType,
  entriesOf,
  innerElement,
} from '../../types/web/config-values.ts';
import { roleCommand } from '../role-command.ts';
import { webStep } from './web-errors.ts';
import { boundFilters, boundPlaces } from './web-place.ts';

/** The class of a command. */
export const className = (name: string): string => `Microsoft.IIs.PowerShell.Provider.${name}Command`;

/** What a call means: a filter and a place. */
export type Target = {
  readonly filter: Filter & { readonly shown: string };
  readonly place: WebPlace & { readonly shown: string };
};
/** All pairs of filters and places of a call. */
export const targets = (context: CommandContext, bound: BoundParameters): Target[] =>
  boundPlaces(context, bound).flatMap((place) => boundFilters(context, bound).map((filter) => ({ filter, place })));

const warnMissing = (context: CommandContext, { filter, place }: Target): void =>
  context.writeWarning(`Target configuration object '${filter.shown}' is not found at path '${place.shown}'.`);

/** The elements that a target names; the section itself where the filter ends with it. */
export const elements = (context: CommandContext, target: Target): ElementState[] =>
  readFiltered(actorOf(context).machine, target.filter, target.place).found.map((node) => ({
    node,
    defaults: undefined,
    path: `/${target.filter.shown.replace(/^\/+/, '')}`,
    place: target.place.shown,
    extra: [],
  }));

const getProperty = roleCommand('Get-WebConfigurationProperty', {
  className: className('GetConfigurationProperty'),
  simulated: ['Name', 'Filter', 'PSPath', 'Location'],
  *process(context, bound) {
    for (const target of targets(context, bound))
      yield* webStep(context, () => {
        const found = elements(context, target);
        if (found.length === 0) warnMissing(context, target);
        for (const state of found)
          for (const name of bound.texts('Name')) {
            if (name === '.' || name.toLowerCase() === 'collection')
              for (const entry of entriesOf(state)) context.write(entry);
            else {
              const steps = name.split('.');
              const leaf = steps.pop() ?? '';
              const value = attributeValue(steps.reduce(innerElement, state), leaf, (text) =>
                openPassword(actorOf(context).machine, text),
              );
              if (value !== undefined) context.write(value);
            }
          }
      });
  },
});

const getConfiguration = roleCommand('Get-WebConfiguration', {
  className: className('GetConfiguration'),
  simulated: ['Filter', 'PSPath', 'Location'],
  *process(context, bound) {
    for (const target of targets(context, bound))
      yield* webStep(context, () => {
        for (const state of elements(context, target)) context.write(newObject(elementType, state));
      });
  },
});

/** A table of attribute values as texts; passwords are sealed. */
const textsOf = (context: CommandContext, table: Hashtable): Record<string, string> => {
  const { machine } = actorOf(context);
  const made: Record<string, string> = {};
  for (const [key, value] of table.entries()) {
    const name = context.text(key);
    const text = configText(value, (one) => context.text(one));
    made[name] = /^password$/i.test(name) ? sealPassword(machine, text) : text;
  }
  return made;
};

const tableOf = (value: Value): Hashtable | undefined => (value instanceof Hashtable ? value : undefined);

/** The filter with -Name's elements (`processModel.identityType`) behind it, and the attribute's own name. */
const dotted = (filter: Filter, name: string): { filter: Filter; leaf: string } => {
  const steps = name.split('.').filter((step) => step !== '' && step.toLowerCase() !== 'collection');
  const leaf = steps.pop() ?? '';
  return { filter: { ...filter, steps: [...filter.steps, ...steps.map((step) => ({ name: step, tests: [] }))] }, leaf };
};

const setProperty = roleCommand('Set-WebConfigurationProperty', {
  className: className('SetConfigurationProperty'),
  allowNull: ['Value'],
  allowEmpty: ['Value'],
  simulated: ['Name', 'Value', 'Filter', 'PSPath', 'Location', 'Force'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const name = bound.text('Name') ?? '';
    const table = tableOf(bound.get('Value'));
    for (const target of targets(context, bound)) {
      if (!context.shouldProcess(`${target.place.shown} ${target.filter.shown}`, 'Set-WebConfigurationProperty'))
        continue;
      yield* webStep(context, () => {
        if (elements(context, target).length === 0) return warnMissing(context, target);
        if (table && (name === '.' || name.toLowerCase() === 'collection'))
          return addEntry(machine, { filter: target.filter, place: target.place, pid }, textsOf(context, table));
        const { filter, leaf } = dotted(target.filter, name);
        const text = configText(bound.get('Value'), (one) => context.text(one));
        return setValues(
          machine,
          { filter, place: target.place, pid },
          {
            [leaf]: /^password$/i.test(leaf) ? sealPassword(machine, text) : text,
          },
        );
      });
    }
  },
});

const setConfiguration = roleCommand('Set-WebConfiguration', {
  className: className('SetConfiguration'),
  simulated: ['Value', 'Filter', 'PSPath', 'Location', 'Force', 'Metadata'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const table = tableOf(bound.get('Value'));
    const metadata = bound.text('Metadata');
    for (const target of targets(context, bound)) {
      if (!context.shouldProcess(`${target.place.shown} ${target.filter.shown}`, 'Set-WebConfiguration')) continue;
      yield* webStep(context, () => {
        if (metadata !== undefined) {
          if (metadata.toLowerCase() !== 'overridemode') return context.unsupported(`the metadata ${metadata}`);
          const mode = context.text(bound.get('Value')).toLowerCase() === 'deny' ? 'Deny' : 'Allow';
          return setLock(machine, target.filter.section, target.place.location, mode, pid);
        }
        if (!table) return context.unsupported('Set-WebConfiguration with a value that is no hashtable');
        return setValues(machine, { filter: target.filter, place: target.place, pid }, textsOf(context, table));
      });
    }
  },
});

const addProperty = roleCommand('Add-WebConfigurationProperty', {
  className: className('AddConfigurationProperty'),
  simulated: ['Name', 'Value', 'Filter', 'PSPath', 'Location', 'AtIndex', 'Force'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const table = tableOf(bound.get('Value'));
    if (!table) return context.unsupported('Add-WebConfigurationProperty with a value that is no hashtable');
    const { filter: named } = dotted({ section: '', steps: [] }, `${bound.text('Name') ?? ''}.x`);
    for (const target of targets(context, bound)) {
      if (!context.shouldProcess(`${target.place.shown} ${target.filter.shown}`, 'Add-WebConfigurationProperty'))
        continue;
      const steps = bound.text('Name') === '.' ? target.filter.steps : [...target.filter.steps, ...named.steps];
      yield* webStep(context, () =>
        addEntry(
          machine,
          { filter: { ...target.filter, steps }, place: target.place, pid },
          textsOf(context, table),
          bound.number('AtIndex') === 0,
        ),
      );
    }
    return undefined;
  },
});

const removeProperty = roleCommand('Remove-WebConfigurationProperty', {
  className: className('RemoveConfigurationProperty'),
  simulated: ['Name', 'Filter', 'PSPath', 'Location', 'AtElement', 'Force'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const name = bound.text('Name') ?? '';
    const element = tableOf(bound.get('AtElement'));
    for (const target of targets(context, bound)) {
      if (!context.shouldProcess(`${target.place.shown} ${target.filter.shown}`, 'Remove-WebConfigurationProperty'))
        continue;
      yield* webStep(context, () => {
        const edit = { place: target.place, pid };
        if (!element) {
          const { filter, leaf } = dotted(target.filter, name);
          return clearValue(machine, { ...edit, filter }, leaf);
        }
        const { section } = readFiltered(machine, target.filter, target.place);
        const entry = section.schema.entries?.name ?? 'add';
        const tests = Object.entries(textsOf(context, element));
        return removeEntries(machine, {
          ...edit,
          filter: { ...target.filter, steps: [...target.filter.steps, { name: entry, tests }] },
        });
      });
    }
  },
});

const clearConfiguration = roleCommand('Clear-WebConfiguration', {
  className: className('ClearConfiguration'),
  simulated: ['Filter', 'PSPath', 'Location', 'Force'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    for (const target of targets(context, bound)) {
      if (!context.shouldProcess(`${target.place.shown} ${target.filter.shown}`, 'Clear-WebConfiguration')) continue;
      yield* webStep(context, () => {
        // `…/@name` names one attribute of the element.
        const steps = [...target.filter.steps];
        const attribute = steps.at(-1)?.name.startsWith('@') === true ? steps.pop() : undefined;
        if (attribute)
          return clearValue(
            machine,
            { filter: { ...target.filter, steps }, place: target.place, pid },
            attribute.name.slice(1),
          );
        if (elements(context, target).length === 0) return warnMissing(context, target);
        return clearSection(machine, { filter: target.filter, place: target.place, pid });
      });
    }
  },
});

/** Get-, Set-, Add-, Remove- and Clear- of configuration and its properties. */
export const configCmdlets = [
  getProperty,
  getConfiguration,
  setProperty,
  setConfiguration,
  addProperty,
  removeProperty,
  clearConfiguration,
];
