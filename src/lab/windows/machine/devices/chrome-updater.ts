import type { InstallerContent } from './installer-package.ts';

const version = '134.0.6985.0';
const folder = `C:\\Program Files (x86)\\Google\\GoogleUpdater\\${version}`;
/** The program of the updater of Chrome, without which nobody can create its COM class. */
export const updaterPath = `${folder}\\updater.exe`;
/** Class of the updater that Chrome calls for an update on demand. */
export const updaterClass = '{9465B4B4-5216-4042-9A2C-754D3BCDC410}';
/** Name of that class. */
export const updaterProgId = 'GoogleUpdate.OnDemandCOMClassMachine';

/** Chrome with its updater as the vendor's package for companies brings it. */
export const chromePackage: InstallerContent = {
  kind: 'msi',
  product: 'Google Chrome',
  productCode: '{2F2A1C60-8C57-3E0B-9E10-5A4B1D2C3E4F}',
  version: '131.0.6778.86',
  company: 'Google LLC',
  files: [
    {
      path: 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      info: { signer: 'CN=Google LLC, O=Google LLC, L=Mountain View, S=California, C=US' },
    },
    {
      path: updaterPath,
      info: {
        fileVersion: version,
        productName: 'Google Updater',
        signer: 'CN=Google LLC, O=Google LLC, L=Mountain View, S=California, C=US',
      },
    },
  ],
  keys: [
    { key: `HKLM\\SOFTWARE\\Classes\\${updaterProgId}\\CLSID`, values: { '': updaterClass } },
    {
      key: `HKLM\\SOFTWARE\\Classes\\CLSID\\${updaterClass}\\LocalServer32`,
      values: { '': `"${updaterPath}" --server --service=update --system` },
    },
    { key: 'HKLM\\SOFTWARE\\WOW6432Node\\Google\\Update', values: { version, path: updaterPath } },
    {
      key: 'HKLM\\SOFTWARE\\WOW6432Node\\Google\\Update\\Clients\\{8A69D345-D564-463c-AFF1-A69D9E530F96}',
      values: { pv: '131.0.6778.86', name: 'Google Chrome' },
    },
  ],
  services: [
    {
      name: `GoogleUpdaterInternalService${version}`,
      display: `Google Updater Internal Service (GoogleUpdaterInternalService${version})`,
      path: `"${updaterPath}" --system --windows-service --service=update-internal`,
      start: 'Automatic',
    },
    {
      name: `GoogleUpdaterService${version}`,
      display: `Google Updater Service (GoogleUpdaterService${version})`,
      path: `"${updaterPath}" --system --windows-service --service=update`,
      start: 'Automatic',
    },
  ],
  tasks: [
    {
      path: '\\GoogleSystem\\GoogleUpdater\\',
      name: `GoogleUpdaterTaskSystem${version}`,
      execute: updaterPath,
      arguments: '--wake --system',
    },
  ],
};

const edgeFolder = 'C:\\Program Files (x86)\\Microsoft\\EdgeUpdate';
/** The program of the updater of Edge. */
export const edgeUpdaterPath = `${edgeFolder}\\MicrosoftEdgeUpdate.exe`;
/** Name of the class that Edge calls for an update on demand. */
export const edgeProgId = 'MicrosoftEdgeUpdate.OnDemandCOMClassMachine';
const edgeClass = '{A6556DFF-AB15-4DC3-A890-AB54120BEAEC}';
const microsoft = 'CN=Microsoft Corporation, O=Microsoft Corporation, L=Redmond, S=Washington, C=US';

/** Edge with its updater as Microsoft's package for companies brings it. */
export const edgePackage: InstallerContent = {
  kind: 'msi',
  product: 'Microsoft Edge',
  productCode: '{5B7C2A10-1D3E-3F4A-8B9C-0D1E2F3A4B5C}',
  version: '131.0.2903.70',
  company: 'Microsoft Corporation',
  files: [
    { path: 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe', info: { signer: microsoft } },
    {
      path: edgeUpdaterPath,
      info: { fileVersion: '1.3.195.35', productName: 'Microsoft Edge Update', signer: microsoft },
    },
  ],
  keys: [
    { key: `HKLM\\SOFTWARE\\Classes\\${edgeProgId}\\CLSID`, values: { '': edgeClass } },
    {
      key: `HKLM\\SOFTWARE\\Classes\\CLSID\\${edgeClass}\\LocalServer32`,
      values: { '': `"${edgeFolder}\\MicrosoftEdgeUpdate.exe"` },
    },
    {
      key: 'HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\EdgeUpdate',
      values: { version: '1.3.195.35', path: edgeUpdaterPath },
    },
  ],
  services: [
    {
      name: 'edgeupdate',
      display: 'Microsoft Edge Update Service (edgeupdate)',
      path: `"${edgeUpdaterPath}" /svc`,
      start: 'Automatic',
    },
    {
      name: 'edgeupdatem',
      display: 'Microsoft Edge Update Service (edgeupdatem)',
      path: `"${edgeUpdaterPath}" /medsvc`,
      start: 'Manual',
    },
  ],
  tasks: [{ path: '\\', name: 'MicrosoftEdgeUpdateTaskMachineCore', execute: edgeUpdaterPath, arguments: '/c' }],
};
