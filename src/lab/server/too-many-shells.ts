import { makeFault, type WsmanFault } from '../../remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../remote/protocol/wsman/fault-codes.ts';

/** What a host answers to an account that has as many shells as it may have. */
export const tooManyShells = (limit: number): WsmanFault =>
  makeFault(faultCodes.tooManyShells, `This user is allowed a maximum number of ${limit} concurrent shells.`);
