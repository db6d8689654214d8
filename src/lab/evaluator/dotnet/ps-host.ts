import { defineType } from '../define.ts';
import { newObject } from '../make.ts';
import type { Value } from '../value.ts';

/** The host of a remote session: it can show nothing and ask nothing. */
export const hostType = defineType<null>({
  name: 'System.Management.Automation.Internal.Host.InternalHost',
  properties: {
    Name: { get: () => 'ServerRemoteHost' },
    UI: { get: () => null },
    CurrentCulture: { get: () => 'en-US' },
    CurrentUICulture: { get: () => 'en-US' },
  },
});

/** `$Host`. */
export const hostValue = (): Value => newObject(hostType, null);
