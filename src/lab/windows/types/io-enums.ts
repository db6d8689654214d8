import { defineEnum } from '../../evaluator/define.ts';
import { fileAttributes } from '../machine/files/file-node.ts';

/** System.IO.FileAttributes. */
export const fileAttributesEnum = defineEnum('System.IO.FileAttributes', fileAttributes, { flags: true });
/** System.IO.FileMode. */
export const fileModeEnum = defineEnum('System.IO.FileMode', {
  CreateNew: 1,
  Create: 2,
  Open: 3,
  OpenOrCreate: 4,
  Truncate: 5,
  Append: 6,
});
/** System.IO.FileAccess. */
export const fileAccessEnum = defineEnum('System.IO.FileAccess', { Read: 1, Write: 2, ReadWrite: 3 }, { flags: true });
/** System.IO.FileShare. */
export const fileShareEnum = defineEnum(
  'System.IO.FileShare',
  { None: 0, Read: 1, Write: 2, ReadWrite: 3, Delete: 4, Inheritable: 16 },
  { flags: true },
);
/** System.IO.FileOptions. */
export const fileOptionsEnum = defineEnum(
  'System.IO.FileOptions',
  {
    None: 0,
    Encrypted: 16384,
    DeleteOnClose: 67108864,
    SequentialScan: 134217728,
    RandomAccess: 268435456,
    Asynchronous: 1073741824,
    WriteThrough: -2147483648,
  },
  { flags: true },
);
/** System.IO.SeekOrigin. */
export const seekOriginEnum = defineEnum('System.IO.SeekOrigin', { Begin: 0, Current: 1, End: 2 });
/** System.IO.SearchOption. */
export const searchOptionEnum = defineEnum('System.IO.SearchOption', { TopDirectoryOnly: 0, AllDirectories: 1 });
/** Encodings that file-system cmdlets of Windows PowerShell 5.1 take. */
export const encodingParameterEnum = defineEnum(
  'Microsoft.PowerShell.Commands.FileSystemCmdletProviderEncoding',
  {
    Unknown: 0,
    String: 1,
    Unicode: 2,
    Byte: 3,
    BigEndianUnicode: 4,
    UTF8: 5,
    UTF7: 6,
    UTF32: 7,
    Ascii: 8,
    Default: 9,
    Oem: 10,
    BigEndianUTF32: 11,
  },
  { aliases: ['FileSystemCmdletProviderEncoding'] },
);
/** Microsoft.PowerShell.Commands.TestPathType. */
export const pathTypeEnum = defineEnum(
  'Microsoft.PowerShell.Commands.TestPathType',
  { Any: 0, Container: 1, Leaf: 2 },
  { aliases: ['TestPathType'] },
);
