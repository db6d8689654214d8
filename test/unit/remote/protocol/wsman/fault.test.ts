import { describe, expect, it } from 'vitest';
import { decodeFault } from '../../../../../src/remote/protocol/wsman/fault.ts';
import {
  type FaultRemedy,
  faultCodes,
  faultNameOf,
  faultRemedyOf,
  faultTable,
} from '../../../../../src/remote/protocol/wsman/fault-codes.ts';
import { namespaces } from '../../../../../src/remote/protocol/wsman/namespaces.ts';
import { parseXml } from '../../../../../src/remote/protocol/wsman/xml-element.ts';

const read = (detail: string, reason = 'gone') =>
  decodeFault([
    parseXml(
      `<s:Fault xmlns:s="${namespaces.soap}"><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:w="${namespaces.wsman}">w:InvalidSelectors</s:Value></s:Subcode></s:Code><s:Reason><s:Text>${reason}</s:Text></s:Reason><s:Detail>${detail}</s:Detail></s:Fault>`,
    ),
  ]);
const wsmanFault = (code: string, message: string) =>
  `<f:WSManFault xmlns:f="${namespaces.fault}" Code="${code}" Machine="h"><f:Message>${message}</f:Message></f:WSManFault>`;

describe('a fault', () => {
  it('has the code of the service, and that of the provider beside it', () => {
    const provider =
      '<f:ProviderFault provider="Shell provider" path="WsmSvc.dll"><f:WSManFault Code="7"><f:Message>inner</f:Message></f:WSManFault></f:ProviderFault>';
    expect(read(wsmanFault('2150858843', provider))).toEqual({
      kind: 'fault',
      code: faultCodes.invalidSelectors,
      subcode: 'InvalidSelectors',
      reason: 'gone',
      detail: 'inner',
      provider: { name: 'Shell provider', path: 'WsmSvc.dll', code: 7, text: 'inner' },
    });
  });

  it('of WMI has its code in an instance of MSFT_WmiError', () => {
    const detail =
      '<p:MSFT_WmiError xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/MSFT_WmiError"><p:Message>too many operations</p:Message><p:error_Code>2150859174</p:error_Code></p:MSFT_WmiError>';
    expect(read(detail)).toMatchObject({ code: faultCodes.tooManyOperations, detail: 'too many operations' });
  });

  it('that redirects names the place', () => {
    const detail = wsmanFault('2150859161', 'Location: https://ex2.example.com/powershell?x=1&amp;y=2 ');
    expect(read(detail)).toMatchObject({ location: 'https://ex2.example.com/powershell?x=1&y=2' });
  });

  it('with a negative HRESULT is the same as with an unsigned one; without a code it has 0', () => {
    expect(read(wsmanFault('-2147024894', 'no file'))?.code).toBe(faultCodes.fileNotFound);
    expect(read(wsmanFault('many', 'x'))?.code).toBe(0);
    expect(read('')).toEqual({ kind: 'fault', code: 0, subcode: 'InvalidSelectors', reason: 'gone' });
  });

  it('without a reason is told by its detail', () => {
    expect(read(wsmanFault('995', 'aborted'), '')).toMatchObject({ code: 995, reason: 'aborted' });
  });
});

describe('the table of faults', () => {
  it('has each code once, by name, with what helps against it', () => {
    const codes = Object.values(faultTable).map((row) => row.code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.every((code) => faultRemedyOf(code) === faultTable[faultNameOf(code)!].remedy)).toBe(true);
  });

  it('has the codes of the fact sheet', () => {
    const known: [number, FaultRemedy][] = [
      [2150858793, 'receive-again'],
      [2150858843, 'open-shell'],
      [2150859173, 'replace-shell'],
      [2150859174, 'replace-shell'],
      [995, 'open-shell'],
      [5, 'ask-rights'],
      [2150858811, 'check-configuration'],
      [2150858754, 'check-configuration'],
      [2150859161, 'go-elsewhere'],
      [2150859206, 'own-session'],
      [2150859213, 'own-session'],
      [2150859216, 'own-session'],
      [2152992672, 'lower-version'],
    ];
    expect(known.map(([code]) => [code, faultRemedyOf(code)])).toEqual(known);
  });

  it('says nothing of codes that it does not know', () => {
    expect(faultNameOf(1)).toBeUndefined();
    expect(faultRemedyOf(1)).toBe('report');
  });
});
