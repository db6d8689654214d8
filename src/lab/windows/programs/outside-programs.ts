/** Programs that every Windows has and the lab does not simulate: calling one is `LabUnsupported`, never "not found". */
// biome-ignore format: a list
export const outsidePrograms: ReadonlySet<string> = new Set([
  'arp', 'aspnet_regiis', 'auditpol', 'bcdboot', 'cacls', 'certreq', 'certutil', 'chkntfs', 'choice', 'cipher', 'cleanmgr', 'clip', 'cmd', 'cmdkey',
  'compact', 'convert', 'cscript', 'curl', 'defrag', 'diskpart', 'diskshadow', 'dispdiag', 'djoin', 'dnscmd', 'driverquery', 'dsregcmd',
  'eventcreate', 'expand', 'fc', 'find', 'findstr', 'ftp', 'getmac', 'klist', 'label', 'lodctr', 'logman', 'makecab', 'mavinject', 'mbr2gpt',
  'mountvol', 'mpcmdrun', 'msdt', 'mstsc', 'nbtstat', 'net1', 'netcfg', 'netstat', 'nltest', 'notepad', 'odbcconf', 'openfiles', 'pathping',
  'print', 'qprocess', 'rdrleakdiag', 'recover', 'regedit', 'regini', 'regsvr32', 'relog', 'repair-bde', 'replace', 'robocopy', 'route', 'runas',
  'rundll32', 'schtasks', 'secedit', 'setspn', 'setx', 'sigverif', 'slmgr', 'sort', 'subst', 'systeminfo', 'tar', 'taskkill', 'tasklist',
  'timeout', 'tracert', 'typeperf', 'tzutil', 'unlodctr', 'verifier', 'wecutil', 'werfault', 'where', 'winget', 'winmgmt', 'winrm', 'winrs',
  'winsat', 'wmic', 'wscript', 'xcopy',
]);

/** Whether a name or path means a program of Windows that the lab does not simulate. */
export const isOutside = (name: string): boolean => {
  const leaf = name.replaceAll('/', '\\').replaceAll('"', '').toLowerCase();
  const inSystem = !leaf.includes('\\') || leaf.startsWith('c:\\windows\\');
  return inSystem && outsidePrograms.has(leaf.slice(leaf.lastIndexOf('\\') + 1).replace(/\.(exe|com|cmd|vbs)$/, ''));
};
