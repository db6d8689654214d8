import type { Registry } from '../registry/registry.ts';

/** Settings of the resolver. */
export const resolverKey = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Dnscache\\Parameters';

/** How long the resolver remembers that there is no such name: five seconds unless somebody set another time (Windows before 1703 had 900). */
export const negativeCacheMs = (registry: Registry): number => {
  const seconds = registry.data(resolverKey, 'MaxNegativeCacheTtl');
  return typeof seconds === 'number' ? seconds * 1000 : 5000;
};

/** Whether the client side of TLS 1.2, without which no server talks, is switched off. */
export const isTlsOff = (registry: Registry): boolean => {
  const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Client';
  return registry.data(key, 'Enabled') === 0 || registry.data(key, 'DisabledByDefault') === 1;
};
