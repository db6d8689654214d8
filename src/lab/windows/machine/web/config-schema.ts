/** A setting: the type it has in IIS's schema, and the value where no file sets it. */
export type Setting = {
  readonly type: 'string' | 'bool' | 'int' | 'uint' | 'timeSpan' | 'enum' | 'flags' | 'int64';
  readonly fallback: string;
  /** Names of an enum with their numbers. */
  readonly names?: Readonly<Record<string, number>>;
};

/** An element of IIS's schema: its settings, its fixed child elements, and the entries it collects. */
export type ElementSchema = {
  readonly settings: Readonly<Record<string, Setting>>;
  readonly elements?: Readonly<Record<string, ElementSchema>>;
  readonly entries?: {
    /** Name of an entry: `add` for most, with `remove` and `clear` beside it. */
    readonly name: string;
    readonly keys: readonly string[];
    readonly schema: ElementSchema;
  };
};

const text = (fallback = ''): Setting => ({ type: 'string', fallback });
const bool = (fallback: boolean): Setting => ({ type: 'bool', fallback: String(fallback) });
const uint = (fallback: number): Setting => ({ type: 'uint', fallback: String(fallback) });
const int64 = (fallback: number): Setting => ({ type: 'int64', fallback: String(fallback) });
const span = (fallback: string): Setting => ({ type: 'timeSpan', fallback });
const choice = (fallback: string, names: Readonly<Record<string, number>>): Setting => ({
  type: 'enum',
  fallback,
  names,
});
const numbered = (...names: string[]): Record<string, number> =>
  Object.fromEntries(names.map((name, index) => [name, index]));
const plain = (settings: ElementSchema['settings'] = {}): ElementSchema => ({ settings });

const logonMethod = choice('ClearText', numbered('Interactive', 'Batch', 'Network', 'ClearText'));
const virtualDirectory = plain({
  path: text(),
  physicalPath: text(),
  userName: text(),
  password: text(),
  logonMethod,
  allowSubDirConfig: bool(true),
});
const application: ElementSchema = {
  settings: {
    path: text(),
    applicationPool: text(),
    enabledProtocols: text('http'),
    serviceAutoStartEnabled: bool(false),
    serviceAutoStartProvider: text(),
    preloadEnabled: bool(false),
  },
  elements: { virtualDirectoryDefaults: virtualDirectory },
  entries: { name: 'virtualDirectory', keys: ['path'], schema: virtualDirectory },
};
const binding = plain({ protocol: text(), bindingInformation: text(), sslFlags: uint(0) });
const siteElements: Record<string, ElementSchema> = {
  bindings: { settings: {}, entries: { name: 'binding', keys: ['protocol', 'bindingInformation'], schema: binding } },
  limits: plain({
    maxBandwidth: uint(4_294_967_295),
    maxConnections: uint(4_294_967_295),
    connectionTimeout: span('00:02:00'),
    maxUrlSegments: uint(32),
  }),
  logFile: plain({
    logFormat: choice('W3C', numbered('IIS', 'NCSA', 'W3C', 'Custom')),
    directory: text('%SystemDrive%\\inetpub\\logs\\LogFiles'),
    period: choice('Daily', { Hourly: 4, Daily: 1, Weekly: 2, Monthly: 3, MaxSize: 0 }),
    enabled: bool(true),
  }),
  traceFailedRequestsLogging: plain({
    enabled: bool(false),
    directory: text('%SystemDrive%\\inetpub\\logs\\FailedReqLogFiles'),
    maxLogFiles: uint(50),
  }),
};
const site: ElementSchema = {
  settings: { name: text(), id: uint(0), serverAutoStart: bool(true) },
  elements: { ...siteElements, applicationDefaults: application, virtualDirectoryDefaults: virtualDirectory },
  entries: { name: 'application', keys: ['path'], schema: application },
};
/** Settings of an application pool. */
export const poolSchema: ElementSchema = {
  settings: {
    name: text(),
    queueLength: uint(1000),
    autoStart: bool(true),
    enable32BitAppOnWin64: bool(false),
    managedRuntimeVersion: text('v4.0'),
    managedRuntimeLoader: text('webengine4.dll'),
    enableConfigurationOverride: bool(true),
    managedPipelineMode: choice('Integrated', numbered('Integrated', 'Classic')),
    CLRConfigFile: text(),
    passAnonymousToken: bool(true),
    startMode: choice('OnDemand', numbered('OnDemand', 'AlwaysRunning')),
  },
  elements: {
    processModel: plain({
      identityType: choice(
        'ApplicationPoolIdentity',
        numbered('LocalSystem', 'LocalService', 'NetworkService', 'SpecificUser', 'ApplicationPoolIdentity'),
      ),
      userName: text(),
      password: text(),
      loadUserProfile: bool(false),
      setProfileEnvironment: bool(true),
      logonType: choice('LogonBatch', numbered('LogonBatch', 'LogonService')),
      manualGroupMembership: bool(false),
      idleTimeout: span('00:20:00'),
      idleTimeoutAction: choice('Terminate', numbered('Terminate', 'Suspend')),
      maxProcesses: uint(1),
      shutdownTimeLimit: span('00:01:30'),
      startupTimeLimit: span('00:01:30'),
      pingingEnabled: bool(true),
      pingInterval: span('00:00:30'),
      pingResponseTime: span('00:01:30'),
    }),
    recycling: {
      settings: { disallowOverlappingRotation: bool(false), disallowRotationOnConfigChange: bool(false) },
      elements: {
        periodicRestart: {
          settings: { memory: uint(0), privateMemory: uint(0), requests: uint(0), time: span('1.05:00:00') },
          elements: {
            schedule: {
              settings: {},
              entries: { name: 'add', keys: ['value'], schema: plain({ value: span('00:00:00') }) },
            },
          },
        },
      },
    },
    failure: plain({
      loadBalancerCapabilities: choice('HttpLevel', { TcpLevel: 1, HttpLevel: 2 }),
      orphanWorkerProcess: bool(false),
      rapidFailProtection: bool(true),
      rapidFailProtectionInterval: span('00:05:00'),
      rapidFailProtectionMaxCrashes: uint(5),
    }),
    cpu: plain({ limit: uint(0), resetInterval: span('00:05:00') }),
  },
};

