/** Drives that every Windows PowerShell has and the lab has not, as they are written, by their providers. */
const outsideDrives: Readonly<Record<string, string>> = { certificate: 'Cert', wsman: 'WSMan', alias: 'Alias' };

/** The drive of Windows that a path means and the lab has not; undefined for all others. */
export const outsideDriveOf = (path: string): string | undefined => {
  const provider = /^(?:Microsoft\.[\w.]+\\)?(\w+)::/i.exec(path)?.[1];
  if (provider !== undefined) return outsideDrives[provider.toLowerCase()];
  const name = /^(\w+):/.exec(path)?.[1];
  return Object.values(outsideDrives).find((drive) => drive.toLowerCase() === name?.toLowerCase());
};
