import type { BoundParameters, CommandContext } from '../../../evaluator/host.ts';
import type { WebScope } from '../../machine/web/config-engine.ts';
import { type WebPlace } from '../../machine/web/config-filter.ts';
import { type Filter, readFilter } from '../../machine/web/filter-text.ts';

/** Reads a configuration path: `MACHINE/WEBROOT/APPHOST/Site/app` or `IIS:\Sites\Site\app`. */
export const readScope = (text: string): WebScope | undefined => {
  const plain = text.replaceAll('\\', '/').replace(/\/+$/, '');
  const inner =
    /^MACHINE(?:\/WEBROOT(?:\/APPHOST(?:\/(.*))?)?)?$/i.exec(plain) ??
    /^(?:WebAdministration::\/\/[^/]+|IIS:)(?:\/Sites(?:\/(.*))?)?$/i.exec(plain);
  if (!inner) return undefined;
  const [site, ...rest] = (inner[1] ?? '').split('/').filter(Boolean);
  return site === undefined ? {} : { site, path: `/${rest.join('/')}` };
};

const readLocation = (text: string): WebScope => {
  const [site, ...rest] = text.replaceAll('\\', '/').split('/').filter(Boolean);
  return site === undefined ? {} : { site, path: `/${rest.join('/')}` };
};

/** Places that -PSPath and -Location name; the server itself unless told otherwise. */
export const boundPlaces = (
  context: CommandContext,
  bound: BoundParameters,
): (WebPlace & { readonly shown: string })[] => {
  const paths = bound.texts('PSPath');
  const locations = bound.texts('Location');
  const usual = /^IIS:/i.test(context.location) ? context.location : 'MACHINE/WEBROOT/APPHOST';
  return (paths.length > 0 ? paths : [usual]).flatMap((shown) => {
    const scope = readScope(shown);
    if (!scope) return context.unsupported(`the configuration path ${shown}`);
    return (locations.length > 0 ? locations : ['']).map((location) => ({
      scope,
      location: readLocation(location),
      shown,
    }));
  });
};

/** The filters of a command; one that names no section that the lab knows ends the script. */
export const boundFilters = (
  context: CommandContext,
  bound: BoundParameters,
): (Filter & { readonly shown: string })[] =>
  bound.texts('Filter').map((shown) => {
    const filter = readFilter(shown);
    return filter ? { ...filter, shown } : context.unsupported(`the configuration filter ${shown}`);
  });
