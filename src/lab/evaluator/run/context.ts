import { Failure } from '../../../kernel/failure.ts';
import { describePlace } from '../../../powershell/source.ts';
import { setVariable } from '../compile/compile-variable.ts';
import { convert } from '../conversion/convert.ts';
import { enumerate } from '../conversion/items.ts';
import { toText } from '../conversion/to-text.ts';
import { isTrue } from '../conversion/truth.ts';
import type { Frame } from '../frame.ts';
import type { CallContext, HostHooks, InvokeSettings, Task } from '../host.ts';
import { like } from '../matching/wildcard.ts';
import { absent, findMember } from '../members/get-member.ts';
import { compare, equals } from '../operators/compare.ts';
import { outsideDriveOf } from '../outside-drives.ts';
import { OfFrame } from '../registry-of.ts';
import type { Scope } from '../scope.ts';
import type { ScriptBlock } from '../script-block.ts';
import { resolveTypeText } from '../type-names.ts';
import type { Value } from '../value.ts';

const findDrive = (frame: Frame, path: string): ReturnType<CallContext['findDrive']> => {
  const outside = outsideDriveOf(path);
  if (outside !== undefined) return frame.context.unsupported(`paths of the drive ${outside}`);
  const qualified = /^(?:Microsoft\.PowerShell\.Core\\)?(\w+)::(.*)$/.exec(path);
  if (qualified) {
    for (const { provider, drive } of frame.session.registry.drives.values()) {
      if (provider.provider.toLowerCase() === (qualified[1] ?? '').toLowerCase())
        return { provider, drive, path: qualified[2] ?? '' };
    }
    return undefined;
  }
  const match = /^([^:\\/]+):(.*)$/.exec(path);
  const found = match && frame.session.registry.drives.get((match[1] ?? '').toLowerCase());
  return found ? { provider: found.provider, drive: found.drive, path: match[2] ?? '' } : undefined;
};

/** Whose variables a name with a scope (`global:x`) means, and the name alone. */
const splitName = (
  frame: Frame,
  name: string,
): { readonly from: Scope; readonly scope?: string; readonly plain: string } => {
  const [, written, plain = name] = /^(global|script):(.*)$/i.exec(name) ?? [];
  if (written === undefined) return { from: frame.scope, plain };
  const scope = written.toLowerCase();
  return { from: scope === 'global' ? frame.scope.global : frame.scope.script, scope, plain };
};

/** What methods, conversions and cmdlets of a frame get. */
export class FrameContext extends OfFrame implements CallContext {
  get hooks(): HostHooks {
    return this.frame.session.hooks;
  }

  get location(): string {
    return this.frame.session.location;
  }

  set location(path: string) {
    this.frame.session.location = path;
  }

  text(value: Value): string {
    return toText(value, this.frame.session);
  }

  convert(value: Value, type: string): Value {
    const { session } = this.frame;
    return convert(value, resolveTypeText(session.registry, type) ?? type, session);
  }

  property(value: Value, name: string): Value {
    const found = findMember(value, name, this.frame);
    return found === absent ? null : (found as Value);
  }

  isTrue(value: Value): boolean {
    return isTrue(value);
  }

  enumerate(value: Value): Value[] {
    return [...enumerate(value)];
  }

  equals(a: Value, b: Value, options: { caseSensitive?: boolean } = {}): boolean {
    return equals(a, b, this.frame.session, options);
  }

  compare(a: Value, b: Value, options: { caseSensitive?: boolean } = {}): number {
    return compare(a, b, this.frame.session, options);
  }

  like(text: string, pattern: string): boolean {
    return like(text, pattern);
  }

  getVariable(name: string): Value {
    const { from, plain } = splitName(this.frame, name);
    return from.find(plain.toLowerCase())?.value;
  }

  setVariable(name: string, value: Value): void {
    const { scope, plain } = splitName(this.frame, name);
    setVariable(this.frame, scope, plain, value);
  }

  invoke(script: ScriptBlock, args: readonly Value[] = [], options: InvokeSettings = {}): Task<Value[]> {
    return this.frame.session.calls.invoke(this.frame, script, args, options);
  }

  call(command: string, parameters: Readonly<Record<string, Value>> = {}, input?: readonly Value[]): Task<Value[]> {
    return this.frame.session.calls.call(this.frame, command, parameters, input);
  }

  findDrive(path: string): ReturnType<CallContext['findDrive']> {
    return findDrive(this.frame, path);
  }

  unsupported(construct: string): never {
    const { call } = this.frame;
    const place = describePlace(call.source, call.at?.start ?? 0);
    throw new Failure('lab-unsupported', `${place}: the lab does not run ${construct}.`, {
      facts: { construct, place },
    });
  }
}
