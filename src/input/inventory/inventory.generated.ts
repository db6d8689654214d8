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
  readonly password: SecretReference;
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
      /** A PEM file with the authority that signed the host's certificate. */
      readonly ca?: string;
      /** Whether the certificate is checked; false only in a lab. */
      readonly verify?: boolean;
    };

/** How it is reached and its values of playbook parameters. The nearest setting wins: host, then group, then the inventory's defaults. */
export type Settings = {
  /** Name or IP address; the host's id where it is left out. */
  readonly address?: string;
  /** 5985, with TLS 5986, where it is left out. */
  readonly port?: number;
  /** How the host is reached. */
  readonly transport?: 'winrm';
  /** Whether HTTPS is used: true, false, or an object with details. */
  readonly tls?: Tls;
  /** Tried in this order; `negotiate` where it is left out. `basic` needs TLS or, in a lab, `allowUnencrypted`. */
  readonly mechanisms?: readonly ('negotiate' | 'ntlm' | 'basic')[];
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
