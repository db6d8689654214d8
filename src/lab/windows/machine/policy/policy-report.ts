import type { Machine } from '../machine.ts';
import { startValues } from '../services/service.ts';
import type { AppliedSetting, PolicyObject } from './group-policy.ts';
import type { PolicyValue } from './policy-file.ts';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const tag = (name: string, text: string): string => `<${name}>${escape(text)}</${name}>`;

const origin = (policy: PolicyObject): string =>
  `<q1:GPO><Identifier xmlns="http://www.microsoft.com/GroupPolicy/Types">${escape(policy.id)}</Identifier></q1:GPO><q1:Precedence>1</q1:Precedence>`;

const valueText = ({ data }: PolicyValue): string =>
  typeof data === 'number'
    ? `<q1:Number>${data}</q1:Number>`
    : `<q1:String>${escape(Array.isArray(data) ? data.join(';') : String(data ?? ''))}</q1:String>`;

const setting = (applied: AppliedSetting): string => {
  const from = origin(applied.policy);
  if (applied.kind === 'value') {
    const { key, name } = applied.value;
    return `<q1:RegistrySetting>${from}<q1:KeyPath>${escape(key)}</q1:KeyPath><q1:AdmSetting>false</q1:AdmSetting><q1:Value><q1:Name>${escape(name)}</q1:Name>${valueText(applied.value)}</q1:Value></q1:RegistrySetting>`;
  }
  if (applied.kind === 'service') {
    const start = applied.service.start === 'Automatic' ? 'Automatic' : applied.service.start;
    return `<q1:SystemServices>${from}<q1:Name>${escape(applied.service.name)}</q1:Name><q1:StartupMode>${start}</q1:StartupMode></q1:SystemServices>`;
  }
  return `<q1:File>${from}<q1:Path>${escape(applied.file.path)}</q1:Path><q1:SecurityDescriptor><SDDL xmlns="http://www.microsoft.com/GroupPolicy/Types/Security">${escape(applied.file.sddl)}</SDDL></q1:SecurityDescriptor></q1:File>`;
};

const extension = (name: string, type: string, parts: readonly string[]): string =>
  parts.length === 0
    ? ''
    : `<ExtensionData><Extension xmlns:q1="http://www.microsoft.com/GroupPolicy/Settings/${type}" xsi:type="q1:${type}Settings">${parts.join('')}</Extension>${tag('Name', name)}</ExtensionData>`;

const objectXml = ({ name, id }: PolicyObject): string =>
  `<GPO>${tag('Name', name)}<Path><Identifier xmlns="http://www.microsoft.com/GroupPolicy/Types">${escape(id)}</Identifier></Path>${tag('Enabled', 'true')}${tag('IsValid', 'true')}${tag('FilterAllowed', 'true')}${tag('AccessDenied', 'false')}</GPO>`;

/** What gpresult /x writes for the computer: the objects in force and what each of them set. */
export const policyReport = (machine: Machine): string => {
  const { applied } = machine.policy;
  const of = (kind: AppliedSetting['kind']): string[] => applied.filter((one) => one.kind === kind).map(setting);
  return [
    '<?xml version="1.0" encoding="utf-16"?>',
    '<Rsop xmlns="http://www.microsoft.com/GroupPolicy/Rsop" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    tag('ReadTime', new Date(machine.clock.wallMs()).toISOString()),
    tag('DataType', 'LoggedData'),
    '<ComputerResults>',
    tag('Version', '2228228'),
    tag('Name', `${machine.policy.domain?.split('.')[0]?.toUpperCase() ?? machine.name}\\${machine.name}$`),
    tag('Domain', machine.policy.domain ?? ''),
    ...machine.policy.objects().map(objectXml),
    extension('Registry', 'Registry', of('value')),
    extension('Security', 'Security', [...of('service'), ...of('file')]),
    '</ComputerResults>',
    '</Rsop>',
  ].join('\r\n');
};

/** Start type of a service as RSOP_SystemService numbers it. */
export const startupMode = (start: keyof typeof startValues): number => startValues[start];
