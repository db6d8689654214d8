import { customObject } from './make.ts';
import type { Value } from './value.ts';

/** A PathInfo, as `Get-Location`, `Resolve-Path` and `$PWD` give it. */
export const pathInfo = (path: string): Value => {
  const info = customObject({ Path: path, ProviderPath: path }, ['System.Management.Automation.PathInfo']);
  info.text = path;
  return info;
};
