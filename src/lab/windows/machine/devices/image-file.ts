import { createHash } from 'node:crypto';

/** What a program, driver or package file says of itself, and who signed it. */
export type ImageInfo = {
  readonly companyName?: string;
  readonly productName?: string;
  readonly fileDescription?: string;
  readonly fileVersion?: string;
  /** Subject of the certificate that signed the file; unsigned without. */
  readonly signer?: string;
  /** When that certificate began and ends to be good, in ms since 1970. */
  readonly signedFromMs?: number;
  readonly signedUntilMs?: number;
};

const mark = 'MZ\u0000lab image\n';

/** Bytes of a program or package: what it says of itself, signed, then its content. Whoever changes a byte breaks the signature. */
export const encodeImage = (info: ImageInfo, content = ''): Uint8Array => {
  const body = `${JSON.stringify(info)}\n${content}`;
  return Buffer.from(`${mark}${createHash('sha256').update(body).digest('hex')}\n${body}`);
};

/** A file as its bytes tell it: `isIntact` says whether the signed digest still fits. */
export type Image = { readonly info: ImageInfo; readonly content: string; readonly isIntact: boolean };

/** Reads a program or package; `undefined` when the bytes are none, or too broken to say anything. */
export const decodeImage = (bytes: Uint8Array | undefined): Image | undefined => {
  if (!bytes) return undefined;
  const text = Buffer.from(bytes).toString('utf8');
  if (!text.startsWith(mark)) return undefined;
  const [digest = '', head = ''] = text.slice(mark.length).split('\n', 2);
  const body = text.slice(mark.length + digest.length + 1);
  try {
    const info = JSON.parse(head) as ImageInfo;
    const isIntact = createHash('sha256').update(body).digest('hex') === digest;
    return { info, content: body.slice(head.length + 1), isIntact };
  } catch {
    return undefined;
  }
};

/** Breaks the content of an image as a bad download or a bad sector does: what it says of itself can still be read. */
export const damageImage = (bytes: Uint8Array): Uint8Array => {
  const broken = Uint8Array.from(bytes);
  const last = broken.length - 1;
  broken[last] = (broken[last] ?? 0) ^ 0x55;
  return broken;
};

/** The content of an intact image as JSON; `undefined` where it is damaged or none. */
export const readImageContent = <T>(bytes: Uint8Array | undefined, kind: string): T | undefined => {
  const image = decodeImage(bytes);
  if (!image?.isIntact) return undefined;
  try {
    const content = JSON.parse(image.content) as { readonly kind?: string };
    return content.kind === kind ? (content as T) : undefined;
  } catch {
    return undefined;
  }
};
