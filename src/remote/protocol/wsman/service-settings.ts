import { namespaces } from './namespaces.ts';
import type { XmlElement } from './xml-element.ts';
import { escapeXml } from './xml-text.ts';

/** Settings of the WinRM service by their path, e.g. `MaxEnvelopeSizekb` or `Service/Auth/Kerberos`. */
export type Settings = ReadonlyMap<string, string>;

/** Reads `cfg:Config`. */
export function readSettings(config: XmlElement): Settings {
  const settings = new Map<string, string>();
  const walk = (element: XmlElement, path: string) => {
    for (const child of element.children) {
      if (child.children.length > 0) walk(child, `${path}${child.name}/`);
      else settings.set(`${path}${child.name}`, child.text.trim());
    }
  };
  walk(config, '');
  return settings;
}

/** Bytes of the largest envelope that the service takes; undefined if the settings don't say it. */
export function envelopeBytesOf(settings: Settings): number | undefined {
  const kilobytes = settings.get('MaxEnvelopeSizekb') ?? '';
  return /^\d{1,7}$/u.test(kilobytes) ? Number(kilobytes) * 1024 : undefined;
}

/** Writes `cfg:Config`. Settings of one group must follow each other. */
export function encodeSettings(settings: Settings): string {
  let open: readonly string[] = [];
  let text = '';
  const leave = (depth: number) => {
    for (const name of open.slice(depth).toReversed()) text += `</cfg:${name}>`;
    open = open.slice(0, depth);
  };
  for (const [path, value] of settings) {
    const groups = path.split('/');
    const name = groups.pop() ?? '';
    const shared = groups.findIndex((group, depth) => group !== open[depth]);
    leave(shared < 0 ? groups.length : shared);
    for (const group of groups.slice(open.length)) {
      text += `<cfg:${group}>`;
      open = [...open, group];
    }
    text += `<cfg:${name}>${escapeXml(value)}</cfg:${name}>`;
  }
  leave(0);
  return `<cfg:Config xmlns:cfg="${namespaces.config}">${text}</cfg:Config>`;
}
