import { defineEnum } from '../../evaluator/define.ts';

/** Rights of files. */
export const fileRightsEnum = defineEnum(
  'System.Security.AccessControl.FileSystemRights',
  {
    ReadData: 1,
    CreateFiles: 2,
    AppendData: 4,
    ReadExtendedAttributes: 8,
    WriteExtendedAttributes: 16,
    ExecuteFile: 32,
    DeleteSubdirectoriesAndFiles: 64,
    ReadAttributes: 128,
    WriteAttributes: 256,
    Write: 278,
    Delete: 65536,
    ReadPermissions: 131072,
    Read: 131209,
    ReadAndExecute: 131241,
    Modify: 197055,
    ChangePermissions: 262144,
    TakeOwnership: 524288,
    Synchronize: 1048576,
    FullControl: 2032127,
  },
  { flags: true },
);
/** Rights of keys. */
export const registryRightsEnum = defineEnum(
  'System.Security.AccessControl.RegistryRights',
  {
    QueryValues: 1,
    SetValue: 2,
    CreateSubKey: 4,
    EnumerateSubKeys: 8,
    Notify: 16,
    CreateLink: 32,
    Delete: 65536,
    ReadPermissions: 131072,
    WriteKey: 131078,
    ReadKey: 131097,
    ChangePermissions: 262144,
    TakeOwnership: 524288,
    FullControl: 983103,
  },
  { flags: true },
);
/** Whether a rule allows or denies. */
export const accessTypeEnum = defineEnum('System.Security.AccessControl.AccessControlType', { Allow: 0, Deny: 1 });
/** To what a rule is passed on. */
export const inheritanceEnum = defineEnum(
  'System.Security.AccessControl.InheritanceFlags',
  { None: 0, ContainerInherit: 1, ObjectInherit: 2 },
  { flags: true },
);
/** How a rule is passed on. */
export const propagationEnum = defineEnum(
  'System.Security.AccessControl.PropagationFlags',
  { None: 0, NoPropagateInherit: 1, InheritOnly: 2 },
  { flags: true },
);
/** Parts of a security descriptor. */
export const sectionsEnum = defineEnum(
  'System.Security.AccessControl.AccessControlSections',
  { None: 0, Audit: 1, Access: 2, Owner: 4, Group: 8, All: 15 },
  { flags: true },
);
