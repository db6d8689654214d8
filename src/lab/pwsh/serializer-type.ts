import { randomBytes } from 'node:crypto';
import { parseClixml } from '../../remote/protocol/clixml/parse-clixml.ts';
import { writeClixmlDocument } from '../../remote/protocol/clixml/write-clixml.ts';
import { defineType } from '../evaluator/define.ts';
import { fromClixml } from '../evaluator/from-clixml.ts';
import { toClixml } from '../evaluator/to-clixml.ts';
import { secureString } from '../windows/types/secrets.ts';

/** PSSerializer. A SecureString is for this process alone, as with DPAPI; it does not come back. */
export const serializerType = defineType({
  name: 'System.Management.Automation.PSSerializer',
  statics: {
    methods: {
      Serialize: ([value, depth], context) =>
        writeClixmlDocument([toClixml(value, context, Number(depth ?? 1))], {
          encrypt: () => randomBytes(16).toString('hex'),
        }),
      Deserialize: ([text], context) =>
        fromClixml(parseClixml(context.text(text)), context, { secureString, arrays: 'arrayList' }),
    },
  },
});
