import { defineType } from '../define.ts';
import { callMethod } from '../members/call-method.ts';
import { callStatic } from '../members/statics.ts';
import { frameOf } from '../registry-of.ts';
import { type MethodOf, psMethodType } from './ps-method.ts';

/** How a method of `.PSObject.Methods` is called: it stands apart since calls need the members of objects, and those this type. */
export const psMethodInvokeType = defineType<MethodOf>({
  name: psMethodType.name,
  methods: {
    Invoke: ({ target, name, isStatic }, args, context) =>
      isStatic ? callStatic(target, name, args, frameOf(context)) : callMethod(target, name, args, frameOf(context)),
  },
});
