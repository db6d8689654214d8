/** One role, role service or feature. */
export type FeatureRow = {
  /** Name in ServerManager. */
  readonly name: string;
  readonly display: string;
  readonly type: 'Role' | 'Role Service' | 'Feature';
  readonly parent?: string;
  /** Features that must be installed with it. */
  readonly needs?: readonly string[];
  /** Name among the optional features (Dism), on clients and servers. */
  readonly optional?: string;
  /** Not on clients. */
  readonly serverOnly?: boolean;
  /** How it stands on a fresh Windows; `Available` unless told otherwise. */
  readonly first?: 'Installed' | 'Removed';
  /** Needs a restart when it is installed or taken away. */
  readonly restart?: boolean;
};

// biome-ignore format: a table
/** Roles and features with the names and display names that ServerManager and Dism list. */
export const featureTable: readonly FeatureRow[] = [
  { name: 'FileAndStorage-Services', display: 'File and Storage Services', type: 'Role', serverOnly: true, first: 'Installed' },
  { name: 'Storage-Services', display: 'Storage Services', type: 'Role Service', parent: 'FileAndStorage-Services', serverOnly: true, first: 'Installed' },
  { name: 'UpdateServices', display: 'Windows Server Update Services', type: 'Role', serverOnly: true, needs: ['Web-Server', 'Web-Default-Doc', 'Web-Static-Content', 'Web-Windows-Auth', 'Web-Dyn-Compression', 'Web-Asp-Net45', 'NET-Framework-45-Core', 'WAS-Config-APIs'] },
  { name: 'UpdateServices-WidDB', display: 'WID Connectivity', type: 'Role Service', parent: 'UpdateServices', serverOnly: true, needs: ['Windows-Internal-Database'] },
  { name: 'UpdateServices-Services', display: 'WSUS Services', type: 'Role Service', parent: 'UpdateServices', serverOnly: true },
  { name: 'UpdateServices-DB', display: 'SQL Server Connectivity', type: 'Role Service', parent: 'UpdateServices', serverOnly: true },
  { name: 'Web-Server', display: 'Web Server (IIS)', type: 'Role', optional: 'IIS-WebServerRole', needs: ['WAS-Config-APIs', 'WAS-Process-Model'] },
  { name: 'Web-WebServer', display: 'Web Server', type: 'Role Service', parent: 'Web-Server', optional: 'IIS-WebServer' },
  { name: 'Web-Common-Http', display: 'Common HTTP Features', type: 'Role Service', parent: 'Web-WebServer', optional: 'IIS-CommonHttpFeatures' },
  { name: 'Web-Default-Doc', display: 'Default Document', type: 'Role Service', parent: 'Web-Common-Http', optional: 'IIS-DefaultDocument' },
  { name: 'Web-Dir-Browsing', display: 'Directory Browsing', type: 'Role Service', parent: 'Web-Common-Http', optional: 'IIS-DirectoryBrowsing' },
  { name: 'Web-Http-Errors', display: 'HTTP Errors', type: 'Role Service', parent: 'Web-Common-Http', optional: 'IIS-HttpErrors' },
  { name: 'Web-Static-Content', display: 'Static Content', type: 'Role Service', parent: 'Web-Common-Http', optional: 'IIS-StaticContent' },
  { name: 'Web-Http-Redirect', display: 'HTTP Redirection', type: 'Role Service', parent: 'Web-Common-Http', optional: 'IIS-HttpRedirect' },
  { name: 'Web-Health', display: 'Health and Diagnostics', type: 'Role Service', parent: 'Web-WebServer', optional: 'IIS-HealthAndDiagnostics' },
  { name: 'Web-Http-Logging', display: 'HTTP Logging', type: 'Role Service', parent: 'Web-Health', optional: 'IIS-HttpLogging' },
  { name: 'Web-Http-Tracing', display: 'Tracing', type: 'Role Service', parent: 'Web-Health', optional: 'IIS-HttpTracing' },
  { name: 'Web-Performance', display: 'Performance', type: 'Role Service', parent: 'Web-WebServer', optional: 'IIS-Performance' },
  { name: 'Web-Stat-Compression', display: 'Static Content Compression', type: 'Role Service', parent: 'Web-Performance', optional: 'IIS-HttpCompressionStatic' },
  { name: 'Web-Dyn-Compression', display: 'Dynamic Content Compression', type: 'Role Service', parent: 'Web-Performance', optional: 'IIS-HttpCompressionDynamic' },
  { name: 'Web-Security', display: 'Security', type: 'Role Service', parent: 'Web-WebServer', optional: 'IIS-Security' },
  { name: 'Web-Filtering', display: 'Request Filtering', type: 'Role Service', parent: 'Web-Security', optional: 'IIS-RequestFiltering' },
  { name: 'Web-Basic-Auth', display: 'Basic Authentication', type: 'Role Service', parent: 'Web-Security', optional: 'IIS-BasicAuthentication' },
  { name: 'Web-Windows-Auth', display: 'Windows Authentication', type: 'Role Service', parent: 'Web-Security', optional: 'IIS-WindowsAuthentication' },
  { name: 'Web-App-Dev', display: 'Application Development', type: 'Role Service', parent: 'Web-WebServer', optional: 'IIS-ApplicationDevelopment' },
  { name: 'Web-Net-Ext45', display: '.NET Extensibility 4.8', type: 'Role Service', parent: 'Web-App-Dev', optional: 'IIS-NetFxExtensibility45', needs: ['NET-Framework-45-Core', 'NET-Framework-45-ASPNET', 'Web-Filtering'] },
  { name: 'Web-Asp-Net45', display: 'ASP.NET 4.8', type: 'Role Service', parent: 'Web-App-Dev', optional: 'IIS-ASPNET45', needs: ['Web-Net-Ext45', 'Web-ISAPI-Ext', 'Web-ISAPI-Filter'] },
  { name: 'Web-ISAPI-Ext', display: 'ISAPI Extensions', type: 'Role Service', parent: 'Web-App-Dev', optional: 'IIS-ISAPIExtensions' },
  { name: 'Web-ISAPI-Filter', display: 'ISAPI Filters', type: 'Role Service', parent: 'Web-App-Dev', optional: 'IIS-ISAPIFilter' },
  { name: 'Web-Mgmt-Tools', display: 'Management Tools', type: 'Role Service', parent: 'Web-Server', optional: 'IIS-WebServerManagementTools' },
  { name: 'Web-Mgmt-Console', display: 'IIS Management Console', type: 'Role Service', parent: 'Web-Mgmt-Tools', optional: 'IIS-ManagementConsole' },
  { name: 'Web-Scripting-Tools', display: 'IIS Management Scripts and Tools', type: 'Role Service', parent: 'Web-Mgmt-Tools', optional: 'IIS-ManagementScriptingTools' },
  { name: 'Web-Mgmt-Compat', display: 'IIS 6 Management Compatibility', type: 'Role Service', parent: 'Web-Mgmt-Tools', optional: 'IIS-IIS6ManagementCompatibility' },
  { name: 'Web-Metabase', display: 'IIS 6 Metabase Compatibility', type: 'Role Service', parent: 'Web-Mgmt-Compat', optional: 'IIS-Metabase' },
  { name: 'NET-Framework-Features', display: '.NET Framework 3.5 Features', type: 'Feature' },
  { name: 'NET-Framework-Core', display: '.NET Framework 3.5 (includes .NET 2.0 and 3.0)', type: 'Feature', parent: 'NET-Framework-Features', serverOnly: true, first: 'Removed' },
  { name: 'NET-Framework-45-Features', display: '.NET Framework 4.8 Features', type: 'Feature', first: 'Installed' },
  { name: 'NET-Framework-45-Core', display: '.NET Framework 4.8', type: 'Feature', parent: 'NET-Framework-45-Features', first: 'Installed' },
  { name: 'NET-Framework-45-ASPNET', display: 'ASP.NET 4.8', type: 'Feature', parent: 'NET-Framework-45-Features', optional: 'NetFx4Extended-ASPNET45' },
  { name: 'NET-WCF-Services45', display: 'WCF Services', type: 'Feature', parent: 'NET-Framework-45-Features', optional: 'WCF-Services45', first: 'Installed' },
  { name: 'NET-WCF-TCP-PortSharing45', display: 'TCP Port Sharing', type: 'Feature', parent: 'NET-WCF-Services45', optional: 'WCF-TCP-PortSharing45', first: 'Installed' },
  { name: 'RSAT', display: 'Remote Server Administration Tools', type: 'Feature', serverOnly: true },
  { name: 'UpdateServices-RSAT', display: 'Windows Server Update Services Tools', type: 'Feature', parent: 'RSAT', serverOnly: true },
  { name: 'UpdateServices-API', display: 'API and PowerShell cmdlets', type: 'Feature', parent: 'UpdateServices-RSAT', serverOnly: true },
  { name: 'UpdateServices-UI', display: 'User Interface Management Console', type: 'Feature', parent: 'UpdateServices-RSAT', serverOnly: true },
  { name: 'Telnet-Client', display: 'Telnet Client', type: 'Feature', serverOnly: true },
  { name: 'Windows-Internal-Database', display: 'Windows Internal Database', type: 'Feature', serverOnly: true },
  { name: 'WAS', display: 'Windows Process Activation Service', type: 'Feature', optional: 'WAS-WindowsActivationService' },
  { name: 'WAS-Process-Model', display: 'Process Model', type: 'Feature', parent: 'WAS', optional: 'WAS-ProcessModel' },
  { name: 'WAS-Config-APIs', display: 'Configuration APIs', type: 'Feature', parent: 'WAS', optional: 'WAS-ConfigurationAPI' },
  { name: 'Windows-Server-Backup', display: 'Windows Server Backup', type: 'Feature', serverOnly: true },
];

/** The row of a feature by its name in ServerManager or among the optional features. */
export const featureRow = (name: string): FeatureRow | undefined => {
  const wanted = name.toLowerCase();
  return featureTable.find((row) => row.name.toLowerCase() === wanted || row.optional?.toLowerCase() === wanted);
};

/** How deep a feature hangs in the tree, from 1. */
export const depthOf = (row: FeatureRow): number => {
  const parent = row.parent === undefined ? undefined : featureRow(row.parent);
  return parent ? depthOf(parent) + 1 : 1;
};

/** Direct children of a feature. */
export const childrenOf = (row: FeatureRow): readonly FeatureRow[] =>
  featureTable.filter(({ parent }) => parent === row.name);

/** A feature, those it needs, and the parents of all, in the order in which they are installed. */
export const withNeeds = (name: string, found: FeatureRow[] = []): FeatureRow[] => {
  const row = featureRow(name);
  if (!row || found.includes(row)) return found;
  if (row.parent !== undefined) withNeeds(row.parent, found);
  for (const need of row.needs ?? []) withNeeds(need, found);
  if (!found.includes(row)) found.push(row);
  return found;
};
