/** A refusal of the update agent: an HRESULT (signed). */
export class UpdateFault extends Error {
  readonly hresult: number;

  /** @param hresult HRESULT, signed or not */
  constructor(hresult: number) {
    super(`update agent: 0x${(hresult >>> 0).toString(16)}`);
    this.name = 'UpdateFault';
    this.hresult = hresult | 0;
  }
}
