import type { DisturbanceSpec } from '../disturbances/disturbance-spec.ts';
import type { BaseName } from './bases/editions.ts';

/** A state that a Windows can be in and that keeps something from working. */
export type FaultSpec =
  | { readonly kind: 'update-cache-corrupt'; readonly damage?: 'missing-payload' | 'database' }
  | { readonly kind: 'clock-skew'; readonly minutes: number; readonly cause?: 'service-stopped' | 'server-silent' }
  | { readonly kind: 'disk-low'; readonly freeGB: number; readonly reclaimableGB?: number }
  | { readonly kind: 'service-disabled'; readonly name: string }
  | { readonly kind: 'service-stuck'; readonly name: string }
  | { readonly kind: 'file-locked'; readonly path: string; readonly process: string }
  | { readonly kind: 'restore-disabled' }
  | { readonly kind: 'kit-folder-tampered'; readonly path?: string; readonly owner?: string }
  | { readonly kind: 'constrained-language' }
  | { readonly kind: 'execution-policy'; readonly policy: string }
  | { readonly kind: 'component-store-corrupt'; readonly repairable?: boolean; readonly files?: number }
  | { readonly kind: 'update-source-unreachable' }
  | { readonly kind: 'tamper-protection' }
  | { readonly kind: 'reboot-pending' };

/** A host of a lab. */
export type HostSpec = {
  readonly base: BaseName;
  readonly uiLanguage?: 'en-US' | 'ja-JP';
  readonly faults?: readonly FaultSpec[];
  readonly disturbances?: readonly DisturbanceSpec[];
  readonly description?: string;
  /** No-language endpoints by the name of their session configuration: the folder of an exported one, or null for one without a module. */
  readonly jea?: Readonly<Record<string, string | null>>;
};

/** A lab: hosts by name (`schemas/lab.schema.json`). */
export type LabSpec = { readonly kintsugi: 'lab/v1'; readonly hosts: Readonly<Record<string, HostSpec>> };