const handler = plain({
  name: text(),
  path: text(),
  verb: text(),
  type: text(),
  modules: text('ManagedPipelineHandler'),
  scriptProcessor: text(),
  resourceType: choice('Unspecified', numbered('File', 'Directory', 'Either', 'Unspecified')),
  requireAccess: choice('Script', { None: 0, Read: 1, Write: 2, Script: 4, Execute: 8 }),
  allowPathInfo: bool(false),
  preCondition: text(),
  responseBufferLimit: uint(4_194_304),
});
const collect = (
  keys: readonly string[],
  schema: ElementSchema,
  settings: ElementSchema['settings'] = {},
): ElementSchema => ({
  settings,
  entries: { name: 'add', keys, schema },
});

/** Sections of IIS that the lab knows, by path. */
export const sectionSchemas: Readonly<Record<string, ElementSchema>> = {
  'system.applicationHost/applicationPools': {
    settings: {},
    elements: { applicationPoolDefaults: poolSchema },
    entries: { name: 'add', keys: ['name'], schema: poolSchema },
  },
  'system.applicationHost/sites': {
    settings: {},
    elements: {
      siteDefaults: { settings: { serverAutoStart: bool(true) }, elements: siteElements },
      applicationDefaults: application,
      virtualDirectoryDefaults: virtualDirectory,
    },
    entries: { name: 'site', keys: ['name'], schema: site },
  },
  'system.applicationHost/configHistory': plain({
    enabled: bool(true),
    path: text('%SystemDrive%\\inetpub\\history'),
    maxHistories: uint(10),
    period: span('00:02:00'),
  }),
  'system.webServer/globalModules': collect(['name'], plain({ name: text(), image: text(), preCondition: text() })),
  'system.webServer/modules': collect(['name'], plain({ name: text(), type: text(), preCondition: text() }), {
    runAllManagedModulesForAllRequests: bool(false),
  }),
  'system.webServer/handlers': collect(['name'], handler, { accessPolicy: { type: 'flags', fallback: 'Read' } }),
  'system.webServer/defaultDocument': {
    settings: { enabled: bool(true) },
    elements: { files: collect(['value'], plain({ value: text() })) },
  },
  'system.webServer/directoryBrowse': plain({
    enabled: bool(false),
    showFlags: { type: 'flags', fallback: 'Date, Time, Size, Extension' },
  }),
  'system.webServer/staticContent': {
    settings: { defaultDocFooter: text(), isDocFooterFileName: bool(false) },
    entries: { name: 'mimeMap', keys: ['fileExtension'], schema: plain({ fileExtension: text(), mimeType: text() }) },
  },
  'system.webServer/httpErrors': {
    settings: { errorMode: choice('DetailedLocalOnly', numbered('DetailedLocalOnly', 'Custom', 'Detailed')) },
    entries: {
      name: 'error',
      keys: ['statusCode', 'subStatusCode'],
      schema: plain({
        statusCode: uint(0),
        subStatusCode: { type: 'int', fallback: '-1' },
        path: text(),
        prefixLanguageFilePath: text(),
      }),
    },
  },
  'system.webServer/httpRedirect': plain({ enabled: bool(false), destination: text(), exactDestination: bool(false) }),
  'system.webServer/httpLogging': plain({ dontLog: bool(false) }),
  'system.webServer/urlCompression': plain({ doStaticCompression: bool(true), doDynamicCompression: bool(true) }),
  'system.webServer/serverRuntime': plain({ enabled: bool(true), appConcurrentRequestLimit: uint(5000) }),
  'system.webServer/security/authentication/anonymousAuthentication': plain({
    enabled: bool(true),
    userName: text('IUSR'),
    password: text(),
    logonMethod,
  }),
  'system.webServer/security/authentication/windowsAuthentication': plain({ enabled: bool(false) }),
  'system.webServer/security/authentication/basicAuthentication': plain({ enabled: bool(false), realm: text() }),
  'system.webServer/security/access': plain({ sslFlags: { type: 'flags', fallback: 'None' } }),
  'system.webServer/security/requestFiltering': {
    settings: { allowDoubleEscaping: bool(false) },
    elements: {
      requestLimits: plain({
        maxAllowedContentLength: int64(30_000_000),
        maxUrl: uint(4096),
        maxQueryString: uint(2048),
      }),
    },
  },
  'system.webServer/tracing/traceFailedRequests': collect(['path'], plain({ path: text() })),
};

/** Sections of .NET, which a web.config may hold without IIS knowing them. */
export const runtimeSections: ReadonlySet<string> = new Set([
  'appsettings',
  'configsections',
  'configprotecteddata',
  'connectionstrings',
  'location',
  'runtime',
  'startup',
  'system.diagnostics',
  'system.net',
  'system.serviceModel'.toLowerCase(),
  'system.web',
  'system.xml.serialization',
  'system.codedom',
]);
