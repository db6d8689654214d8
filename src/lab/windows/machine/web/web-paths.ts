/** Where the configuration of IIS lies. */
export const webPaths = {
  config: 'C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config',
  redirection: 'C:\\Windows\\System32\\inetsrv\\config\\redirection.config',
  administration: 'C:\\Windows\\System32\\inetsrv\\config\\administration.config',
  backups: 'C:\\Windows\\System32\\inetsrv\\backup',
  history: 'C:\\inetpub\\history',
  programs: 'C:\\Windows\\System32\\inetsrv',
  root: 'C:\\inetpub\\wwwroot',
} as const;
