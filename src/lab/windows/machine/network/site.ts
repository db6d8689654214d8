/** What a TLS server shows. Times in ms since 1970 UTC. */
export type Certificate = {
  readonly subject: string;
  /** Host names it is good for; `*.` stands for one label or more. */
  readonly names: readonly string[];
  readonly issuer: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
};

/** How a TCP port of a host behaves, and what answers HTTP there. */
export type Port = {
  readonly tcp: 'open' | 'refused' | 'silent' | 'reset';
  /** Speaks TLS with this certificate. */
  readonly certificate?: Certificate;
  /** Status by path (`*` for the rest); absent: it speaks no HTTP. */
  readonly http?: Readonly<Record<string, number>>;
  /** Text of a 200 that is not what was asked for, e.g. the page of a web filter. */
  readonly page?: string;
  /** Passes requests on: at once, or to whoever proves himself (407). */
  readonly proxy?: 'open' | 'authenticates';
};

/** A host somewhere in the network. */
export type Site = {
  /** Its names; `*.` stands for one label or more. */
  readonly names: readonly string[];
  readonly address: string;
  /** Only name servers of the company know its names. */
  readonly isInternal?: boolean;
  readonly ports: Readonly<Record<number, Port>>;
  readonly answersPing?: boolean;
  /** Answers NTP (UDP 123). */
  readonly answersTime?: boolean;
};

/** Whether a host name fits a name with an optional `*.` before it. */
export const fitsName = (name: string, pattern: string): boolean => {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  const known = pattern.toLowerCase();
  return known.startsWith('*.') ? wanted.endsWith(known.slice(1)) : wanted === known;
};

const yearMs = 365 * 86_400_000;

/** A certificate that is good now and for a year. */
export const makeCertificate = (names: readonly string[], issuer: string, nowMs: number): Certificate => ({
  subject: `CN=${names[0] ?? ''}`,
  names,
  issuer,
  notBeforeMs: nowMs - yearMs,
  notAfterMs: nowMs + yearMs,
});

/** Issuers that a fresh Windows trusts, and that of a company. */
export const issuers = {
  microsoft: 'CN=Microsoft Update Secure Server CA 2.1, O=Microsoft Corporation, L=Redmond, S=Washington, C=US',
  digicert: 'CN=DigiCert Global G2 TLS RSA SHA256 2020 CA1, O=DigiCert Inc, C=US',
  company: 'CN=Corp Issuing CA 1, DC=corp, DC=example',
  inspection: 'CN=Web Gateway Inspection CA, O=Corp',
} as const;

/** The company's hosts by their names. */
export const companyHosts = {
  domain: 'corp.example',
  nameServer: '10.20.30.53',
  publicNameServer: '203.0.113.53',
  gateway: '10.20.30.1',
  controller: 'dc1.corp.example',
  wsus: 'wsus.corp.example',
  oldWsus: 'old-wsus.corp.example',
  proxy: 'proxy.corp.example',
  oldProxy: 'old-proxy.corp.example',
} as const;

/** Paths by which a client reaches a WSUS server. */
export const wsusPaths: Readonly<Record<string, number>> = {
  '/ClientWebService/client.asmx': 200,
  '/SimpleAuthWebService/SimpleAuth.asmx': 200,
  '/ReportingWebService/ReportingWebService.asmx': 200,
  '/selfupdate/wuident.cab': 200,
  '/Content/*': 200,
  '*': 404,
};

/** Names of the servers that Windows Update asks and loads from. */
export const updateNames = [
  '*.windowsupdate.com',
  '*.update.microsoft.com',
  '*.delivery.mp.microsoft.com',
  'update.microsoft.com',
] as const;

const web = (names: readonly string[], address: string, issuer: string, nowMs: number, status = 200): Site => ({
  names,
  address,
  answersPing: true,
  ports: {
    80: { tcp: 'open', http: { '*': status } },
    443: { tcp: 'open', http: { '*': status }, certificate: makeCertificate(names, issuer, nowMs) },
  },
});

/** The network as it is while nothing is wrong: the company's servers, and the Internet as far as Windows needs it. */
export const healthySites = (nowMs: number): Site[] => [
  web(updateNames, '203.0.113.10', issuers.microsoft, nowMs),
  web(['go.microsoft.com', '*.microsoft.com', 'login.live.com', '*.live.com'], '203.0.113.20', issuers.digicert, nowMs),
  {
    ...web(['www.msftconnecttest.com', 'internetbeacon.msedge.net'], '203.0.113.30', issuers.digicert, nowMs),
  },
  { names: ['dns.msftncsi.com'], address: '131.107.255.255', ports: {} },
  ...['time.windows.com', 'pool.ntp.org', 'ntp.nict.jp', 'time.google.com', 'time.cloudflare.com'].map(
    (name, index): Site => ({ names: [name], address: `203.0.113.${40 + index}`, ports: {}, answersTime: true }),
  ),
  { names: ['public-dns.example'], address: companyHosts.publicNameServer, ports: { 53: { tcp: 'open' } } },
  {
    names: [companyHosts.controller, companyHosts.domain],
    address: companyHosts.nameServer,
    isInternal: true,
    answersPing: true,
    answersTime: true,
    ports: { 53: { tcp: 'open' }, 88: { tcp: 'open' }, 389: { tcp: 'open' }, 445: { tcp: 'open' } },
  },
  { names: ['gateway.corp.example'], address: companyHosts.gateway, isInternal: true, answersPing: true, ports: {} },
  {
    names: [companyHosts.wsus],
    address: '10.20.30.80',
    isInternal: true,
    answersPing: true,
    ports: {
      80: { tcp: 'refused' },
      443: { tcp: 'refused' },
      8530: { tcp: 'open', http: wsusPaths },
      8531: {
        tcp: 'open',
        http: wsusPaths,
        certificate: makeCertificate([companyHosts.wsus], issuers.company, nowMs),
      },
    },
  },
  {
    names: [companyHosts.proxy],
    address: '10.20.30.90',
    isInternal: true,
    answersPing: true,
    ports: { 8080: { tcp: 'open', proxy: 'open' }, 3128: { tcp: 'open', proxy: 'authenticates' } },
  },
];
