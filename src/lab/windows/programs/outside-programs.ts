/** Programs that every Windows has and the lab does not simulate: calling one is `LabUnsupported`, never "not found". */
// biome-ignore format: a list
export const outsidePrograms: ReadonlySet<string> = new Set([
  'appcmd', 'arp', 'auditpol', 'bcdboot', 'bcdedit', 'bitsadmin', 'cacls', 'certreq', 'certutil', 'chkdsk', 'chkntfs', 'choice', 'cipher',
  'cleanmgr', 'clip', 'cmd', 'cmdkey', 'compact', 'convert', 'cscript', 'curl', 'defrag', 'diskpart', 'diskshadow', 'dispdiag', 'djoin', 'dnscmd',
  'driverquery', 'dsregcmd', 'eventcreate', 'expand', 'fc', 'find', 'findstr', 'fltmc', 'fsutil', 'ftp', 'getmac', 'gpresult', 'gpupdate',
  'ipconfig', 'klist', 'label', 'lodctr', 'logman', 'makecab', 'manage-bde', 'mavinject', 'mbr2gpt', 'mountvol', 'mpcmdrun',
  'msdt', 'msiexec', 'mstsc', 'nbtstat', 'net1', 'netcfg', 'netsh', 'netstat', 'nltest', 'notepad', 'nslookup', 'odbcconf', 'openfiles',
  'pathping', 'ping', 'pnputil', 'powercfg', 'print', 'qprocess', 'rdrleakdiag', 'reagentc', 'recover', 'regedit',
  'regini', 'regsvr32', 'relog', 'replace', 'repair-bde', 'robocopy', 'route', 'rundll32', 'runas', 'schtasks', 'secedit', 'setspn', 'setup',
  'setupdiag', 'setx', 'sigverif', 'slmgr', 'sort', 'subst', 'systeminfo', 'takeown', 'tar', 'taskkill', 'tasklist', 'timeout', 'tracert', 'typeperf',
  'tzutil', 'unlodctr', 'usoclient', 'verifier', 'vssadmin', 'wbadmin', 'wecutil', 'werfault', 'wevtutil', 'where', 'winget', 'winmgmt',
  'winrm', 'winrs', 'winsat', 'wmic', 'wscript', 'wsusutil', 'wuauclt', 'wusa', 'xcopy',
]);

/** Whether a name or path means a program of Windows that the lab does not simulate. */
export const isOutside = (name: string): boolean => {
  const leaf = name.replaceAll('/', '\\').replaceAll('"', '').toLowerCase();
  const inSystem = !leaf.includes('\\') || leaf.startsWith('c:\\windows\\');
  return inSystem && outsidePrograms.has(leaf.slice(leaf.lastIndexOf('\\') + 1).replace(/\.(exe|com|cmd|vbs)$/, ''));
};
