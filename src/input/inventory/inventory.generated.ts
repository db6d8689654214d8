// Made from schemas/inventory.schema.json by scripts/generate.ts; change that, then run `npm run generate`.
import type { Values } from '../document/words.generated.ts';

/** Letters, digits, dots, hyphens and underscores; `all` is reserved. */
type HostId = string;

/** Letters, digits, dots, hyphens and underscores; `all` is reserved. */
type GroupName = string;

/** `env:NAME` (an environment variable) or `file:path` (the content of a file, without its last line end; relative to the project folder). Never the secret itself. */
type SecretReference = string;

/** Who signs in, and where the password is found. */
export type Credential = {
  /** `DOMAIN\name`, `name@domain` or a local name. */
  readonly username: string;
  /** A reference to the password. Left out where hosts are logged in to by Kerberos with a cache or a keytab, or by a client certificate. */
  readonly password?: SecretReference;
};

/** Hosts, further groups, and settings for all of them. */
type Group = {
  /** Hosts of the group. */
  readonly hosts?: readonly HostId[];
  /** Groups whose hosts belong to this one too. */
  readonly groups?: readonly GroupName[];
  /** Settings of the group's hosts. */
  readonly defaults?: Settings;
};

/** How the host's certificate is checked. */
type Tls =
  | boolean
  | {
      /** A PEM file with the authority that signed the host's certificate; relative to the project folder. */
      readonly ca?: string;
      /** Whether the certificate is checked; false only in a lab. */
      readonly verify?: boolean;
      /** The name that the certificate must bear, where it is not the host's address. */
      readonly servername?: string;
      /** The host must show one of these. A pinned certificate needs no authority; where `ca` is given too, both must hold. */
      readonly pin?: readonly string[];
      /** Whether the login is bound to the host's certificate; false only where something between ends TLS and starts it anew. */
      readonly channelBinding?: boolean;
      /** What the mechanism `certificate` shows to the host. */
      readonly clientCertificate?: ClientCertificate;
    };

/** A certificate that the host maps to an account (`winrm`, certmapping), and its key. */
type ClientCertificate = {
  /** A PEM file with the certificate, and those between it and its authority; relative to the project folder. */
  readonly cert: string;
  /** A reference to the key in PEM. */
  readonly key: SecretReference;
  /** A reference to the key's passphrase, if it has one. */
  readonly passphrase?: SecretReference;
};

/** How tickets are had. With this section `negotiate` tries Kerberos before NTLM. */
type Kerberos = {
  /** The name of the host's service; `HTTP/` and the host's address where it is left out. */
  readonly spn?: string;
  /** The realm of the user name. Where it is left out: the domain of `name@domain` in capitals, else the default of the system's `krb5.conf`. */
  readonly realm?: string;
  /** A credential cache (FILE) that something else keeps fresh, relative to the project folder; `default` takes the one of `KRB5CCNAME`. No password is needed then. */
  readonly cache?: string;
  /** A keytab with the key of the credential's user, relative to the project folder. No password is needed then. */
  readonly keytab?: string;
  /** Tickets are never handed on to the host; only `false` is possible. */
  readonly delegate?: false;
};

/** Connections to the host are tunnelled through it by CONNECT. */
type Proxy = {
  /** Scheme, name and port of the proxy. */
  readonly url: string;
  /** The name of a credential below `credentials`, for Basic authentication at the proxy. */
  readonly credential?: GroupName;
};

/** The host's `sshd` starts PowerShell as a subsystem; the worker's `ssh` connects. A `credential` logs in with its password unless `identityFile` is given; without both, the agent, GSSAPI and the keys that `ssh` finds are tried. */
type Ssh = {
  /** Who signs in; the credential's name, or `ssh`'s own setting, where it is left out. */
  readonly user?: string;
  /** The host's `port`, or 22, where it is left out. */
  readonly port?: number;
  /** File of a private key without passphrase; relative to the project folder. */
  readonly identityFile?: string;
  /** File of known host keys, instead of those of the worker's account and machine; relative to the project folder. */
  readonly knownHosts?: string;
  /** The host's public key, as `ssh-keyscan` prints it behind the name: no other is taken. */
  readonly hostKey?: string;
  /** Whether the host's key must be known; false only in a lab: anyone on the way could act as the host. */
  readonly checkHostKey?: boolean;
  /** Hosts to go through, as in `ssh -J`. Not together with a password. */
  readonly proxyJump?: string;
  /** The name by which `sshd_config` starts PowerShell. */
  readonly subsystem?: string;
};

