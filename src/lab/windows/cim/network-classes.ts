import type { Value } from '../../evaluator/value.ts';
import { adapterKey, addressOf } from '../machine/network/adapter.ts';
import { argumentOf, type CimClass } from './cim-class.ts';
import { uint32 } from './cim-instance.ts';

/** Win32_NetworkAdapterConfiguration: the one adapter. SetDNSServerSearchOrder without servers takes back those of DHCP. */
const adapterConfiguration: CimClass = {
  name: 'Win32_NetworkAdapterConfiguration',
  outside:
    'ArpAlwaysSourceRoute ArpUseEtherSNAP DatabasePath DeadGWDetectEnabled DefaultTOS DefaultTTL DHCPLeaseExpires DHCPLeaseObtained DNSDomainSuffixSearchOrder DNSEnabledForWINSResolution DomainDNSRegistrationEnabled ForwardBufferMemory FullDNSRegistrationEnabled GatewayCostMetric IGMPLevel IPConnectionMetric IPFilterSecurityEnabled IPPortSecurityEnabled IPSecPermitIPProtocols IPSecPermitTCPPorts IPSecPermitUDPPorts IPUseZeroBroadcast IPXAddress IPXEnabled IPXFrameType IPXMediaType IPXNetworkNumber IPXVirtualNetNumber KeepAliveInterval KeepAliveTime MTU NumForwardPackets PMTUBHDetectEnabled PMTUDiscoveryEnabled TcpipNetbiosOptions TcpMaxConnectRetransmissions TcpMaxDataRetransmissions TcpNumConnections TcpUseRFC1122UrgentPointer TcpWindowSize WINSEnableLMHostsLookup WINSHostLookupFile WINSPrimaryServer WINSScopeID WINSSecondaryServer',
  namespace: 'root/cimv2',
  keys: ['Index'],
  instances: (machine) => {
    const { adapter } = machine.network;
    const own = addressOf(machine.registry, adapter);
    const server = machine.registry.data(adapterKey(adapter), 'DhcpServer');
    return [
      {
        Caption: `[0000000${adapter.index}] ${adapter.description}`,
        DefaultIPGateway: own.gateway === '' ? null : [own.gateway],
        Description: adapter.description,
        DHCPEnabled: own.isDhcp,
        DHCPServer: typeof server === 'string' ? server : null,
        DNSDomain: machine.policy.domain ?? null,
        DNSHostName: machine.name,
        DNSServerSearchOrder: machine.network.servers,
        Index: uint32(adapter.index),
        InterfaceIndex: uint32(adapter.index),
        IPAddress: [own.address],
        IPEnabled: adapter.isUp,
        IPSubnet: ['255.255.255.0'],
        MACAddress: adapter.mac.replaceAll('-', ':'),
        ServiceName: 'e1i65x64',
        SettingID: adapter.guid,
      } satisfies Record<string, Value>,
    ];
  },
  methods: {
    *SetDNSServerSearchOrder({ machine, arguments: args, context, pid }) {
      const servers = context.enumerate(argumentOf(args, 'DNSServerSearchOrder')).map((one) => context.text(one));
      yield machine.network.setServers(servers, pid);
      return { ReturnValue: uint32(0) };
    },
  },
};

/** Classes of the network. */
export const networkClasses = [adapterConfiguration];
