// Made from schemas/lab.schema.json by scripts/generate.ts; change that, then run `npm run generate`.

/** A base and its faults, applied in order. */
export type Host = {
  /** Which Windows it is. */
  readonly base:
    | 'windows-10-20h2'
    | 'windows-10-21h2'
    | 'windows-10-22h2'
    | 'windows-11-23h2'
    | 'windows-11-24h2'
    | 'windows-11-25h2'
    | 'windows-server-2019'
    | 'windows-server-2022'
    | 'windows-server-2025';
  /** What Windows calls the user interface language. */
  readonly uiLanguage?: 'en-US' | 'ja-JP';
  /** What this host shows, for people. */
  readonly description?: string;
  /** What the host is for; a fault of a role brings the role with it. Clients may be web servers only. */
  readonly roles?: readonly ('web-server' | 'update-server' | 'server-backup')[];
  /** Servers only: the service processor (BMC) answers as a Redfish service over HTTPS, at an address that the lab prints. A fault of it does that, too. */
  readonly bmc?: boolean;
  /** States that Windows can be in, applied in order. */
  readonly faults?: readonly Fault[];
  /** What happens to the host while it is worked on, each once. */
  readonly disturbances?: readonly Disturbance[];
  /** Whether a rule of the firewall lets the workers of this machine in, as docs/host-setup.md makes it. `kintsugi doctor --host` looks for it. */
  readonly workersAllowed?: boolean;
  /** Further session configurations by name, which run no script text: the folder that `kintsugi jea export` wrote (seen from this file), or null for one without a module. The inventory of the lab reaches the host through the first. */
  readonly jea?: {
    readonly [name: string]: string | null;
  };
};

/** With the n-th change that a script makes on the host, with the n-th HTTP request that comes (those of logins count), or so many minutes of the host's own time after it was made (waits of scripts are skipped, and count; a script that has waited for 24 hours waits in real time from then on, and the lab tells it). */
type Moment = {
  /** Number of the change, from 1. */
  readonly change?: number;
  /** Number of the request, from 1. */
  readonly request?: number;
  /** Minutes of the host's own time. */
  readonly minutes?: number;
};

/** Something that happens to a host while it is worked on. */
export type Disturbance =
  | {
      /** All connections break; the request is processed and its answer lost. */
      readonly kind: 'connection-cut';
      readonly at: Moment;
    }
  | {
      /** The host restarts by itself. */
      readonly kind: 'restart';
      readonly at: Moment;
    }
  | {
      /** The host goes down and does not come back. */
      readonly kind: 'no-return';
      readonly at: Moment;
    }
  | {
      /** Something fills the system drive. */
      readonly kind: 'disk-filled';
      readonly at: Moment;
      /** What it leaves, in MB. Default: nothing. */
      readonly freeMB?: number;
    }
  | {
      /** Every answer comes late. */
      readonly kind: 'slow';
      /** By so many milliseconds. */
      readonly ms: number;
    }
  | {
      /** A call of a cmdlet or program does not come to an end by itself. */
      readonly kind: 'command-hangs';
      /** Name of the cmdlet or program. */
      readonly command: string;
      /** Which of its calls, from 1. Default: the first. */
      readonly call?: number;
    }
  | {
      /** A session is refused because too many are open for the account. */
      readonly kind: 'session-refused';
      /** So many times. */
      readonly times: number;
    };

