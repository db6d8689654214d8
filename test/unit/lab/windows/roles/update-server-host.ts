import type { FaultSpec } from '../../../../../src/lab/faults/faults.ts';
import type { Machine } from '../../../../../src/lab/windows/machine/machine.ts';
import { labMachine } from '../run-script.ts';

export const host = (...faults: FaultSpec[]): Machine =>
  labMachine(faults, { base: 'windows-server-2022', roles: ['update-server'] });

export const client = `
  try { $r = Invoke-WebRequest 'http://localhost:8530/ClientWebService/client.asmx' -UseBasicParsing; [int]$r.StatusCode }
  catch [System.Net.WebException] { if ($_.Exception.Response) { [int]$_.Exception.Response.StatusCode } else { 'refused' } }`;
export const api = `try { $w = Get-WsusServer -ErrorAction Stop; $w.GetStatus().UpdateCount } catch { $_.Exception.GetType().Name }`;
export const util = `& 'C:\\Program Files\\Update Services\\Tools\\wsusutil.exe'`;
export const lastSync = `(Get-WsusServer).GetSubscription().GetLastSynchronizationInfo()`;
export const sync = `$s = (Get-WsusServer).GetSubscription(); $s.StartSynchronization(); while ($s.GetSynchronizationStatus() -ne 'NotProcessing') { Start-Sleep -Seconds 30 }; ${lastSync}.Result.ToString()`;
export const sql = (statement: string, limit = 0): string => `
  $c = New-Object System.Data.SqlClient.SqlConnection 'server=\\\\.\\pipe\\MICROSOFT##WID\\tsql\\query;database=SUSDB;trusted_connection=true'
  $c.Open(); $q = $c.CreateCommand(); $q.CommandTimeout = ${limit}; $q.CommandText = "${statement}"`;
