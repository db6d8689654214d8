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
