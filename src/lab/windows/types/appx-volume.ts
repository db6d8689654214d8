import { defineType } from '../../evaluator/define.ts';
import { newObject, stateOf } from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Value } from '../../evaluator/value.ts';
import type { PackageVolume } from '../machine/apps/app-packages.ts';
import { actorOf } from '../runtime/process-hooks.ts';

/** Microsoft.Windows.Appx.PackageManager.Commands.AppxVolume. A path or the id of a volume converts to it. */
export const appxVolumeType: TypeDefinition<PackageVolume> = defineType<PackageVolume>({
  name: 'Microsoft.Windows.Appx.PackageManager.Commands.AppxVolume',
  aliases: ['AppxVolume'],
  properties: {
    Name: { type: 'System.String', get: ({ name }) => name },
    PackageStorePath: { type: 'System.String', get: ({ path }) => path },
    IsOffline: { type: 'System.Boolean', get: ({ isOffline }) => isOffline },
    IsSystemVolume: { type: 'System.Boolean', get: ({ isSystem }) => isSystem },
  },
  toText: ({ path }) => path,
  convertFrom: (value, context) => {
    if (typeof value !== 'string') return undefined;
    const wanted = value.toLowerCase().replace(/\\+$/, '');
    const found = actorOf(context)
      .machine.apps.volumes()
      .find(
        ({ name, path }) =>
          name.toLowerCase().endsWith(wanted) ||
          path.toLowerCase() === wanted ||
          path.slice(0, 2).toLowerCase() === wanted,
      );
    return found && newObject(appxVolumeType, found);
  },
});

/** The object of a volume. */
export const volumeObject = (volume: PackageVolume): Value => newObject(appxVolumeType, volume);

/** The volume that an object stands for. */
export const volumeOf = (value: Value): PackageVolume | undefined => stateOf(value, appxVolumeType);