/** A state that Windows can be in: files, values and results that follow from them. */
export type Fault =
  | {
      /** A firmware that the service processor of a server lists is old (servers only, as all that it shows). */
      readonly kind: 'bmc-firmware-old';
      /** Whose firmware; that of the service processor by default. */
      readonly component?: 'bmc' | 'provisioning' | 'raid' | 'network' | 'power-supply';
      /** Its level. */
      readonly version?: string;
    }
  | {
      /** A part of a server fails or is about to; only its service processor says so. */
      readonly kind: 'hardware-part-failing';
      /** Which part: a power supply has failed, or the failure of a memory module or of a drive behind the RAID adapter is predicted. */
      readonly part?: 'power-supply' | 'memory' | 'drive';
    }
  | {
      /** The service processor of a server lets the account read nothing. */
      readonly kind: 'bmc-login-refused';
      /** The account is locked, must change its password first, or has no right to read. */
      readonly cause?: 'locked' | 'password-change-required' | 'no-right';
    }
  | {
      /** The certificate of a server's service processor is not to be trusted. */
      readonly kind: 'bmc-certificate';
      /** It has signed it itself, or it has expired. */
      readonly cause?: 'self-signed' | 'expired';
    }
  | {
      /** The driver of a device is a bad one: the device reports a problem. */
      readonly kind: 'driver-bad';
      /** Class of the device. */
      readonly class?: 'Display' | 'Net' | 'SCSIAdapter';
      /** Problem code of the device; 43 by default. */
      readonly problem?: number;
      /** Whether its earlier driver is still in the driver store; it is by default. */
      readonly previous?: boolean;
    }
  | {
      /** Windows Update offers a driver that is not newer than the one in use, and fails with it each time (0x80070103). */
      readonly kind: 'driver-update-not-newer';
      /** Class of the device; Net by default. */
      readonly class?: 'Display' | 'Net' | 'SCSIAdapter';
    }
  | {
      /** A feature update came some days ago, and the new release makes the print spooler crash; the Windows before can be gone back to for ten days (clients only). */
      readonly kind: 'feature-release-bad';
      /** Days since the feature update; 3 by default. */
      readonly daysAgo?: number;
    }
  | {
      /** Gaming Services, without which the Xbox app does not start, do not work for a user (clients only). */
      readonly kind: 'gaming-services-broken';
      /** Logon name; hanako by default. The account and its profile are made where they are missing. */
      readonly user?: string;
      /** The user has the package no more, its services are disabled, or its program is missing. */
      readonly cause?: 'registration-lost' | 'service-disabled' | 'files-missing';
    }
  | {
      /** Windows setup rolls back because of a driver. */
      readonly kind: 'driver-blocks-setup';
      /** Class of the device. */
      readonly class?: 'Display' | 'Net' | 'SCSIAdapter';
      /** Extend code with which setup rolls back; 0x20007 by default. */
      readonly extend?: string;
      /** Whether its earlier driver is still in the driver store; it is by default. */
      readonly previous?: boolean;
    }
  | {
      /** A storage device hangs at a USB port. */
      readonly kind: 'usb-device-attached';
      /** Size in GB. */
      readonly sizeGB?: number;
      /** Its file system. */
      readonly fileSystem?: 'NTFS' | 'FAT32' | 'exFAT';
      /** Extend code with which setup rolls back while it is attached; setup does not mind it by default. */
      readonly extend?: string;
    }
  | {
      /** The firmware of the machine is old. */
      readonly kind: 'firmware-old';
      /** Level of the firmware. */
      readonly version?: string;
    }
  | {
      /** The event log holds errors of the hardware. */
      readonly kind: 'hardware-errors';
      /** Whether the errors were fatal; corrected ones by default. */
      readonly fatal?: boolean;
    }
  | {
      /** A portable client runs on its battery. */
      readonly kind: 'on-battery';
      /** Charge of the battery. */
      readonly percent?: number;
    }
  | {
      /** The manifest of an installed package is gone, and no update source has it: only an image does. */
      readonly kind: 'cbs-package-missing';
      /** Where an image with good files lies. */
      readonly image?: string;
    }
  | {
      /** The system drive is encrypted. */
      readonly kind: 'bitlocker-on';
      /** Whether the machine asks for a PIN when it starts. */
      readonly pin?: boolean;
      /** Whether the recovery password is kept in the directory; it is by default. */
      readonly escrowed?: boolean;
    }
  | {
      /** The file system of the system drive is damaged. */
      readonly kind: 'disk-errors';
      /** What the file system needs: a spot fix or the offline check. */
      readonly damage?: 'spot' | 'offline';
      /** A file that lies on bad sectors. */
      readonly unreadable?: string;
    }
  | {
      /** A volume is marked to be checked at the next start. */
      readonly kind: 'volume-dirty';
      /** The volume; C: by default. */
      readonly drive?: string;
    }
  | {
      /** The disk is worn out and says so. */
      readonly kind: 'disk-unhealthy';
      /** Wear of the disk in percent. */
      readonly wear?: number;
    }
  | {
      /** A second disk holds another system partition, so that setup does not know where to start from. */
      readonly kind: 'partition-layout';
      /** Style of the second disk with a system partition. */
      readonly style?: 'GPT' | 'MBR';
    }
  | {
      /** The recovery partition has no room for the update that needs it. */
      readonly kind: 'recovery-partition-small';
      /** Free space of the recovery partition in MB. */
      readonly freeMB?: number;
      /** The update that needs more. */
      readonly kb?: string;
    }
  | {
      /** A shutdown keeps the kernel session, so that a start is none from scratch. */
      readonly kind: 'fast-startup-on';
    }
  | {
      /** A program of another maker that starts with the machine keeps the update folder for itself. */
      readonly kind: 'startup-conflict';
      /** What the program is that keeps the update folder for itself. */
      readonly culprit?: 'service' | 'program';
    }
  | {
      /** A feature update was rolled back; its logs and the cause of its extend code are there. */
      readonly kind: 'setup-failed';
      /** Extend code of the rollback; the cause follows from it. */
      readonly extend: string;
      /** Where the ISO file lies. */
      readonly path?: string;
      /** Build of Windows on it; that of the host by default. */
      readonly build?: number;
      /** Language of its Windows; that of the host by default. */
      readonly language?: string;
    }
  | {
      /** Good setup media lie on the host. */
      readonly kind: 'media-present';
      /** Where the ISO file lies. */
      readonly path?: string;
      /** Build of Windows on it; that of the host by default. */
      readonly build?: number;
      /** Language of its Windows; that of the host by default. */
      readonly language?: string;
    }
  | {
      /** Setup media are damaged. */
      readonly kind: 'media-damaged';
      /** What is damaged: the Windows image, or the signed setup program. */
      readonly damage?: 'content' | 'signature';
      /** Where the ISO file lies. */
      readonly path?: string;
      /** Build of Windows on it; that of the host by default. */
      readonly build?: number;
      /** Language of its Windows; that of the host by default. */
      readonly language?: string;
      /** Where a good copy lies. */
      readonly goodCopy?: string;
    }
  | {
      /** The list of profiles names one that cannot be moved by setup. */
      readonly kind: 'profile-list-dangling';
      /** The folder of a profile is missing, or two entries name the same one. */
      readonly how?: 'missing-folder' | 'twin';
    }
  | {
      /** Microsoft holds the feature update back from this machine. */
      readonly kind: 'safeguard-hold';
      /** Id of the hold. */
      readonly id?: string;
    }
  | {
      /** The file of an update is damaged. */
      readonly kind: 'package-damaged';
      /** Where the package lies. */
      readonly path?: string;
      /** Its KB number. */
      readonly kb?: string;
      /** Where a good copy lies. */
      readonly goodCopy?: string;
    }
  | {
      /** An update needs a newer servicing stack than the host has. */
      readonly kind: 'package-prerequisite-missing';
      /** Where the package lies; the servicing stack that it needs lies beside it. */
      readonly path?: string;
      /** Its KB number. */
      readonly kb?: string;
    }
  | {
      /** An update is not for this host. */
      readonly kind: 'package-unsuitable';
      /** Why the package does not fit. */
      readonly why: 'architecture' | 'other-build' | 'installed' | 'superseded';
      /** Where the package lies. */
      readonly path?: string;
      /** Its KB number. */
      readonly kb?: string;
    }
  | {
      /** The newest update does harm; without it all is well. */
      readonly kind: 'last-update-bad';
      /** KB number of the update that makes the print spooler crash. */
      readonly kb?: string;
    }
  | {
      /** The folder for temporary files is not there, so that installations fail. */
      readonly kind: 'temp-folder-missing';
      /** The folder was deleted, or the variable names one that is not there. */
      readonly cause?: 'folder-deleted' | 'variable-wrong';
    }
  | {
      /** Servicing misses an entry or a folder that every Windows has. */
      readonly kind: 'servicing-entry-missing';
      /** What servicing misses: the program of a service entry, the key of a driver service, a folder, or the entry of the image filter. */
      readonly what: 'service-program' | 'driver-service' | 'shell-folder' | 'wim-filter';
    }
  | {
      /** A manifest of the component store is gone. */
      readonly kind: 'cbs-manifest-missing';
      /** Whether the update source has it; it has by default. */
      readonly repairable?: boolean;
    }
  | {
      /** The component store is damaged, and only an image of the same build has good copies. */
      readonly kind: 'component-store-needs-source';
      /** Where an image with good files lies. */
      readonly image?: string;
      /** Build of that image; that of the host by default. */
      readonly imageBuild?: number;
    }
  | {
      /** A VSS writer is in a failed state, so that backups fail. */
      readonly kind: 'vss-writer-failed';
      /** Name of the writer. */
      readonly writer?: string;
      /** Its last error. */
      readonly error?: 'Timed out' | 'Non-retryable error';
    }
  | {
      /** Shadow copies have too little room to be kept. */
      readonly kind: 'shadow-storage-small';
      /** What shadow copies of C: may take, in MB. */
      readonly sizeMB?: number;
    }
  | {
      /** The last system image cannot be restored. */
      readonly kind: 'backup-image-damaged';
      /** The image is damaged, or no longer where the catalog says. */
      readonly cause?: 'image' | 'path';
    }
  | {
      /** There is no recent backup. */
      readonly kind: 'backup-old';
      /** Age of the last backup in days. */
      readonly days?: number;
    }
  | {
      /** The updater of a browser fails with 0x80070002. */
      readonly kind: 'chrome-updater-broken';
      /** Whose updater. */
      readonly product?: 'chrome' | 'edge';
      /** The program of the updater is missing, or a policy forbids updates. */
      readonly cause?: 'program-missing' | 'policy';
      /** Where the vendor's package lies. */
      readonly package?: string;
    }
  | {
      /** Little space is free on the system drive. */
      readonly kind: 'disk-low';
      /** Free space on C: in GB. */
      readonly freeGB: number;
      /** How much of the used space lies in caches and old temporary files, in GB. */
      readonly reclaimableGB?: number;
    }
  | {
      /** A program holds a file or folder open. */
      readonly kind: 'file-locked';
      /** File or folder that is held open. */
      readonly path: string;
      /** Image name of the program that holds it. */
      readonly process: string;
    }
  | {
      /** Somebody else owns the host kit's folder and may write into it. */
      readonly kind: 'kit-folder-tampered';
      /** The folder; by default the one Kintsugi uses. */
      readonly path?: string;
      /** Account that owns it. */
      readonly owner?: string;
    }
  | {
      /** System protection is off. */
      readonly kind: 'restore-disabled';
    }
  | {
      /** Defender takes no change of its settings. */
      readonly kind: 'tamper-protection';
    }
  | {
      /** A service is disabled and stopped. */
      readonly kind: 'service-disabled';
      /** Name of the service. */
      readonly name: string;
    }
  | {
      /** A service hangs when it is to stop. */
      readonly kind: 'service-stuck';
      /** Name of the service that hangs when it is asked to stop. */
      readonly name: string;
      /** Whether somebody has asked it to stop already, so that it hangs. */
      readonly asked?: boolean;
    }
  | {
      /** A service is not registered any more. */
      readonly kind: 'service-missing';
      /** Name of the service. */
      readonly name: string;
    }
  | {
      /** The program of a service is gone. */
      readonly kind: 'service-binary-missing';
      /** Name of the service. */
      readonly name: string;
    }
  | {
      /** Somebody has changed the start type of a service. */
      readonly kind: 'service-start-type';
      /** Name of the service. */
      readonly name: string;
      /** Start type that somebody set. */
      readonly start: 'Automatic' | 'Manual' | 'Disabled';
    }
  | {
      /** A service has ended by itself. */
      readonly kind: 'service-crashed';
      /** Name of the service. */
      readonly name: string;
      /** How often its process has ended by itself. */
      readonly times?: number;
    }
  | {
      /** An installation is under way, so that updates are not installed. */
      readonly kind: 'installer-busy';
      /** What is at work: servicing (TiWorker), Windows Installer, the Settings app on its update page, or the agent of a configuration manager. */
      readonly program?: 'servicing' | 'msi' | 'settings' | 'configuration-manager';
    }
  | {
      /** Components of the component store are damaged. */
      readonly kind: 'component-store-corrupt';
      /** Whether the update source has good copies. */
      readonly repairable?: boolean;
      /** Number of damaged components. */
      readonly files?: number;
    }
  | {
      /** A system file is not as the component store has it. */
      readonly kind: 'system-file-damaged';
      /** Path of the file; usermgr.dll of System32 by default. */
      readonly path?: string;
      /** Image name of a program that holds it open, so that it can only be exchanged at the next start. */
      readonly process?: string;
    }
  | {
      /** A restart is pending for servicing. */
      readonly kind: 'reboot-pending';
    }
  | {
      /** PowerShell sessions have the constrained language only. */
      readonly kind: 'constrained-language';
    }
  | {
      /** A group policy sets the execution policy. */
      readonly kind: 'execution-policy';
      /** Execution policy that a group policy enforces. */
      readonly policy: 'AllSigned' | 'RemoteSigned' | 'Restricted' | 'Unrestricted';
    }
  | {
      /** The clock is wrong. */
      readonly kind: 'clock-skew';
      /** Wall clock minus real time, in minutes. */
      readonly minutes: number;
      /** The time service does not run, or its server does not answer. */
      readonly cause?: 'service-stopped' | 'server-silent';
    }
  | {
      /** The update cache does not fit its database (0x80070002), or the database is damaged. */
      readonly kind: 'update-cache-corrupt';
      /** Downloaded files are missing that the database relies on, or the database itself is torn. */
      readonly damage?: 'missing-payload' | 'database';
    }
  | {
      /** The update servers of the Internet do not answer. */
      readonly kind: 'update-source-unreachable';
    }
  | {
      /** The physical path of a site does not exist (404). */
      readonly kind: 'iis-path-missing';
      /** The physical path is misspelt, its folder or its drive is gone, or it is a file. */
      readonly cause?: 'path-wrong' | 'folder-gone' | 'drive-gone' | 'is-file';
    }
  | {
      /** IIS may not read the content of a site (401.3, 500.19). */
      readonly kind: 'iis-acl-broken';
      /** Who reads for visitors: the identity of the pool, or IUSR. */
      readonly reads?: 'pool' | 'iusr';
      /** Nobody but administrators may read, or IIS_IUSRS is denied. */
      readonly rule?: 'missing' | 'denied';
    }
  | {
      /** A handler mapping is gone (404). */
      readonly kind: 'iis-handler-missing';
      /** Name of the handler mapping that is gone; StaticFile by default. */
      readonly handler?: string;
    }
  | {
      /** A configuration file of IIS cannot be read (500.19, or the service does not start). */
      readonly kind: 'iis-config-broken';
      /** Which file an edit has broken. */
      readonly file?: 'web.config' | 'applicationHost.config';
      /** Not well-formed, an entry twice, or a section that nobody declares. */
      readonly damage?: 'malformed' | 'duplicate' | 'unknown-section';
    }
  | {
      /** Content on a share cannot be read. */
      readonly kind: 'iis-unc-denied';
      /** Why the content on a share cannot be read. */
      readonly cause?: 'no-credentials' | 'wrong-password' | 'no-right' | 'unreachable';
    }
  | {
      /** A role service is not installed though the content needs it. */
      readonly kind: 'iis-feature-missing';
      /** Role service that is not installed though the content needs it. */
      readonly feature?: 'Web-Asp-Net45' | 'Web-Static-Content';
    }
  | {
      /** An application pool does not run (503). */
      readonly kind: 'iis-pool-stopped';
      /** Why the application pool does not run. */
      readonly cause?: 'stopped' | 'identity-invalid' | 'module-missing' | 'no-auto-start';
    }
  | {
      /** A site is stopped. */
      readonly kind: 'iis-site-stopped';
    }
  | {
      /** A site sets a section of the configuration that is locked above it (500.19). */
      readonly kind: 'iis-config-locked-section';
    }
  | {
      /** The update server does not synchronize. */
      readonly kind: 'wsus-sync-failed';
      /** Why the update server does not reach its source. */
      readonly cause?: 'proxy-wrong' | 'upstream-wrong' | 'source-unreachable';
    }
  | {
      /** The application pool of the update server has too little for its clients. */
      readonly kind: 'wsus-pool-memory';
      /** What limit of the pool 1,200 clients exceed. */
      readonly cause?: 'memory' | 'queue';
    }
  | {
      /** Updates that were replaced or withdrawn were never declined. */
      readonly kind: 'wsus-superseded-piled-up';
      /** Replaced updates that nobody declined. */
      readonly superseded?: number;
      /** How many of them are withdrawn. */
      readonly expired?: number;
    }
  | {
      /** The update server's database has grown and its indexes are fragmented. */
      readonly kind: 'wsus-db-large';
      /** Declined updates that nobody deleted. */
      readonly obsolete?: number;
      /** Size of the data file. */
      readonly sizeGB?: number;
    }
  | {
      /** Files of the update server are missing. */
      readonly kind: 'wsus-content-missing';
      /** Files are gone or empty, and why they do not come back. */
      readonly cause?: 'files-gone' | 'files-empty' | 'acl-broken' | 'folder-gone';
    }
  | {
      /** The update server or its database does not run. */
      readonly kind: 'wsus-service-stopped';
      /** The update service or its database does not start. */
      readonly service?: 'WsusService' | 'database';
    }
  | {
      /** Backups of the server fail. */
      readonly kind: 'server-backup-failed';
      /** Why each backup of the last days failed. */
      readonly cause?: 'target-gone' | 'target-full' | 'shadow-service-disabled';
    }
  | {
      /** Files of a role service were removed from the host, and no source has them. */
      readonly kind: 'feature-payload-removed';
      /** Role service or feature whose files are in no store of the host; no source is found for it. */
      readonly feature?: string;
    }
  | {
      /** Names are not found. */
      readonly kind: 'dns-broken';
      /** The name servers of the adapter do not answer, know only names of the Internet, or the resolver still remembers that there was no such name. */
      readonly how?: 'servers-dead' | 'servers-foreign' | 'stale-cache';
    }
  | {
      /** The hosts file gives update servers a wrong address. */
      readonly kind: 'hosts-file-entry';
      /** Names that the hosts file holds; by default those of the update servers. */
      readonly names?: readonly string[];
      /** Address that it gives them. */
      readonly address?: string;
    }
  | {
      /** A proxy is set that does not serve. */
      readonly kind: 'proxy-wrong';
      /** Whose setting it is: the machine's (WinHTTP), the SYSTEM account's or the users' (WinINET). */
      readonly scope?: 'machine' | 'system-account' | 'users';
      /** Nobody knows the proxy's name, nothing listens there, it wants a login, or it is silent. */
      readonly how?: 'unknown-name' | 'refused' | 'authenticates' | 'silent';
    }
  | {
      /** Only a proxy leads to the Internet, and none is set. */
      readonly kind: 'proxy-required';
    }
  | {
      /** A device on the way opens TLS and shows a certificate of its own. */
      readonly kind: 'tls-intercepted';
      /** Whether the machine trusts the issuer of the device that opens TLS. */
      readonly trusted?: boolean;
    }
  | {
      /** The host's own firewall lets nothing out that no rule allows. */
      readonly kind: 'firewall-blocks';
    }
  | {
      /** TLS 1.2 is switched off. */
      readonly kind: 'tls-disabled';
    }
  | {
      /** A filter on the way answers with a page of its own instead of what was asked for. */
      readonly kind: 'web-filter-page';
    }
  | {
      /** Time servers do not answer: a firewall is on the way. */
      readonly kind: 'time-source-blocked';
    }
  | {
      /** The update server of the organization does not serve. */
      readonly kind: 'wsus-unreachable';
      /** The server is silent, refuses the port, answers 503, lacks files and services, or its name is gone. */
      readonly how?: 'silent' | 'refused' | 'unavailable' | 'missing-content' | 'no-name';
      /** Who sets the values: a group policy of the domain, the local group policy, or nobody but the registry (then they stay away when they are removed). */
      readonly source?: 'domain' | 'local' | 'registry';
    }
  | {
      /** The client asks the wrong update server. */
      readonly kind: 'wsus-wrong-server';
      /** What is wrong with the URL: an old server, the wrong port, no scheme, a short name with TLS, or none at all. */
      readonly how?: 'old-server' | 'wrong-port' | 'no-scheme' | 'short-name-tls' | 'missing';
      /** Who sets the values: a group policy of the domain, the local group policy, or nobody but the registry (then they stay away when they are removed). */
      readonly source?: 'domain' | 'local' | 'registry';
    }
  | {
      /** The client has the id of another one that it was cloned from. */
      readonly kind: 'wsus-client-cloned';
    }
  | {
      /** A policy holds a value; it comes back at each refresh. */
      readonly kind: 'policy-conflict';
      /** Key of the value, below HKLM. */
      readonly key?: string;
      /** Name of the value. */
      readonly name?: string;
      /** What the policy asks for. */
      readonly value?: number | string;
      /** Who sets the values: a group policy of the domain, the local group policy, or nobody but the registry (then they stay away when they are removed). */
      readonly source?: 'domain' | 'local' | 'registry';
    }
  | {
      /** A policy sets the start type of a service; it comes back at each refresh. */
      readonly kind: 'policy-disables-service';
      /** Name of the service. */
      readonly name: string;
      /** Start type that the domain asks for. */
      readonly start?: 'Disabled' | 'Manual';
    }
  | {
      /** A policy keeps access to Windows Update away. */
      readonly kind: 'update-access-disabled';
      /** Who sets the values: a group policy of the domain, the local group policy, or nobody but the registry (then they stay away when they are removed). */
      readonly source?: 'domain' | 'local' | 'registry';
    }
  | {
      /** Updates are paused. */
      readonly kind: 'updates-paused';
      /** How many days the pause still lasts; negative: it is over. */
      readonly days?: number;
    }
  | {
      /** No domain controller answers. */
      readonly kind: 'domain-unreachable';
    }
  | {
      /** Rights of the update folders or of the servicing key are wrong (0x80070005). */
      readonly kind: 'acl-broken';
      /** Whose rights are wrong. */
      readonly target?: 'SoftwareDistribution' | 'catroot2' | 'servicing-key';
      /** A rule denies SYSTEM, its rules are gone, or everything belongs to an account that is no more. */
      readonly damage?: 'denied' | 'rules-missing' | 'foreign-owner';
      /** Whether a group policy of the domain asks for the wrong rules, so that they come back. */
      readonly byPolicy?: boolean;
    }
  | {
      /** Sessions get a token without administrator rights. */
      readonly kind: 'not-elevated';
    }
  | {
      /** Defender stands in the way of updates. */
      readonly kind: 'defender-blocks';
      /** Controlled folder access protects the update cache, the signatures take a file of an update for malware, or network protection refuses the update servers. */
      readonly how?: 'controlled-folder-access' | 'false-positive' | 'network-protection';
    }
  | {
      /** The security product of another maker is installed. */
      readonly kind: 'third-party-av';
      /** Whether its filter holds the files of the update cache. */
      readonly holdsCache?: boolean;
    }
  | {
      /** A file system filter of another maker is loaded. */
      readonly kind: 'filter-driver';
      /** What kind of filter it is. */
      readonly class?: 'encryption' | 'backup' | 'screening';
      /** Folders whose new files it holds. */
      readonly watches?: readonly string[];
    }
  | {
      /** The queue of background transfers does not move. */
      readonly kind: 'bits-queue-stuck';
      /** Jobs that cannot end, or a queue that cannot be read. */
      readonly damage?: 'jobs' | 'database';
      /** Whether a job of another product stands in the queue, too. */
      readonly foreignJob?: boolean;
    }
  | {
      /** A user has Outlook with a mailbox (OST) and an archive (PST), and nothing is wrong. */
      readonly kind: 'outlook-set-up';
      /** Logon name; hanako by default. The account and its profile are made where they are missing. */
      readonly user?: string;
      /** Outlook is open, where its user is signed in. */
      readonly running?: boolean;
    }
  | {
      /** Outlook does not start with the profile that it has. */
      readonly kind: 'outlook-profile-broken';
      /** Logon name; hanako by default. The account and its profile are made where they are missing. */
      readonly user?: string;
      /** The default names a profile that is not there, or the profile has lost its services. */
      readonly cause?: 'default-missing' | 'services-lost';
    }
  | {
      /** The archive that the profile names is nowhere. */
      readonly kind: 'outlook-datafile-missing';
      /** Logon name; hanako by default. The account and its profile are made where they are missing. */
      readonly user?: string;
    }
  | {
      /** The archive lies in another folder than the profile says. */
      readonly kind: 'outlook-datafile-moved';
      /** Logon name; hanako by default. The account and its profile are made where they are missing. */
      readonly user?: string;
      /** The folder in which it lies. */
      readonly to?: string;
    }
  | {
      /** The archive has lost its header. */
      readonly kind: 'outlook-datafile-torn';
      /** Logon name; hanako by default. The account and its profile are made where they are missing. */
      readonly user?: string;
    }
  | {
      /** The local copy of the mailbox is damaged beyond repair. */
      readonly kind: 'outlook-ost-corrupt';
      /** Logon name; hanako by default. The account and its profile are made where they are missing. */
      readonly user?: string;
    }
  | {
      /** Files that OneDrive keeps in the cloud take room on the system drive, too; its client runs while the user is signed in. */
      readonly kind: 'onedrive-files-local';
      /** Logon name; hanako by default. The account and its profile are made where they are missing. */
      readonly user?: string;
      /** How much they take, in MB. */
      readonly sizeMB?: number;
    }
  | {
      /** A program is installed that nobody has started for long. */
      readonly kind: 'app-unused';
      /** Name of the program. */
      readonly name: string;
      /** What it takes, in MB. */
      readonly sizeMB?: number;
      /** Days since its last start. */
      readonly unusedDays?: number;
    }
  | {
      /** Clients only, as all faults of the Store. */
      readonly kind: 'store-cache-corrupt';
      /** Logon name; hanako by default. The account and its profile are made where they are missing. */
      readonly user?: string;
    }
  | {
      /** A package of the Store is broken for a user (clients only). */
      readonly kind: 'store-package-broken';
      /** Logon name; hanako by default. The account and its profile are made where they are missing. */
      readonly user?: string;
      /** Name of the package; that of the Store by default. */
      readonly package?: string;
      /** The user has it no more, its program is missing, or apps may not read its folder. */
      readonly cause?: 'registration-lost' | 'files-missing' | 'acl-broken';
      /** Where a good package file lies on the host. */
      readonly source?: string;
    }
  | {
      /** Licences of the Store do not work (clients only). */
      readonly kind: 'store-licence-broken';
      /** The store of licences is torn, its service disabled, or a policy takes the Store away. */
      readonly cause?: 'tokens' | 'service-disabled' | 'policy';
    }
  | {
      /** Apps are to be installed on a volume that is not there (clients only). */
      readonly kind: 'store-default-volume-missing';
      /** Drive of the volume that is not there. */
      readonly drive?: string;
    }
  | {
      /** A user is signed in. */
      readonly kind: 'user-signed-in';
      /** Logon name; hanako by default. The account and its profile are made where they are missing. */
      readonly user?: string;
      /** At the console, through Remote Desktop, or left behind by a client that went away. */
      readonly session?: 'console' | 'remote' | 'disconnected';
    }
  | {
      /** A user has a profile, and nobody is signed in. */
      readonly kind: 'nobody-signed-in';
      /** Logon name; hanako by default. The account and its profile are made where they are missing. */
      readonly user?: string;
    }
  | {
      /** The registry hive of a user is held, so that he gets a temporary profile. */
      readonly kind: 'profile-hive-locked';
      /** Logon name; hanako by default. The account and its profile are made where they are missing. */
      readonly user?: string;
      /** A program holds the hive file of a user who is not signed in, has it loaded and a key of it open, or left it loaded. */
      readonly cause?: 'file-held' | 'key-open' | 'left-loaded';
    }
  | {
      /** A user's folder for temporary files is not there. */
      readonly kind: 'user-temp-missing';
      /** Logon name; hanako by default. The account and its profile are made where they are missing. */
      readonly user?: string;
      /** The folder is gone, or the variables name one on a drive that is not there. */
      readonly cause?: 'folder' | 'value';
    };

/** Simulated Windows hosts: each is a base plus the states that keep something from working. */
export type LabDocument = {
  /** The name and version of the format. */
  readonly kintsugi: 'lab/v1';
  /** Hosts by name. */
  readonly hosts: {
    readonly [name: string]: Host;
  };
  /** Whether one answers beside the hosts: it manages those whose service processor answers. */
  readonly xclarityAdministrator?: boolean;
};
