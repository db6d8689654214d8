/** Every decoder of bytes or texts that a peer sends, with valid inputs to start from. A new decoder is one more row in its table. */
import type { Decoder } from './decoder.ts';
import { ntlmDecoders } from './ntlm-decoders.ts';
import { psrpDecoders } from './psrp-decoders.ts';
import { securityDecoders } from './security-decoders.ts';
import { stdioDecoders } from './stdio-decoders.ts';
import { wsmanDecoders } from './wsman-decoders.ts';

/** All tables. */
export const decoders: readonly Decoder[] = [
  ...psrpDecoders,
  ...wsmanDecoders,
  ...stdioDecoders,
  ...ntlmDecoders,
  ...securityDecoders,
];
