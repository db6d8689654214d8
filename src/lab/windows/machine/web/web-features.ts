/** A module of IIS: native ones have a DLL, managed ones a type. */
export type WebModule = {
  readonly name: string;
  readonly image?: string;
  readonly type?: string;
  readonly preCondition?: string;
};
/** A handler mapping. */
export type WebHandler = Readonly<Record<string, string>> & { readonly name: string; readonly path: string };
/** What a role service of IIS brings. */
export type WebFeature = { readonly modules?: readonly WebModule[]; readonly handlers?: readonly WebHandler[] };

const folder = '%windir%\\System32\\inetsrv\\';
const native = (name: string, dll: string): WebModule => ({ name, image: `${folder}${dll}` });
const integrated = 'integratedMode,runtimeVersionv4.0';
const managed = (name: string, path: string, type: string, verb = 'GET,HEAD,POST,DEBUG'): WebHandler => ({
  name,
  path,
  verb,
  type,
  preCondition: integrated,
});

/** The folder of the engine of .NET. */
export const engineFolder = 'C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319';

/** Modules and handlers by feature. The core belongs to the web server itself. */
export const webFeatures: Readonly<Record<string, WebFeature>> = {
  'Web-WebServer': {
    modules: [
      native('UriCacheModule', 'cachuri.dll'),
      native('FileCacheModule', 'cachfile.dll'),
      native('TokenCacheModule', 'cachtokn.dll'),
      native('HttpCacheModule', 'cachhttp.dll'),
      native('ProtocolSupportModule', 'protsup.dll'),
      native('AnonymousAuthenticationModule', 'authanon.dll'),
    ],
    handlers: [
      { name: 'TRACEVerbHandler', path: '*', verb: 'TRACE', modules: 'ProtocolSupportModule', requireAccess: 'None' },
      {
        name: 'OPTIONSVerbHandler',
        path: '*',
        verb: 'OPTIONS',
        modules: 'ProtocolSupportModule',
        requireAccess: 'None',
      },
    ],
  },
  'Web-Static-Content': {
    modules: [native('StaticFileModule', 'static.dll')],
    handlers: [
      {
        name: 'StaticFile',
        path: '*',
        verb: '*',
        modules: 'StaticFileModule,DefaultDocumentModule,DirectoryListingModule',
        resourceType: 'Either',
        requireAccess: 'Read',
      },
    ],
  },
  'Web-Default-Doc': { modules: [native('DefaultDocumentModule', 'defdoc.dll')] },
  'Web-Dir-Browsing': { modules: [native('DirectoryListingModule', 'dirlist.dll')] },
  'Web-Http-Errors': { modules: [native('CustomErrorModule', 'custerr.dll')] },
  'Web-Http-Redirect': { modules: [native('HttpRedirectionModule', 'redirect.dll')] },
  'Web-Http-Logging': { modules: [native('HttpLoggingModule', 'loghttp.dll')] },
  'Web-Http-Tracing': { modules: [native('FailedRequestsTracingModule', 'iisfreb.dll')] },
  'Web-Stat-Compression': { modules: [native('StaticCompressionModule', 'compstat.dll')] },
  'Web-Dyn-Compression': { modules: [native('DynamicCompressionModule', 'compdyn.dll')] },
  'Web-Filtering': { modules: [native('RequestFilteringModule', 'modrqflt.dll')] },
  'Web-Basic-Auth': { modules: [native('BasicAuthenticationModule', 'authbas.dll')] },
  'Web-Windows-Auth': { modules: [native('WindowsAuthenticationModule', 'authsspi.dll')] },
  'Web-ISAPI-Ext': {
    modules: [native('IsapiModule', 'isapi.dll')],
    handlers: [
      {
        name: 'ISAPI-dll',
        path: '*.dll',
        verb: '*',
        modules: 'IsapiModule',
        resourceType: 'File',
        requireAccess: 'Execute',
        allowPathInfo: 'true',
      },
    ],
  },
  'Web-ISAPI-Filter': { modules: [native('IsapiFilterModule', 'filter.dll')] },
  'Web-Net-Ext45': {
    modules: [
      {
        name: 'ManagedEngineV4.0_64bit',
        image: `${engineFolder}\\webengine4.dll`,
        preCondition: `${integrated},bitness64`,
      },
    ],
  },
  'Web-Asp-Net45': {
    modules: [
      { name: 'Session', type: 'System.Web.SessionState.SessionStateModule', preCondition: 'managedHandler' },
      {
        name: 'FormsAuthentication',
        type: 'System.Web.Security.FormsAuthenticationModule',
        preCondition: 'managedHandler',
      },
    ],
    handlers: [
      managed('PageHandlerFactory-Integrated-4.0', '*.aspx', 'System.Web.UI.PageHandlerFactory'),
      managed('SimpleHandlerFactory-Integrated-4.0', '*.ashx', 'System.Web.UI.SimpleHandlerFactory'),
      managed(
        'WebServiceHandlerFactory-Integrated-4.0',
        '*.asmx',
        'System.Web.Services.Protocols.WebServiceHandlerFactory, System.Web.Services, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a',
      ),
      managed('ExtensionlessUrlHandler-Integrated-4.0', '*.', 'System.Web.Handlers.TransferRequestHandler'),
    ],
  },
};

