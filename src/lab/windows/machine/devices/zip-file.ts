import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** A file in a ZIP archive; its name with forward slashes. */
export type ZipEntry = { readonly name: string; readonly bytes: Uint8Array };

/** Time and date of an entry in MS-DOS form; the lab does not keep them. */
const stamp = [0, 0x5b21] as const;

/** Bytes of a ZIP archive (APPNOTE 4.3: local headers, central directory, end record; deflate). */
export const writeZip = (entries: readonly ZipEntry[]): Uint8Array => {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const data = deflateRawSync(bytes);
    const path = Buffer.from(name, 'utf8');
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt16LE(stamp[0], 6);
    common.writeUInt16LE(stamp[1], 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, path, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), common, tail, path]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006', 'latin1'), end]);
};

/** Reads a ZIP archive by its local headers; `undefined` when the bytes are none. */
export const readZip = (bytes: Uint8Array): readonly ZipEntry[] | undefined => {
  const buffer = Buffer.from(bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at + 30 <= buffer.length && buffer.toString('latin1', at, at + 4) === 'PK\u0003\u0004') {
    const [packed, nameLength, extra] = [
      buffer.readUInt32LE(at + 18),
      buffer.readUInt16LE(at + 26),
      buffer.readUInt16LE(at + 28),
    ];
    const start = at + 30 + nameLength + extra;
    const data = buffer.subarray(start, start + packed);
    const isPlain = buffer.readUInt16LE(at + 8) === 0;
    entries.push({
      name: buffer.toString('utf8', at + 30, at + 30 + nameLength),
      bytes: isPlain ? Uint8Array.from(data) : inflateRawSync(data),
    });
    at = start + packed;
  }
  return entries.length > 0 || buffer.toString('latin1', 0, 4) === 'PK\u0005\u0006' ? entries : undefined;
};
