import { addressOf } from '../machine/network/adapter.ts';
import type { WindowsProgram } from './program.ts';

/** ipconfig.exe: without arguments, /all, /flushdns, /displaydns. */
export const ipconfigProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\ipconfig.exe',
  *run({ machine, process, args, line }) {
    const { network, registry } = machine;
    const verb = (args[0] ?? '').replace('-', '/').toLowerCase();
    line('');
    line('Windows IP Configuration');
    line('');
    if (verb === '/flushdns') {
      if (machine.services.find('Dnscache')?.state !== 'Running') {
        line('Could not flush the DNS Resolver Cache: Function failed during execution.');
        return 1;
      }
      yield network.flush(process.parentPid);
      line('Successfully flushed the DNS Resolver Cache.');
      return 0;
    }
    if (verb === '/displaydns') {
      for (const { name, address } of network.cache.values()) {
        line(`    ${name}`);
        line('    ----------------------------------------');
        if (address === undefined) line('    Name does not exist.');
        else {
          line(`    Record Name . . . . . : ${name}`);
          line('    Record Type . . . . . : 1');
          line(`    A (Host) Record . . . : ${address}`);
        }
        line('');
      }
      return 0;
    }
    const own = addressOf(registry, network.adapter);
    if (verb === '/all') {
      line(`   Host Name . . . . . . . . . . . . : ${machine.name}`);
      line(`   Primary Dns Suffix  . . . . . . . : ${machine.policy.domain ?? ''}`);
      line('');
    }
    line(`Ethernet adapter ${network.adapter.alias}:`);
    line('');
    line('   Connection-specific DNS Suffix  . : ');
    if (verb === '/all') {
      line(`   Description . . . . . . . . . . . : ${network.adapter.description}`);
      line(`   Physical Address. . . . . . . . . : ${network.adapter.mac}`);
      line(`   DHCP Enabled. . . . . . . . . . . : ${own.isDhcp ? 'Yes' : 'No'}`);
    }
    line(`   IPv4 Address. . . . . . . . . . . : ${own.address}`);
    line('   Subnet Mask . . . . . . . . . . . : 255.255.255.0');
    line(`   Default Gateway . . . . . . . . . : ${own.gateway}`);
    if (verb === '/all')
      line(`   DNS Servers . . . . . . . . . . . : ${network.servers.join(`\r\n${' '.repeat(39)}`)}`);
    return 0;
  },
};

/** ping.exe with -n and -w. */
export const pingProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\PING.EXE',
  *run({ machine, process, args, line }) {
    const valueOf = (name: string, usual: number): number => {
      const at = args.findIndex((arg) => arg.replace('/', '-').toLowerCase() === `-${name}`);
      return at < 0 ? usual : Number(args[at + 1]);
    };
    const values = new Set(['-n', '-w', '-l']);
    const name = args.find(
      (arg, index) => !/^[-/]/.test(arg) && !values.has((args[index - 1] ?? '').replace('/', '-').toLowerCase()),
    );
    if (name === undefined) return 1;
    const found = machine.network.resolve(name);
    if (found.kind !== 'found') {
      yield machine.clock.wait(process.pid, found.kind === 'silent' ? 12_000 : 30);
      line(`Ping request could not find host ${name}. Please check the name and try again.`);
      return 1;
    }
    const count = valueOf('n', 4);
    const label = found.address === name ? name : `${name} [${found.address}]`;
    line('');
    line(`Pinging ${label} with 32 bytes of data:`);
    const isThere = machine.network.ping(found.address);
    for (let n = 0; n < count; n++) {
      yield machine.clock.wait(process.pid, isThere ? 1000 : valueOf('w', 4000));
      line(isThere ? `Reply from ${found.address}: bytes=32 time=3ms TTL=64` : 'Request timed out.');
    }
    line('');
    line(`Ping statistics for ${found.address}:`);
    line(
      `    Packets: Sent = ${count}, Received = ${isThere ? count : 0}, Lost = ${isThere ? 0 : count} (${isThere ? 0 : 100}% loss),`,
    );
    return isThere ? 0 : 1;
  },
};

/** nslookup.exe with a name and perhaps a server: it asks the name server, past the hosts file and the cache. */
export const nslookupProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\nslookup.exe',
  *run({ machine, process, args, line, errorLine }) {
    const [name = '', server] = args.filter((arg) => !arg.startsWith('-'));
    const address = server ?? machine.network.servers[0] ?? '';
    const found = machine.network.resolve(name, { noHosts: true, server: address });
    yield machine.clock.wait(process.pid, found.kind === 'silent' ? 4000 : 40);
    const serverName = machine.network.siteAt(address)?.names[0] ?? 'UnKnown';
    line(`Server:  ${found.kind === 'silent' ? 'UnKnown' : serverName}`);
    line(`Address:  ${address}`);
    line('');
    if (found.kind === 'silent') {
      for (let n = 0; n < 2; n++) {
        line('DNS request timed out.');
        line('    timeout was 2 seconds.');
      }
      errorLine(`*** Request to UnKnown timed-out`);
    } else if (found.kind === 'missing') errorLine(`*** ${serverName} can't find ${name}: Non-existent domain`);
    else {
      line(`Name:    ${name}`);
      line(`Address:  ${found.address}`);
      line('');
    }
    return 0;
  },
};
