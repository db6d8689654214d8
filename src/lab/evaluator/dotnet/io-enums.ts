import { defineEnum } from '../define.ts';

/** Enums of the base class library that need nothing of the machine. */
export const libraryEnums = [
  defineEnum(
    'System.IO.FileAttributes',
    {
      ReadOnly: 1,
      Hidden: 2,
      System: 4,
      Directory: 16,
      Archive: 32,
      Device: 64,
      Normal: 128,
      Temporary: 256,
      SparseFile: 512,
      ReparsePoint: 1024,
      Compressed: 2048,
      Offline: 4096,
      NotContentIndexed: 8192,
      Encrypted: 16384,
    },
    { flags: true },
  ),
  defineEnum(
    'System.Globalization.NumberStyles',
    {
      None: 0,
      AllowLeadingWhite: 1,
      AllowTrailingWhite: 2,
      AllowLeadingSign: 4,
      Integer: 7,
      AllowHexSpecifier: 512,
      HexNumber: 515,
      Float: 167,
      Number: 111,
      Any: 511,
    },
    { flags: true },
  ),
];
