import { addElement, attributeOf, type ConfigFile, elementsOf, makePath, parseConfig } from './config-xml.ts';
import { declaredSections, mimeTypes } from './web-features.ts';
import { webPaths } from './web-paths.ts';

const blank = (): ConfigFile =>
  parseConfig(
    new TextEncoder().encode('<?xml version="1.0" encoding="UTF-8"?>\r\n<configuration>\r\n</configuration>\r\n'),
    webPaths.config,
  );

const addSections = (config: ConfigFile): void => {
  const sections = addElement(config.root, 'configSections');
  for (const [path, override, isRootOnly] of declaredSections) {
    const names = path.split('/');
    const leaf = names.pop() ?? '';
    const group = names.reduce(
      (at, name) =>
        elementsOf(at).find((one) => attributeOf(one, 'name') === name) ?? addElement(at, 'sectionGroup', { name }),
      sections,
    );
    addElement(group, 'section', {
      name: leaf,
      ...(isRootOnly ? { allowDefinition: 'AppHostOnly' } : {}),
      overrideModeDefault: override,
    });
  }
};

/** The configuration of a fresh web server: one pool, one site. */
export const freshConfig = (): ConfigFile => {
  const config = blank();
  addSections(config);
  const pools = makePath(config.root, 'system.applicationHost/applicationPools');
  addElement(pools, 'add', { name: 'DefaultAppPool' });
  const defaults = addElement(pools, 'applicationPoolDefaults', { managedRuntimeVersion: 'v4.0' });
  addElement(defaults, 'processModel', { identityType: 'ApplicationPoolIdentity' });
  const sites = makePath(config.root, 'system.applicationHost/sites');
  const site = addElement(sites, 'site', { name: 'Default Web Site', id: '1' });
  const application = addElement(site, 'application', { path: '/' });
  addElement(application, 'virtualDirectory', { path: '/', physicalPath: '%SystemDrive%\\inetpub\\wwwroot' });
  addElement(addElement(site, 'bindings'), 'binding', { protocol: 'http', bindingInformation: '*:80:' });
  const siteDefaults = addElement(sites, 'siteDefaults');
  addElement(siteDefaults, 'logFile', { logFormat: 'W3C', directory: '%SystemDrive%\\inetpub\\logs\\LogFiles' });
  addElement(siteDefaults, 'traceFailedRequestsLogging', {
    directory: '%SystemDrive%\\inetpub\\logs\\FailedReqLogFiles',
  });
  addElement(sites, 'applicationDefaults', { applicationPool: 'DefaultAppPool' });
  addElement(sites, 'virtualDirectoryDefaults', { allowSubDirConfig: 'true' });
  makePath(config.root, 'system.webServer/globalModules');
  addElement(makePath(config.root, 'system.webServer/defaultDocument'), 'files');
  for (const value of ['Default.htm', 'Default.asp', 'index.htm', 'index.html', 'iisstart.htm'])
    addElement(makePath(config.root, 'system.webServer/defaultDocument/files'), 'add', { value });
  addElement(makePath(config.root, 'system.webServer'), 'directoryBrowse', { enabled: 'false' });
  addElement(makePath(config.root, 'system.webServer/security/authentication'), 'anonymousAuthentication', {
    enabled: 'true',
    userName: 'IUSR',
  });
  const types = makePath(config.root, 'system.webServer/staticContent');
  for (const [fileExtension, mimeType] of Object.entries(mimeTypes))
    addElement(types, 'mimeMap', { fileExtension, mimeType });
  const location = addElement(config.root, 'location', { path: '', overrideMode: 'Allow' });
  makePath(location, 'system.webServer/modules');
  addElement(makePath(location, 'system.webServer'), 'handlers', { accessPolicy: 'Read, Script' });
  return config;
};
