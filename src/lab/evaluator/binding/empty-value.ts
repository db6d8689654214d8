import type { Frame } from '../frame.ts';
import { switchValue } from '../make.ts';
import type { Value } from '../value.ts';
import type { ParameterSpec } from './signature.ts';

/** What a parameter is that no argument, default or pipeline gives a value. */
export const emptyValue = (spec: ParameterSpec, frame: Frame): Value => {
  if (spec.isSwitch) return switchValue(false);
  if (!spec.isTyped) return null;
  const type = spec.type(frame);
  if (type === 'System.String') return '';
  if (type === 'System.Boolean') return false;
  if (/^System\.(U?Int\d+|S?Byte|Double|Single|Decimal)$/.test(type)) return frame.context.convert(0, type);
  return null;
};
