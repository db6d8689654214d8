declare module 'js-md4' {
  interface Md4Hasher {
    update(bytes: Uint8Array): Md4Hasher;
    array(): number[];
  }
  const library: { create(): Md4Hasher };
  export = library;
}
