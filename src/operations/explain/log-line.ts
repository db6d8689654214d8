import type { CodeKnowledge } from '../../knowledge/code-knowledge.ts';

/** The logs that are told by their lines. */
export type LogKind = 'cbs' | 'dism' | 'setup' | 'windows-update' | 'event-xml';

/** What a line tells of itself. */
export type LogLine = {
  readonly kind: LogKind;
  /** The component that wrote it, as it names itself. */
  readonly component: string | null;
};

/** CBS.log, dism.log, setupact.log and setuperr.log: `2026-11-28 09:12:33, Error                 CSI    0000012a (F) …`. */
const servicing =
  /^\ufeff?\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}, (?:Info|Warning|Error|Perf|Fatal)\s+(?:\[[^\]]{1,20}\]\s+)?([A-Za-z]\w{1,15})?/;

/** WindowsUpdate.log from ETL (`2026/11/28 09:12:33.1234567 1048  4048  Agent  …`) and the older one with tabs (`2026-11-28⇥09:12:33:123⇥1048⇥fc8⇥Agent⇥…`). */
const windowsUpdate =
  /^\ufeff?\d{4}[/-]\d{2}[/-]\d{2}[ \t]\d{2}:\d{2}:\d{2}[.:]\d{3,7}[ \t]+\d+[ \t]+[0-9a-f]+[ \t]+(\w+)/;

const eventXml = /<Event xmlns=|<EventData>|<TimeCreated /;

/** What kind of log a line is of, and who wrote it; null for any other line (as those that continue one). */
export function readLogLine(line: string): LogLine | null {
  const component = servicing.exec(line);
  if (component !== null) {
    const name = component[1] ?? null;
    const kind = name === 'CBS' || name === 'CSI' ? 'cbs' : name === 'DISM' ? 'dism' : 'setup';
    return { kind, component: name };
  }
  const agent = windowsUpdate.exec(line);
  if (agent !== null) return { kind: 'windows-update', component: agent[1] ?? null };
  return eventXml.test(line) ? { kind: 'event-xml', component: null } : null;
}

/** The layer of a component, 0 is the lowest; null where it is not known. */
export const layerOf = (component: string | null, knowledge: CodeKnowledge): number | null =>
  (component === null ? undefined : knowledge.layers.get(component.toLowerCase())) ?? null;

/** A time as the line writes it, with what stands around it in the XML of an event. */
const times = /(?:SystemTime=["'])?(\d{4}[-/]\d{2}[-/]\d{2}[T \t]\d{2}:\d{2}:\d{2}(?:[.:]\d{1,9})?Z?)/g;

/** The last time at or before a place of a line, as it is written: local time in logs, UTC (Z) in events; null where there is none. */
export function timeBefore(line: string, at: number): string | null {
  let last: string | null = null;
  for (const { 1: time = '', index } of line.matchAll(times)) {
    // In plain lines the time stands at the start; a later one belongs to the message.
    if (index > at) break;
    if (last === null || line.startsWith('SystemTime', index)) last = time.replace('\t', ' ');
  }
  return last;
}