/** Kinds of files that IIS serves, as far as the lab lays them. */
// biome-ignore format: a table
export const mimeTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css', '.gif': 'image/gif', '.htm': 'text/html', '.html': 'text/html', '.ico': 'image/x-icon', '.jpg': 'image/jpeg',
  '.js': 'application/javascript', '.json': 'application/json', '.png': 'image/png', '.svg': 'image/svg+xml', '.txt': 'text/plain',
  '.xml': 'text/xml', '.zip': 'application/x-zip-compressed', '.cab': 'application/octet-stream', '.exe': 'application/octet-stream',
  '.pdf': 'application/pdf', '.woff2': 'font/woff2',
};

/** Sections that applicationHost.config declares: path, and whether lower levels may set them. */
// biome-ignore format: a table
export const declaredSections: readonly (readonly [path: string, override: 'Allow' | 'Deny', onlyRoot?: boolean])[] = [
  ['system.applicationHost/applicationPools', 'Deny', true], ['system.applicationHost/configHistory', 'Deny', true],
  ['system.applicationHost/listenerAdapters', 'Deny', true], ['system.applicationHost/log', 'Deny', true],
  ['system.applicationHost/sites', 'Deny', true], ['system.applicationHost/webLimits', 'Deny', true],
  ['system.webServer/asp', 'Deny'], ['system.webServer/caching', 'Allow'], ['system.webServer/cgi', 'Deny'],
  ['system.webServer/defaultDocument', 'Allow'], ['system.webServer/directoryBrowse', 'Allow'], ['system.webServer/fastCgi', 'Deny', true],
  ['system.webServer/globalModules', 'Deny', true], ['system.webServer/handlers', 'Deny'], ['system.webServer/httpCompression', 'Deny', true],
  ['system.webServer/httpErrors', 'Allow'], ['system.webServer/httpLogging', 'Deny'], ['system.webServer/httpProtocol', 'Allow'],
  ['system.webServer/httpRedirect', 'Allow'], ['system.webServer/isapiFilters', 'Deny'], ['system.webServer/modules', 'Deny'],
  ['system.webServer/serverRuntime', 'Deny'], ['system.webServer/staticContent', 'Allow'], ['system.webServer/urlCompression', 'Allow'],
  ['system.webServer/validation', 'Allow'], ['system.webServer/security/access', 'Deny'],
  ['system.webServer/security/applicationDependencies', 'Deny', true], ['system.webServer/security/authorization', 'Allow'],
  ['system.webServer/security/ipSecurity', 'Deny'], ['system.webServer/security/isapiCgiRestriction', 'Deny', true],
  ['system.webServer/security/requestFiltering', 'Allow'],
  ['system.webServer/security/authentication/anonymousAuthentication', 'Deny'],
  ['system.webServer/security/authentication/basicAuthentication', 'Deny'],
  ['system.webServer/security/authentication/windowsAuthentication', 'Deny'],
  ['system.webServer/tracing/traceFailedRequests', 'Allow'], ['system.webServer/tracing/traceProviderDefinitions', 'Deny'],
];