/** For hosts that do not take what Kintsugi does to save requests and to lose no answer. */
type Winrm = {
  /** Whether the first command is sent before the session's first messages were read, which saves a request. */
  readonly commandAtOnce?: boolean;
  /** `full` writes them as PowerShell itself does, a third larger. */
  readonly form?: 'compact' | 'full';
  /** Whether the host is asked to keep its answers until they have come, for connections that break. */
  readonly robust?: boolean;
};

/** It runs under the worker's own account. */
type Local = {
  /** `powershell.exe` on Windows and `pwsh` elsewhere, where it is left out. */
  readonly executable?: string;
};

/** A PowerShell on the worker's machine, which must be Windows, opens the session over WinRM: for CredSSP, smart cards and group-managed service accounts. Without a `credential` the worker's own account signs in. */
type Bridge = {
  /** `powershell.exe` on Windows and `pwsh` elsewhere, where it is left out. */
  readonly executable?: string;
  /** How to sign in, as `New-PSSession -Authentication` has it. `credssp` and `basic` need a `credential`, `basic` also TLS. `credssp` hands the password to the host. */
  readonly authentication?: 'default' | 'negotiate' | 'kerberos' | 'credssp' | 'basic';
  /** Thumbprint of a certificate of the worker's account, such as a smart card's, that signs in instead of a `credential`. Needs TLS. */
  readonly certificateThumbprint?: string;
};

/** How it is reached and its values of playbook parameters. The nearest setting wins: host, then group, then the inventory's defaults. */
export type Settings = {
  /** Name or IP address; the host's id where it is left out. */
  readonly address?: string;
  /** 5985, with TLS 5986, over SSH 22, where it is left out. */
  readonly port?: number;
  /** How the host is reached: over WinRM; over SSH; by a PowerShell of the worker that opens the session (`bridge`); or not at all, since it is the worker's own machine (`local`). A setting that the transport does not honour is a fault. */
  readonly transport?: 'winrm' | 'ssh' | 'local' | 'bridge';
  /** How WinRM is used; keys that a group gives and the host does not, hold too. */
  readonly winrm?: Winrm;
  /** How SSH is used; keys that a group gives and the host does not, hold too. */
  readonly ssh?: Ssh;
  /** Which PowerShell of the worker's machine is used. */
  readonly local?: Local;
  /** How the bridge is used; keys that a group gives and the host does not, hold too. */
  readonly bridge?: Bridge;
  /** Whether HTTPS is used: true, false, or an object with details. */
  readonly tls?: Tls;
  /** Tried in this order, and nothing else; `negotiate` where it is left out. `kerberos` and `negotiate` (Kerberos where the section `kerberos` is there and a ticket is had, else NTLM) and `ntlm` seal each message over plain HTTP. `basic` and `certificate` need TLS (`basic`, in a lab, `allowUnencrypted`). CredSSP is not offered. */
  readonly mechanisms?: readonly ('kerberos' | 'negotiate' | 'ntlm' | 'basic' | 'certificate')[];
  /** How Kerberos tickets are had for the host. */
  readonly kerberos?: Kerberos;
  /** An HTTP proxy between the workers and the host. */
  readonly proxy?: Proxy;
  /** Whether messages may travel in clear text over plain HTTP. Only for a lab. */
  readonly allowUnencrypted?: boolean;
  /** The PowerShell session configuration of the host. */
  readonly configurationName?: string;
  /** The name of a credential below `credentials`. */
  readonly credential?: GroupName;
  /** Values for parameters of playbooks; what a playbook does not declare is left out. `$name` takes the variable of that name. */
  readonly parameters?: Values;
  /** Variables, for use in `parameters` as `$name`. */
  readonly vars?: Values;
} | null;

/** The hosts, how they are reached, their groups, and credentials by reference. */
export type InventoryDocument = {
  /** The name and version of the format. */
  readonly kintsugi: 'inventory/v1';
  /** Settings of every host that neither the host nor one of its groups gives. */
  readonly defaults?: Settings;
  /** Hosts by id; the order of the file is the order of batches and reports. */
  readonly hosts: {
    readonly [name: string]: Settings;
  };
  /** Groups by name. A host in several groups takes each setting from the group that is named last. */
  readonly groups?: {
    readonly [name: string]: Group;
  };
  /** User names and references to passwords, by name. */
  readonly credentials?: {
    readonly [name: string]: Credential;
  };
};
