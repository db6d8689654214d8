/** Address lines of a hosts file: lower-case name → address. The first line for a name wins, as in Windows. */
export const readHostsFile = (bytes: Uint8Array): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  for (const line of Buffer.from(bytes).toString('latin1').split(/\r?\n/)) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (address === undefined || !isAddress(address)) continue;
    for (const name of names) if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), address);
  }
  return found;
};

/** Whether a text is an IPv4 or IPv6 address. */
export const isAddress = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) || (text.includes(':') && /^[0-9a-f:.]+$/i.test(text));
